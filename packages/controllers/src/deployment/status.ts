import { omitEmpty } from "../objects/canonical.ts";
import { dropCondition, findCondition, putCondition } from "../objects/conditions.ts";
import { nameOf, timeMs, timestamp } from "../objects/meta.ts";
import type { Deployment, DeploymentCondition, DeploymentStatus } from "../objects/types.ts";
import { fenceposts, type ReplicaSets, replicasOf, sum } from "./replica-sets.ts";

/** progressDeadlineSeconds of those that want no deadline (HasProgressDeadline). */
const noDeadlineSeconds = 2 ** 31 - 1;

export function hasDeadline(deployment: Deployment): boolean {
  const seconds = deployment.spec?.progressDeadlineSeconds;
  return seconds !== undefined && seconds !== noDeadlineSeconds;
}

/** What a condition says, without its times. */
export interface Said {
  readonly type: "Available" | "Progressing" | "ReplicaFailure";
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
}

/** Sets a condition unless one with the same status and reason is there (SetDeploymentCondition). */
export function setCondition(
  conditions: readonly DeploymentCondition[] | undefined,
  said: Said,
  nowMs: number,
): DeploymentCondition[] {
  const before = findCondition(conditions, said.type);
  if (before?.status === said.status && before.reason === said.reason) return [...(conditions ?? [])];
  return renewCondition(conditions, said, nowMs);
}

/** Sets a condition, last in the list, with a new update time; the transition time moves only with the status. */
function renewCondition(
  conditions: readonly DeploymentCondition[] | undefined,
  said: Said,
  nowMs: number,
): DeploymentCondition[] {
  const before = findCondition(conditions, said.type);
  const now = timestamp(nowMs);
  const lastTransitionTime = before?.status === said.status ? (before.lastTransitionTime ?? now) : now;
  return [...dropCondition(conditions, said.type), { ...said, lastUpdateTime: now, lastTransitionTime }];
}

/** Counts and the condition Available (calculateStatus). */
export function countStatus(deployment: Deployment, { current, old }: ReplicaSets, nowMs: number): DeploymentStatus {
  const all = current === undefined ? old : [...old, current];
  const available = sum(all, ({ status }) => status?.availableReplicas ?? 0);
  const isAvailable = available >= replicasOf(deployment) - fenceposts(deployment).unavailable;
  const said: Said = isAvailable
    ? {
        type: "Available",
        status: "True",
        reason: "MinimumReplicasAvailable",
        message: "Deployment has minimum availability.",
      }
    : {
        type: "Available",
        status: "False",
        reason: "MinimumReplicasUnavailable",
        message: "Deployment does not have minimum availability.",
      };
  return {
    ...omitEmpty({
      observedGeneration: deployment.metadata?.generation ?? 0,
      replicas: sum(all, ({ status }) => status?.replicas ?? 0),
      updatedReplicas: current?.status?.replicas ?? 0,
      readyReplicas: sum(all, ({ status }) => status?.readyReplicas ?? 0),
      availableReplicas: available,
      unavailableReplicas: Math.max(0, sum(all, replicasOf) - available),
      collisionCount: deployment.status?.collisionCount ?? 0,
    }),
    terminatingReplicas: sum(all, ({ status }) => status?.terminatingReplicas ?? 0),
    conditions: setCondition(deployment.status?.conditions, said, nowMs),
  };
}

/** All pods are of the present template and available, none is left over (DeploymentComplete). */
export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const wanted = replicasOf(deployment);
  return (
    (status.updatedReplicas ?? 0) === wanted &&
    (status.replicas ?? 0) === wanted &&
    (status.availableReplicas ?? 0) === wanted &&
    (status.observedGeneration ?? 0) >= (deployment.metadata?.generation ?? 0)
  );
}

/** Something moved in the right direction since the stored status (DeploymentProgressing). */
function hasProgressed(before: DeploymentStatus, after: DeploymentStatus): boolean {
  const oldOf = (status: DeploymentStatus) => (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  return (
    (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    oldOf(after) < oldOf(before) ||
    (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

/** When the rollout counts as stuck; undefined when it does not apply (DeploymentTimedOut). */
export function deadlineMs(deployment: Deployment, status: DeploymentStatus): number | undefined {
  const progressing = findCondition(status.conditions, "Progressing");
  if (!hasDeadline(deployment) || progressing === undefined) return undefined;
  if (progressing.reason === "NewReplicaSetAvailable" || progressing.reason === "ProgressDeadlineExceeded")
    return undefined;
  const sinceMs = timeMs(progressing.lastUpdateTime);
  return sinceMs === undefined ? undefined : sinceMs + (deployment.spec?.progressDeadlineSeconds ?? 0) * 1000;
}

/** Counts and all conditions of a rollout under way or finished (pkg/controller/deployment/progress.go). */
export function rolloutStatus(deployment: Deployment, sets: ReplicaSets, nowMs: number): DeploymentStatus {
  const status = countStatus(deployment, sets, nowMs);
  const before = deployment.status ?? {};
  const progressing = findCondition(before.conditions, "Progressing");
  const isSettled =
    (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && progressing?.reason === "NewReplicaSetAvailable";
  let conditions = status.conditions ?? [];
  if (!hasDeadline(deployment)) conditions = dropCondition(conditions, "Progressing");
  else if (!isSettled) conditions = progressConditions(deployment, sets, { ...status, conditions }, nowMs);
  const failure = failureOf(sets);
  conditions = failure === undefined ? dropCondition(conditions, "ReplicaFailure") : putCondition(conditions, failure);
  return { ...status, conditions };
}

function progressConditions(
  deployment: Deployment,
  { current }: ReplicaSets,
  status: DeploymentStatus,
  nowMs: number,
): DeploymentCondition[] {
  const subject = current === undefined ? `Deployment "${nameOf(deployment)}"` : `ReplicaSet "${nameOf(current)}"`;
  const say = (value: Said["status"], reason: string, tail: string): Said => ({
    type: "Progressing",
    status: value,
    reason,
    message: `${subject} ${tail}`,
  });
  const conditions = status.conditions ?? [];
  if (isComplete(deployment, status)) {
    return setCondition(conditions, say("True", "NewReplicaSetAvailable", "has successfully progressed."), nowMs);
  }
  if (hasProgressed(deployment.status ?? {}, status)) {
    return renewCondition(conditions, say("True", "ReplicaSetUpdated", "is progressing."), nowMs);
  }
  const stuckMs = deadlineMs(deployment, status);
  if (stuckMs !== undefined && stuckMs < nowMs) {
    return setCondition(conditions, say("False", "ProgressDeadlineExceeded", "has timed out progressing."), nowMs);
  }
  return conditions;
}

function failureOf({ current, old }: ReplicaSets): DeploymentCondition | undefined {
  for (const replicaSet of [current, ...old]) {
    const failure = findCondition(replicaSet?.status?.conditions, "ReplicaFailure");
    if (failure === undefined) continue;
    return { ...failure, lastUpdateTime: failure.lastTransitionTime ?? null } as DeploymentCondition;
  }
  return undefined;
}

/** The condition that says whether the Deployment is paused, so that a pause is not taken for a lack of progress. */
export function pauseCondition(deployment: Deployment): Said | undefined {
  if (!hasDeadline(deployment)) return undefined;
  const reason = findCondition(deployment.status?.conditions, "Progressing")?.reason;
  if (reason === "ProgressDeadlineExceeded") return undefined;
  const isPaused = deployment.spec?.paused === true;
  if (isPaused === (reason === "DeploymentPaused")) return undefined;
  return isPaused
    ? { type: "Progressing", status: "Unknown", reason: "DeploymentPaused", message: "Deployment is paused" }
    : { type: "Progressing", status: "Unknown", reason: "DeploymentResumed", message: "Deployment is resumed" };
}
