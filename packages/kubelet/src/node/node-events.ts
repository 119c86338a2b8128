import type { EventRecorder } from "../events/event-recorder.ts";
import type { EventTarget } from "../events/event-target.ts";
import type { Condition } from "./conditions.ts";

/** A kubelet refers to its Node without the uid (kubelet-audit §1.4). */
function nodeTarget(node: string): EventTarget {
  return { kind: "Node", apiVersion: "v1", name: node };
}

/** The reason of the event that tells of a condition: [when True, when False] (pkg/kubelet/nodestatus/setters.go). */
const conditionReasons: Readonly<Record<string, readonly [whenTrue: string, whenFalse: string]>> = {
  MemoryPressure: ["NodeHasInsufficientMemory", "NodeHasSufficientMemory"],
  DiskPressure: ["NodeHasDiskPressure", "NodeHasNoDiskPressure"],
  PIDPressure: ["NodeHasInsufficientPID", "NodeHasSufficientPID"],
  Ready: ["NodeReady", "NodeNotReady"],
};

/** Undefined for conditions that a kubelet sends no event for. */
function conditionReason(condition: Condition): string | undefined {
  return conditionReasons[condition.type]?.[condition.status === "True" ? 0 : 1];
}

/** One event per condition, in their order: "Node N status is now: NodeHasSufficientMemory". */
export function recordConditions(events: EventRecorder, node: string, conditions: readonly Condition[]): void {
  for (const condition of conditions) {
    const reason = conditionReason(condition);
    if (reason !== undefined)
      events.record(nodeTarget(node), "Normal", reason, `Node ${node} status is now: ${reason}`);
  }
}

export function recordStarting(events: EventRecorder, node: string): void {
  events.record(nodeTarget(node), "Normal", "Starting", "Starting kubelet.");
}

/** Before the image file system was looked at for the first time. */
export function recordInvalidDiskCapacity(events: EventRecorder, node: string): void {
  events.record(nodeTarget(node), "Warning", "InvalidDiskCapacity", "invalid capacity 0 on image filesystem");
}

export function recordAllocatableEnforced(events: EventRecorder, node: string): void {
  const message = "Updated Node Allocatable limit across pods";
  events.record(nodeTarget(node), "Normal", "NodeAllocatableEnforced", message);
}
