import { findCondition, isTrue } from "../objects/conditions.ts";
import { hasFinalizer, isBeingDeleted, timeMs, timestamp } from "../objects/meta.ts";
import type { Job, JobCondition, Pod } from "../objects/types.ts";

/** Holds a pod until its end is counted. */
export const trackingFinalizer = "batch.kubernetes.io/job-tracking";
export const indexAnnotation = "batch.kubernetes.io/job-completion-index";

export function isTracked(pod: Pod): boolean {
  return hasFinalizer(pod, trackingFinalizer);
}

export function isSuspended(job: Job): boolean {
  return job.spec?.suspend === true;
}

export function isIndexed(job: Job): boolean {
  return job.spec?.completionMode === "Indexed";
}

/** Complete or Failed: nothing more is done for it. */
export function isFinished(job: Job): boolean {
  return isTrue(job.status?.conditions, "Complete") || isTrue(job.status?.conditions, "Failed");
}

/** A pod being deleted counts as failed, since it may never reach a phase, unless only failed pods are replaced. */
export function hasFailed(job: Job, pod: Pod): boolean {
  if (pod.status?.phase === "Failed") return true;
  const waitsForEnd = job.spec?.podReplacementPolicy === "Failed" || job.spec?.podFailurePolicy !== undefined;
  return !waitsForEnd && isBeingDeleted(pod) && pod.status?.phase !== "Succeeded";
}

/** A condition as it begins. */
export function newCondition(type: string, reason: string, message: string, nowMs: number): JobCondition {
  const now = timestamp(nowMs);
  return { type, status: "True", lastProbeTime: now, lastTransitionTime: now, reason, message };
}

/** The completion index that a pod of an Indexed Job bears. */
export function indexOf(pod: Pod): number | undefined {
  const text = pod.metadata?.annotations?.[indexAnnotation];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** When a pod ended, by its containers, else its Ready condition, else its deletion (backoff_utils.go getFinishedTime). */
export function finishedMs(pod: Pod): number {
  const ends = (pod.status?.containerStatuses ?? []).map(({ state }) => timeMs(state?.terminated?.finishedAt));
  if (ends.length > 0 && ends.every((end) => end !== undefined)) return Math.max(...(ends as number[]));
  const ready = findCondition(pod.status?.conditions, "Ready");
  const notReadyMs = ready?.status === "False" ? timeMs(ready.lastTransitionTime) : undefined;
  const deletedMs = timeMs(pod.metadata?.deletionTimestamp);
  const graceMs = (pod.metadata?.deletionGracePeriodSeconds ?? 0) * 1000;
  return (
    notReadyMs ??
    (deletedMs === undefined ? undefined : deletedMs - graceMs) ??
    timeMs(pod.metadata?.creationTimestamp) ??
    0
  );
}

/** Sums of restarts, for pods whose containers are restarted in place (pastBackoffLimitOnFailure). */
export function exceedsRestarts(job: Job, pods: readonly Pod[]): boolean {
  if (job.spec?.template?.spec?.restartPolicy !== "OnFailure") return false;
  const limit = job.spec.backoffLimit ?? 6;
  const restarts = pods
    .filter(({ status }) => status?.phase === "Running" || status?.phase === "Pending")
    .flatMap(({ status }) => [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])])
    .reduce((total, { restartCount }) => total + (restartCount ?? 0), 0);
  return limit === 0 ? restarts > 0 : restarts >= limit;
}
