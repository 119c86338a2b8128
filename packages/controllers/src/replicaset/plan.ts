import { omitEmpty } from "../objects/canonical.ts";
import { dropCondition, findCondition, putCondition } from "../objects/conditions.ts";
import { isBeingDeleted, timestamp } from "../objects/meta.ts";
import { availableAtMs, isActive, isReady, isTerminating } from "../objects/pod.ts";
import { matchesLabels } from "../objects/selectors.ts";
import type { Pod, ReplicaSet, ReplicaSetStatus } from "../objects/types.ts";
import { byDeletionRank } from "./deletion-rank.ts";

/** What is known about one ReplicaSet. */
export interface ReplicaSetState {
  readonly replicaSet: ReplicaSet;
  /** Those it manages, ended and terminating ones included. */
  readonly pods: readonly Pod[];
  /** Active pods of the same application on a node: of all ReplicaSets of the same owner. */
  readonly neighbours: (node: string) => number;
  /** How many pods may be created or deleted at once. */
  readonly most: number;
}

export interface ReplicaSetPlan {
  /** How many pods to create. */
  readonly create: number;
  readonly deletes: readonly Pod[];
}

/** Which pods are too few or too many (manageReplicas, pkg/controller/replicaset/replica_set.go). */
export function planReplicaSet({ replicaSet, pods, neighbours, most }: ReplicaSetState, nowMs: number): ReplicaSetPlan {
  if (isBeingDeleted(replicaSet)) return { create: 0, deletes: [] };
  const activePods = pods.filter(isActive);
  const missing = (replicaSet.spec?.replicas ?? 1) - activePods.length;
  if (missing >= 0) return { create: Math.min(missing, most), deletes: [] };
  return { create: 0, deletes: byDeletionRank(activePods, neighbours, nowMs).slice(0, Math.min(-missing, most)) };
}

/** Why pods could not be created or deleted. */
export interface ReplicaFailure {
  readonly reason: "FailedCreate" | "FailedDelete";
  readonly message: string;
}

/**
 * The status for the pods as they are (replica_set_utils.go calculateStatus).
 * @param failure of the last try; "unknown" before the next one, so that what is said of the last one stays
 */
export function replicaSetStatus(
  replicaSet: ReplicaSet,
  pods: readonly Pod[],
  failure: ReplicaFailure | "unknown" | undefined,
  nowMs: number,
): ReplicaSetStatus {
  const { replicas, terminatingReplicas, ...counts } = countPods(replicaSet, pods, nowMs);
  const conditions = failureConditions(replicaSet, failure, nowMs);
  return {
    replicas,
    ...omitEmpty(counts),
    terminatingReplicas,
    observedGeneration: replicaSet.metadata?.generation ?? 0,
    ...(conditions.length > 0 && { conditions }),
  };
}

/** In one pass, since there may be thousands and this is done after every change of one. */
function countPods(replicaSet: ReplicaSet, pods: readonly Pod[], nowMs: number) {
  const minReadySeconds = replicaSet.spec?.minReadySeconds ?? 0;
  const labels = replicaSet.spec?.template?.metadata?.labels;
  const counts = {
    replicas: 0,
    fullyLabeledReplicas: 0,
    readyReplicas: 0,
    availableReplicas: 0,
    terminatingReplicas: 0,
  };
  for (const pod of pods) {
    if (isTerminating(pod)) counts.terminatingReplicas += 1;
    if (!isActive(pod)) continue;
    counts.replicas += 1;
    if (matchesLabels(labels, pod.metadata.labels)) counts.fullyLabeledReplicas += 1;
    if (!isReady(pod)) continue;
    counts.readyReplicas += 1;
    const atMs = availableAtMs(pod, minReadySeconds);
    if (atMs !== undefined && atMs <= nowMs) counts.availableReplicas += 1;
  }
  return counts;
}

function failureConditions(
  replicaSet: ReplicaSet,
  failure: ReplicaFailure | "unknown" | undefined,
  nowMs: number,
): NonNullable<ReplicaSetStatus["conditions"]> {
  const before = replicaSet.status?.conditions;
  if (failure === undefined) return dropCondition(before, "ReplicaFailure");
  if (failure === "unknown" || findCondition(before, "ReplicaFailure") !== undefined) return [...(before ?? [])];
  const { reason, message } = failure;
  const lastTransitionTime = timestamp(nowMs);
  return putCondition(before, { type: "ReplicaFailure", status: "True", lastTransitionTime, reason, message });
}

/** Milliseconds until the next of the Ready pods becomes available by minReadySeconds alone. */
export function nextAvailableMs(replicaSet: ReplicaSet, pods: readonly Pod[], nowMs: number): number | undefined {
  const minReadySeconds = replicaSet.spec?.minReadySeconds ?? 0;
  if (minReadySeconds === 0) return undefined;
  const waits = pods
    .filter(isActive)
    .map((pod) => (availableAtMs(pod, minReadySeconds) ?? nowMs) - nowMs)
    .filter((waitMs) => waitMs > 0);
  return waits.length === 0 ? undefined : Math.min(...waits);
}
