import { omitEmpty } from "../objects/canonical.ts";
import { putCondition } from "../objects/conditions.ts";
import { isBeingDeleted, uidOf } from "../objects/meta.ts";
import type { Job, JobCondition, JobStatus, Pod } from "../objects/types.ts";
import { formatIndexes, parseIndexes } from "./completion-indexes.ts";
import { hasFailed, indexOf, isIndexed, isTracked, newCondition } from "./job-facts.ts";
import type { JobPlan } from "./plan.ts";

/** At most so many uids wait in the status to be counted (MaxUncountedPods). */
const mostUncounted = 500;

/**
 * The counting of ended pods, so that none is lost or counted twice whatever write fails: their uids go into the status
 * first, then their finalizers go, then the counts rise (trackJobStatusAndRemoveFinalizers).
 */
export interface Tally {
  /** To be written before the finalizers go. */
  readonly status: JobStatus;
  /** Whose tracking ends once that is written. */
  readonly release: readonly Pod[];
  /** To be written after. */
  readonly counted: JobStatus;
  /** Complete or Failed, in `counted`. */
  readonly finished: JobCondition | undefined;
}

interface Uncounted {
  readonly succeeded: readonly string[];
  readonly failed: readonly string[];
}

/** @param pods of the Job as they were before the pass; those deleted in it without counting left out */
export function tally(job: Job, pods: readonly Pod[], plan: JobPlan, nowMs: number): Tally {
  const tracked = pods.filter(isTracked);
  const before = job.status ?? {};
  const start = settle(before, new Set(tracked.map(uidOf)));
  const { uncounted, release, indexes } = collect(job, tracked, plan, start.uncounted);

  const base: JobStatus = {
    ...omitEmpty({ active: plan.active }),
    ...(plan.startTime !== undefined && { startTime: plan.startTime }),
    ready: plan.ready,
    terminating: plan.terminating,
    ...(plan.conditions.length > 0 && { conditions: [...plan.conditions] }),
    ...(before.completionTime !== undefined && { completionTime: before.completionTime }),
  };
  const counts = isIndexed(job)
    ? { completedIndexes: formatIndexes(indexes), succeeded: indexes.size, failed: start.failed }
    : { succeeded: start.succeeded, failed: start.failed };
  const status = withCounts(base, counts, uncounted);

  const released = new Set(release.map(uidOf));
  const left = new Set(tracked.map(uidOf).filter((uid) => !released.has(uid)));
  const end = settle(status, left);
  const total = { ...counts, failed: end.failed, ...(!isIndexed(job) && { succeeded: end.succeeded }) };
  const after = withCounts(base, total, end.uncounted);
  const isAllCounted = end.uncounted.succeeded.length + end.uncounted.failed.length === 0;
  const isOver = plan.ending !== undefined && isAllCounted && plan.terminating === 0 && left.size === 0;
  const finished = isOver ? finalCondition(plan.ending, nowMs) : undefined;
  return { status, release, counted: finished === undefined ? after : finish(after, finished), finished };
}

/** Counts those that wait and bear no finalizer any more (cleanUncountedPodsWithoutFinalizers). */
function settle(
  status: JobStatus,
  tracked: ReadonlySet<string>,
): { uncounted: Uncounted; succeeded: number; failed: number } {
  const waiting = status.uncountedTerminatedPods ?? {};
  const succeeded = (waiting.succeeded ?? []).filter((uid) => tracked.has(uid));
  const failed = (waiting.failed ?? []).filter((uid) => tracked.has(uid));
  return {
    uncounted: { succeeded, failed },
    succeeded: (status.succeeded ?? 0) + (waiting.succeeded ?? []).length - succeeded.length,
    failed: (status.failed ?? 0) + (waiting.failed ?? []).length - failed.length,
  };
}

/** Which pods are to be counted, and as what; once the Job has ended by failure, all of them as failed. */
function collect(
  job: Job,
  tracked: readonly Pod[],
  plan: JobPlan,
  waiting: Uncounted,
): { uncounted: Uncounted; release: readonly Pod[]; indexes: ReadonlySet<number> } {
  const succeeded = [...waiting.succeeded];
  const failed = [...waiting.failed];
  const indexes = parseIndexes(job.status?.completedIndexes, job.spec?.completions ?? 0);
  const release: Pod[] = [];
  const isFailure = plan.ending?.type === "FailureTarget";
  for (const pod of tracked) {
    const isSuccess = pod.status?.phase === "Succeeded";
    const isFailed = hasFailed(job, pod);
    if (!isSuccess && !isFailed && plan.ending === undefined && !isBeingDeleted(job)) continue;
    if (succeeded.length + failed.length >= mostUncounted) break;
    release.push(pod);
    const uid = uidOf(pod);
    if (isSuccess && !failed.includes(uid)) {
      if (isIndexed(job)) addIndex(indexes, indexOf(pod), job);
      else if (!succeeded.includes(uid)) succeeded.push(uid);
    } else if ((isFailed || isFailure) && !failed.includes(uid)) {
      failed.push(uid);
    }
  }
  return { uncounted: { succeeded, failed }, release, indexes };
}

function addIndex(indexes: Set<number>, index: number | undefined, job: Job): void {
  if (index !== undefined && index < (job.spec?.completions ?? 0)) indexes.add(index);
}

function withCounts(
  base: JobStatus,
  counts: { readonly succeeded: number; readonly failed: number; readonly completedIndexes?: string },
  { succeeded, failed }: Uncounted,
): JobStatus {
  return {
    ...base,
    ...omitEmpty(counts),
    uncountedTerminatedPods: omitEmpty({ succeeded: [...succeeded], failed: [...failed] }),
  };
}

/** FailureTarget becomes Failed, SuccessCriteriaMet becomes Complete, with the same reason. */
function finalCondition(ending: JobCondition | undefined, nowMs: number): JobCondition {
  const type = ending?.type === "FailureTarget" ? "Failed" : "Complete";
  return newCondition(type, ending?.reason ?? "", ending?.message ?? "", nowMs);
}

function finish(status: JobStatus, finished: JobCondition): JobStatus {
  const conditions = putCondition(status.conditions, finished);
  const { lastTransitionTime } = finished;
  if (finished.type !== "Complete" || !lastTransitionTime) return { ...status, conditions };
  return { ...status, conditions, completionTime: lastTransitionTime };
}
