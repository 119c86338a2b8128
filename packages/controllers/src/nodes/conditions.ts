import { findCondition, putCondition } from "../objects/conditions.ts";
import { timestamp } from "../objects/meta.ts";
import { isSameTaint, notReadyTaint, unreachableTaint, unschedulableTaint } from "../objects/taints.ts";
import type { Node, NodeCondition, Taint } from "../objects/types.ts";

export type Readiness = "True" | "False" | "Unknown" | undefined;

/** The status of the condition Ready; undefined when the node never had it. */
export function readiness(node: Node): Readiness {
  return findCondition(node.status?.conditions, "Ready")?.status as Readiness;
}

/** Conditions that a kubelet posts; NetworkUnavailable is another component's. */
const kubeletConditions = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"] as const;

/** The node as it looks when its kubelet says nothing any more (node_lifecycle_controller.go tryUpdateNodeHealth). */
export function withUnknownConditions(node: Node, nowMs: number): Node {
  let conditions = node.status?.conditions ?? [];
  for (const type of kubeletConditions) {
    const before = findCondition(conditions, type);
    if (before?.status === "Unknown") continue;
    conditions = putCondition(
      conditions,
      before === undefined ? neverPosted(node, type, nowMs) : silenced(before, nowMs),
    );
  }
  return { ...node, status: { ...node.status, conditions } };
}

function neverPosted(node: Node, type: string, nowMs: number): NodeCondition {
  return {
    type,
    status: "Unknown",
    reason: "NodeStatusNeverUpdated",
    message: "Kubelet never posted node status.",
    lastHeartbeatTime: node.metadata?.creationTimestamp ?? null,
    lastTransitionTime: timestamp(nowMs),
  };
}

function silenced(before: NodeCondition, nowMs: number): NodeCondition {
  return {
    ...before,
    status: "Unknown",
    reason: "NodeStatusUnknown",
    message: "Kubelet stopped posting node status.",
    lastTransitionTime: timestamp(nowMs),
  };
}

/** Which condition in which state stands for which taint (nodeConditionToTaintKeyStatusMap). */
const conditionTaints: readonly { readonly type: string; readonly status: string; readonly key: string }[] = [
  { type: "Ready", status: "False", key: notReadyTaint },
  { type: "Ready", status: "Unknown", key: unreachableTaint },
  { type: "MemoryPressure", status: "True", key: "node.kubernetes.io/memory-pressure" },
  { type: "DiskPressure", status: "True", key: "node.kubernetes.io/disk-pressure" },
  { type: "PIDPressure", status: "True", key: "node.kubernetes.io/pid-pressure" },
  { type: "NetworkUnavailable", status: "True", key: "node.kubernetes.io/network-unavailable" },
];

const managedKeys: ReadonlySet<string | undefined> = new Set([
  unschedulableTaint,
  ...conditionTaints.map(({ key }) => key),
]);

/** Which NoSchedule taints a node lacks and which it should no longer have (doNoScheduleTaintingPass). */
export function noScheduleChanges(node: Node): { readonly add: readonly Taint[]; readonly remove: readonly Taint[] } {
  const wanted: Taint[] = conditionTaints
    .filter(({ type, status }) => findCondition(node.status?.conditions, type)?.status === status)
    .map(({ key }) => ({ key, effect: "NoSchedule" }));
  if (node.spec?.unschedulable === true) wanted.push({ key: unschedulableTaint, effect: "NoSchedule" });
  const present = (node.spec?.taints ?? []).filter(
    ({ key, effect }) => effect === "NoSchedule" && managedKeys.has(key),
  );
  return {
    add: wanted.filter((taint) => !present.some((other) => isSameTaint(other, taint))),
    remove: present.filter((taint) => !wanted.some((other) => isSameTaint(other, taint))),
  };
}
