import { resources } from "@hollowfleet/client";
import { delay } from "@hollowfleet/core";
import { newCsiNode } from "./csi-node-object.ts";
import { attempt, type NodeContext } from "./node-context.ts";
import { csiPollMs, csiRetryMs } from "./registration-plan.ts";

/**
 * Creates the node's CSINode, as pkg/volume/csi does: a first look that also waits for the API server, then tries that
 * fail until the Node exists. Resolves when it exists, or when the signal aborts.
 * @param onFirstLook whether it was there already, which it is after a restart
 */
export async function ensureCsiNode(
  context: NodeContext,
  signal: AbortSignal,
  onFirstLook: (found: boolean) => void,
): Promise<void> {
  const found = await firstLook(context, signal);
  if (signal.aborted) return;
  onFirstLook(found);
  for (let tries = 1; !(await tryOnce(context)); tries++) {
    await delay(context.clock, csiRetryMs(tries), signal);
    if (signal.aborted) return;
  }
}

async function firstLook(context: NodeContext, signal: AbortSignal): Promise<boolean> {
  const { api, spec, clock, observer } = context;
  while (!signal.aborted) {
    const { error } = await attempt(api.get(resources.csinodes, { name: spec.name }, { resourceVersion: "0" }));
    if (error === undefined || error.code === "not-found") return error === undefined;
    observer.onError(spec.name, "csi-node", error);
    await delay(clock, csiPollMs, signal);
  }
  return false;
}

/** GET node, GET csinode, POST csinode; false when the Node is not there yet or a call failed. */
async function tryOnce({ api, spec, observer }: NodeContext): Promise<boolean> {
  const { name } = spec;
  const node = await attempt(api.get(resources.nodes, { name }));
  if (node.error !== undefined) {
    if (node.error.code !== "not-found") observer.onError(name, "csi-node", node.error);
    return false;
  }
  const existing = await attempt(api.get(resources.csinodes, { name }));
  if (existing.error === undefined) return true;
  const uid = node.value.object.metadata?.uid ?? "";
  const created =
    existing.error.code === "not-found"
      ? await attempt(api.create(resources.csinodes, newCsiNode({ name, uid })))
      : existing;
  if (created.error !== undefined) observer.onError(name, "csi-node", created.error);
  return created.error === undefined;
}
