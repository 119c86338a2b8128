import { findCondition, isTrue, putCondition } from "./conditions.ts";
import { isBeingDeleted, timeMs, timestamp } from "./meta.ts";
import type { OwnerReference, Pod, PodCondition, PodTemplateSpec } from "./types.ts";

/** Succeeded or Failed: it runs no more and takes no room. */
export function isTerminal(pod: Pod): boolean {
  return pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
}

/** It runs or will run, and nobody deletes it (IsPodActive, pkg/controller/controller_utils.go). */
export function isActive(pod: Pod): boolean {
  return !isTerminal(pod) && !isBeingDeleted(pod);
}

/** It is being deleted and has not ended yet (IsPodTerminating, same file). */
export function isTerminating(pod: Pod): boolean {
  return !isTerminal(pod) && isBeingDeleted(pod);
}

export function isReady(pod: Pod): boolean {
  return isTrue(pod.status?.conditions, "Ready");
}

/** Since when the pod is Ready; undefined when it is not. */
export function readySinceMs(pod: Pod): number | undefined {
  const ready = findCondition(pod.status?.conditions, "Ready");
  return ready?.status === "True" ? timeMs(ready.lastTransitionTime) : undefined;
}

/** When a pod becomes available, being Ready for `minReadySeconds`; undefined when it is not Ready. */
export function availableAtMs(pod: Pod, minReadySeconds: number): number | undefined {
  if (!isReady(pod)) return undefined;
  if (minReadySeconds === 0) return 0;
  const sinceMs = readySinceMs(pod);
  return sinceMs === undefined ? undefined : sinceMs + minReadySeconds * 1000;
}

/**
 * The pod with a condition, or undefined when it has the same already (UpdatePodCondition, pkg/api/v1/pod/util.go). The
 * transition time moves only with the status.
 */
export function withPodCondition(pod: Pod, change: PodCondition, nowMs: number): Pod | undefined {
  const before = findCondition(pod.status?.conditions, change.type ?? "");
  const isSame =
    before?.status === change.status && before?.reason === change.reason && before?.message === change.message;
  if (isSame) return undefined;
  const condition: PodCondition = {
    lastProbeTime: null,
    ...change,
    ...(pod.metadata?.generation !== undefined && { observedGeneration: pod.metadata.generation }),
    lastTransitionTime:
      before?.status === change.status && before?.lastTransitionTime ? before.lastTransitionTime : timestamp(nowMs),
  };
  return { ...pod, status: { ...pod.status, conditions: putCondition(pod.status?.conditions, condition) } };
}

/** A pod to be created from a template (GetPodFromTemplate, pkg/controller/controller_utils.go). */
export function podFromTemplate(options: {
  readonly template: PodTemplateSpec;
  readonly namespace: string;
  /** With its dash. */
  readonly generateName: string;
  readonly owner: OwnerReference;
  readonly finalizers?: readonly string[];
}): Pod {
  const { template, owner } = options;
  const finalizers = [...(template.metadata?.finalizers ?? []), ...(options.finalizers ?? [])];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      generateName: options.generateName,
      namespace: options.namespace,
      ...(template.metadata?.labels !== undefined && { labels: template.metadata.labels }),
      ...(template.metadata?.annotations !== undefined && { annotations: template.metadata.annotations }),
      ...(finalizers.length > 0 && { finalizers }),
      ownerReferences: [owner],
    },
    ...(template.spec !== undefined && { spec: template.spec }),
  };
}
