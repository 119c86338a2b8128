import { type ControllerContext, ownLoop } from "../context.ts";
import { isTrue } from "../objects/conditions.ts";
import { isBeingDeleted, keyOf, nameOf, namespaceOf, uidOf } from "../objects/meta.ts";
import { isTerminal, withPodCondition } from "../objects/pod.ts";
import type { Node, Pod } from "../objects/types.ts";
import type { Loop } from "../runtime/loop.ts";

const outOfServiceTaint = "node.kubernetes.io/out-of-service";

/** Why a pod is deleted by force. */
export type Orphanage = "node gone" | "out of service" | "never scheduled";

/**
 * Which pods nobody will end: their node is gone for good, or declared out of service, or they never had one
 * (pkg/controller/podgc/gc_controller.go).
 * @param goneSinceMs when the loss of a node was first seen
 */
export function planPodGc(
  pods: Iterable<Pod>,
  nodeNamed: (name: string) => Node | undefined,
  goneSinceMs: Map<string, number>,
  quarantineMs: number,
  nowMs: number,
): { readonly pod: Pod; readonly because: Orphanage }[] {
  const found: { readonly pod: Pod; readonly because: Orphanage }[] = [];
  const missed = new Set<string>();
  for (const pod of pods) {
    const name = pod.spec?.nodeName;
    const node = name ? nodeNamed(name) : undefined;
    if (!name) {
      if (isBeingDeleted(pod)) found.push({ pod, because: "never scheduled" });
    } else if (node === undefined) {
      missed.add(name);
      const sinceMs = goneSinceMs.get(name) ?? nowMs;
      goneSinceMs.set(name, sinceMs);
      if (nowMs - sinceMs >= quarantineMs) found.push({ pod, because: "node gone" });
    } else if (isBeingDeleted(pod) && isOutOfService(node)) {
      found.push({ pod, because: "out of service" });
    }
  }
  for (const name of goneSinceMs.keys()) if (!missed.has(name)) goneSinceMs.delete(name);
  return found;
}

function isOutOfService(node: Node): boolean {
  const isTainted = (node.spec?.taints ?? []).some(({ key }) => key === outOfServiceTaint);
  return isTainted && !isTrue(node.status?.conditions, "Ready");
}

const pass = "#pass";

/** Deletes, without grace, pods that no kubelet will end. */
export class PodGcController {
  readonly loop: Loop;
  readonly #context: ControllerContext;
  readonly #goneSinceMs = new Map<string, number>();
  readonly #doomed = new Map<string, Orphanage>();

  constructor(context: ControllerContext) {
    this.#context = context;
    this.loop = ownLoop(context, "pod garbage collector", (key) => this.#sync(key));
    this.loop.enqueueAfter(pass, context.settings.podGcPeriodMs);
  }

  #sync(key: string): number | undefined {
    const { informers, settings, clock } = this.#context;
    if (key !== pass) return this.#end(key);
    const nodeNamed = (name: string) => informers.nodes.get("", name);
    const { podGcQuarantineMs } = settings;
    const candidates = this.#candidates();
    for (const { pod, because } of planPodGc(
      candidates,
      nodeNamed,
      this.#goneSinceMs,
      podGcQuarantineMs,
      clock.nowMs(),
    )) {
      this.#doomed.set(keyOf(pod), because);
      this.loop.enqueue(keyOf(pod));
    }
    return settings.podGcPeriodMs;
  }

  /** Node by node, since nearly all pods are on nodes that are there. */
  #candidates(): readonly Pod[] {
    const { nodes, podsByNode } = this.#context.informers;
    const names = [...podsByNode.values()].filter((name) => {
      const node = nodes.get("", name);
      return node === undefined || isOutOfService(node);
    });
    return names.flatMap((name) => podsByNode.get(name));
  }

  #end(key: string): undefined {
    const { informers, store, clock } = this.#context;
    const pod = informers.pods.byKey(key);
    const because = this.#doomed.get(key);
    this.#doomed.delete(key);
    if (pod === undefined || because === undefined) return undefined;
    if (!isTerminal(pod)) store.updateStatus("pods", failed(pod, because, clock.nowMs()));
    store.delete("pods", namespaceOf(pod), nameOf(pod), { uid: uidOf(pod), gracePeriodSeconds: 0 });
    return undefined;
  }
}

function failed(pod: Pod, because: Orphanage, nowMs: number): Pod {
  const condition = {
    type: "DisruptionTarget",
    status: "True",
    reason: "DeletionByPodGC",
    message: "PodGC: node no longer exists",
  };
  const told = because === "node gone" ? (withPodCondition(pod, condition, nowMs) ?? pod) : pod;
  return { ...told, status: { ...told.status, phase: "Failed" } };
}
