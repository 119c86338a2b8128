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
  const minReadySeconds = replicaSet.spec?.minReadySeconds ?? 0;
  const labels = replicaSet.spec?.template?.metadata?.labels;
  const activePods = pods.filter(isActive);
  const isAvailable = (pod: Pod) => (availableAtMs(pod, minReadySeconds) ?? Number.POSITIVE_INFINITY) <= nowMs;
  const count = (test: (pod: Pod) => boolean) => activePods.filter(test).length;
  const counts = {
    fullyLabeledReplicas: count((pod) => matchesLabels(labels, pod.metadata?.labels)),
    readyReplicas: count(isReady),
    availableReplicas: count(isAvailable),
  };
  const conditions = failureConditions(replicaSet, failure, nowMs);
  return {
    replicas: activePods.length,
    ...Object.fromEntries(Object.entries(counts).filter(([, value]) => value > 0)),
    terminatingReplicas: pods.filter(isTerminating).length,
    observedGeneration: replicaSet.metadata?.generation ?? 0,
    ...(conditions.length > 0 && { conditions }),
  };
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
