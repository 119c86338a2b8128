import { type Received, resources } from "@hollowfleet/client";
import { delay } from "@hollowfleet/core";
import type { Node } from "@hollowfleet/wire";
import { registeringConditions } from "./conditions.ts";
import { ensureCsiNode } from "./csi-node.ts";
import { metadataPatch, statusMembers } from "./existing-node.ts";
import { attempt, type NodeContext } from "./node-context.ts";
import {
  recordAllocatableEnforced,
  recordConditions,
  recordInvalidDiskCapacity,
  recordStarting,
} from "./node-events.ts";
import { machineIds, nodeObject } from "./node-object.ts";
import type { NodeStatus } from "./node-status.ts";
import { afterPost, postRetryMs, startOffsetsMs } from "./registration-plan.ts";

/** The three that a kubelet tells of before it is registered; Ready comes later. */
const pressureConditions = registeringConditions.slice(0, -1);

/**
 * Everything that a kubelet does once after it starts, beside its watches and its lease (kubelet-audit §1.1): the strands
 * run beside each other, as a kubelet's goroutines do. Resolves when all are done or the signal aborts.
 */
export async function register(
  context: NodeContext,
  status: NodeStatus,
  signal: AbortSignal,
  onRegistered: () => void,
): Promise<void> {
  const looked = csiStrand(context, status, signal);
  await Promise.all([
    startingStrand(context, signal),
    looked.done,
    resourceSliceStrand(context, signal, looked.found),
    nodeStrand(context, status, signal, onRegistered),
  ]);
}

/** @returns `found`: whether the CSINode was there at the first look; `done`: it is there now */
function csiStrand(
  context: NodeContext,
  status: NodeStatus,
  signal: AbortSignal,
): { found: Promise<boolean>; done: Promise<void> } {
  if (!context.profile.csiNode) return { found: Promise.resolve(false), done: Promise.resolve() };
  let tell = (_found: boolean): void => undefined;
  const found = new Promise<boolean>((resolve) => {
    tell = resolve;
  });
  const ensured = ensureCsiNode(context, signal, (there) => {
    if (!there) recordColdStart(context);
    tell(there);
  });
  const done = ensured.then(() => {
    // An aborted wait must not hang whoever asked.
    tell(false);
    if (!signal.aborted) status.setReady();
  });
  return { found, done };
}

/** A kubelet computes its conditions twice before it sends the POST, and tells of them each time. */
function recordColdStart({ events, spec }: NodeContext): void {
  recordInvalidDiskCapacity(events, spec.name);
  recordConditions(events, spec.name, pressureConditions);
  recordConditions(events, spec.name, pressureConditions);
  recordAllocatableEnforced(events, spec.name);
}

async function startingStrand({ clock, events, spec }: NodeContext, signal: AbortSignal): Promise<void> {
  await delay(clock, startOffsetsMs.starting, signal);
  if (!signal.aborted) recordStarting(events, spec.name);
}

/** Removes what a DRA driver of an earlier life may have left; after a restart a GET of the Node goes before it (kubelet-audit §7). */
async function resourceSliceStrand(
  context: NodeContext,
  signal: AbortSignal,
  restarted: Promise<boolean>,
): Promise<void> {
  const { profile, api, spec, clock, observer } = context;
  if (!profile.resourceSliceWipe) return;
  await delay(clock, startOffsetsMs.resourceSlices, signal);
  if ((await restarted) && !signal.aborted) await attempt(api.get(resources.nodes, { name: spec.name }));
  if (signal.aborted) return;
  const { error } = await attempt(
    api.deleteCollection(resources.resourceslices, { fieldSelector: `spec.nodeName=${spec.name}` }),
  );
  if (error !== undefined) observer.onError(spec.name, "resource-slices", error);
}

async function nodeStrand(
  context: NodeContext,
  status: NodeStatus,
  signal: AbortSignal,
  onRegistered: () => void,
): Promise<void> {
  const { clock, events, spec } = context;
  await delay(clock, startOffsetsMs.firstPost, signal);
  for (let tries = 1; !signal.aborted; tries++) {
    const found = await tryRegister(context, status);
    if (signal.aborted) return;
    if (found !== undefined) {
      if (!found.created) recordAllocatableEnforced(events, spec.name);
      recordConditions(events, spec.name, pressureConditions);
      onRegistered();
      status.start(found.node, found.created ? {} : statusMembers(found.node.object, found.desired));
      return;
    }
    await delay(clock, postRetryMs(tries), signal);
  }
}

interface Registered {
  readonly node: Received<Node>;
  readonly created: boolean;
  readonly desired: Node;
}

/** One POST, and where that says so a look at what is there; undefined: try again later. */
async function tryRegister(context: NodeContext, status: NodeStatus): Promise<Registered | undefined> {
  const { api, spec, profile, random, observer } = context;
  const desired = nodeObject(spec, profile, machineIds(random), status.initialConditions());
  const posted = await attempt(api.create(resources.nodes, desired));
  if (posted.error === undefined) return { node: posted.value, created: true, desired };
  if (posted.error.code !== "already-exists") observer.onError(spec.name, "register", posted.error);
  if (afterPost(posted.error.code) === "retry") return undefined;
  const looked = await attempt(api.get(resources.nodes, { name: spec.name }));
  if (looked.error !== undefined) {
    observer.onError(spec.name, "register", looked.error);
    return undefined;
  }
  const patch = metadataPatch(looked.value.object, desired);
  if (patch === undefined) return { node: looked.value, created: false, desired };
  const mended = await attempt(
    api.patch(resources.nodes, { name: spec.name }, "strategic", patch, { subresource: "status" }),
  );
  if (mended.error !== undefined) observer.onError(spec.name, "register", mended.error);
  return { node: mended.value ?? looked.value, created: false, desired };
}
