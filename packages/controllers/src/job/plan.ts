import { findCondition, isTrue, putCondition } from "../objects/conditions.ts";
import { isBeingDeleted, timeMs, timestamp, uidOf } from "../objects/meta.ts";
import { isActive, isReady, isTerminating } from "../objects/pod.ts";
import type { Job, JobCondition, Pod } from "../objects/types.ts";
import { type JobBackoff, nextBackoff } from "./backoff.ts";
import { parseIndexes } from "./completion-indexes.ts";
import {
  exceedsRestarts,
  hasFailed,
  indexOf,
  isFinished,
  isIndexed,
  isSuspended,
  isTracked,
  newCondition,
} from "./job-facts.ts";
import { type Manage, manage } from "./manage.ts";

/** What is known about one Job that has not finished. */
export interface JobState {
  readonly job: Job;
  /** Those it manages. */
  readonly pods: readonly Pod[];
  readonly backoff: JobBackoff;
  /** How many pods may be created or deleted at once. */
  readonly most: number;
}

/** What happens to pods in one pass, and what the status is about to say; the counting of ended pods is `tally`. */
export interface JobPlan {
  readonly creates: Manage["creates"];
  /** Deleted without counting: their tracking finalizer goes first. */
  readonly deletes: readonly Pod[];
  /** Deleted since the Job has ended; they count as failed unless it succeeded. */
  readonly kills: readonly Pod[];
  /** FailureTarget or SuccessCriteriaMet, when the Job is about to finish and only its pods' ends are awaited. */
  readonly ending: JobCondition | undefined;
  readonly startTime: string | undefined;
  readonly conditions: readonly JobCondition[];
  readonly active: number;
  readonly ready: number;
  readonly terminating: number;
  readonly backoff: JobBackoff;
  readonly event?: { readonly reason: string; readonly message: string };
  readonly againMs?: number;
}

/** Whether a pod's end is new: tracked, and not yet among those that are being counted. */
function isUncounted(pod: Pod, counting: readonly string[] | undefined): boolean {
  return isTracked(pod) && !(counting ?? []).includes(uidOf(pod));
}

/** One pass over a Job (syncJob, pkg/controller/job/job_controller.go), its pods' ends not yet counted. */
export function planJob({ job, pods, backoff: earlier, most }: JobState, nowMs: number): JobPlan {
  const status = job.status ?? {};
  const counting = status.uncountedTerminatedPods;
  const activePods = pods.filter(isActive);
  const newSucceeded = pods.filter((pod) => pod.status?.phase === "Succeeded" && isUncounted(pod, counting?.succeeded));
  const newFailed = pods.filter((pod) => hasFailed(job, pod) && isUncounted(pod, counting?.failed));
  const doneIndexes = doneIndexesOf(job, pods);
  const succeeded = isIndexed(job)
    ? doneIndexes.size
    : (status.succeeded ?? 0) + newSucceeded.length + (counting?.succeeded?.length ?? 0);
  const failed = (status.failed ?? 0) + newFailed.length + (counting?.failed?.length ?? 0);
  const backoff = nextBackoff(earlier, newSucceeded, newFailed);
  const startTime = status.startTime ?? (isSuspended(job) ? undefined : timestamp(nowMs));

  const failure = endedAlready(job) ?? failureOf(job, pods, failed, startTime, nowMs);
  const base = { startTime: startTime ?? undefined, backoff, terminating: pods.filter(isTerminating).length };
  const ready = activePods.filter(isReady).length;
  if (failure !== undefined) {
    return {
      ...base,
      creates: [],
      deletes: [],
      kills: activePods,
      ending: failure,
      conditions: withEnding(status.conditions ?? [], failure),
      active: 0,
      ready: 0,
      terminating: base.terminating + activePods.length,
    };
  }

  const managed: Manage = isBeingDeleted(job)
    ? { creates: [], deletes: [] }
    : manage({ job, pods, activePods, succeeded, doneIndexes, backoff, most }, nowMs);
  const active = activePods.length - managed.deletes.length + managed.creates.length;
  const isDone = job.spec?.completions === undefined ? succeeded > 0 : succeeded >= job.spec.completions;
  const ending = isDone && active === 0 ? successCondition(nowMs) : undefined;
  const suspension = ending === undefined ? suspend(job, nowMs) : undefined;
  const deadlineMs = untilDeadlineMs(job, startTime, nowMs);
  const againMs = Math.min(managed.againMs ?? Number.POSITIVE_INFINITY, deadlineMs ?? Number.POSITIVE_INFINITY);
  const conditions = suspension?.conditions ?? [...(status.conditions ?? [])];
  return {
    ...base,
    creates: managed.creates,
    deletes: managed.deletes,
    kills: [],
    ending,
    conditions: ending === undefined ? conditions : withEnding(conditions, ending),
    active,
    ready: ready - managed.deletes.filter(isReady).length,
    terminating: base.terminating + managed.deletes.length,
    ...(suspension !== undefined && { startTime: suspension.startTime, event: suspension.event }),
    ...(Number.isFinite(againMs) && { againMs }),
  };
}

function doneIndexesOf(job: Job, pods: readonly Pod[]): ReadonlySet<number> {
  if (!isIndexed(job)) return new Set();
  const completions = job.spec?.completions ?? 0;
  const done = parseIndexes(job.status?.completedIndexes, completions);
  for (const pod of pods) {
    const index = indexOf(pod);
    if (pod.status?.phase === "Succeeded" && isTracked(pod) && index !== undefined && index < completions) {
      done.add(index);
    }
  }
  return done;
}

/** What an earlier pass decided holds. */
function endedAlready(job: Job): JobCondition | undefined {
  const conditions = job.status?.conditions;
  if (isFinished(job)) return undefined;
  if (isTrue(conditions, "SuccessCriteriaMet")) return findCondition(conditions, "SuccessCriteriaMet");
  return isTrue(conditions, "FailureTarget") ? findCondition(conditions, "FailureTarget") : undefined;
}

function failureOf(
  job: Job,
  pods: readonly Pod[],
  failed: number,
  startTime: string | null | undefined,
  nowMs: number,
): JobCondition | undefined {
  if (failed > (job.spec?.backoffLimit ?? 6) || exceedsRestarts(job, pods)) {
    const message = "Job has reached the specified backoff limit";
    return newCondition("FailureTarget", "BackoffLimitExceeded", message, nowMs);
  }
  const leftMs = untilDeadlineMs(job, startTime, nowMs);
  if (leftMs === undefined || leftMs > 0) return undefined;
  return newCondition("FailureTarget", "DeadlineExceeded", "Job was active longer than specified deadline", nowMs);
}

function untilDeadlineMs(job: Job, startTime: string | null | undefined, nowMs: number): number | undefined {
  const seconds = job.spec?.activeDeadlineSeconds;
  const startMs = timeMs(startTime);
  if (seconds === undefined || startMs === undefined || isSuspended(job)) return undefined;
  return startMs + seconds * 1000 - nowMs;
}

function successCondition(nowMs: number): JobCondition {
  const message = "Reached expected number of succeeded pods";
  return newCondition("SuccessCriteriaMet", "CompletionsReached", message, nowMs);
}

function withEnding(conditions: readonly JobCondition[], ending: JobCondition): readonly JobCondition[] {
  return isTrue(conditions, ending.type ?? "") ? conditions : putCondition(conditions, ending);
}

interface Suspension {
  readonly conditions: readonly JobCondition[];
  readonly startTime: string | undefined;
  readonly event: { readonly reason: string; readonly message: string };
}

/** The condition Suspended when it changes: a job that was never suspended has none. */
function suspend(job: Job, nowMs: number): Suspension | undefined {
  const before = findCondition(job.status?.conditions, "Suspended");
  const isNow = isSuspended(job);
  if (isNow ? before?.status === "True" : before === undefined || before.status === "False") return undefined;
  const said = isNow
    ? newCondition("Suspended", "JobSuspended", "Job suspended", nowMs)
    : { ...newCondition("Suspended", "JobResumed", "Job resumed", nowMs), status: "False" };
  return {
    conditions: putCondition(job.status?.conditions, said),
    startTime: isNow ? (job.status?.startTime ?? undefined) : timestamp(nowMs),
    event: isNow ? { reason: "Suspended", message: "Job suspended" } : { reason: "Resumed", message: "Job resumed" },
  };
}
