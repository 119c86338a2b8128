import { isTerminating } from "../objects/pod.ts";
import type { Job, Pod } from "../objects/types.ts";
import { byDeletionRank } from "../replicaset/deletion-rank.ts";
import { type JobBackoff, remainingMs } from "./backoff.ts";
import { pendingIndexes } from "./completion-indexes.ts";
import { indexOf, isIndexed, isSuspended } from "./job-facts.ts";

/** What one pass does about the number of running pods. */
export interface Manage {
  /** One per pod to create: its completion index, or undefined where the Job has none. */
  readonly creates: readonly (number | undefined)[];
  /** To be deleted without counting as failed: their tracking ends first. */
  readonly deletes: readonly Pod[];
  /** Look again then, when a failure's wait is over. */
  readonly againMs?: number;
}

export interface ManageState {
  readonly job: Job;
  readonly pods: readonly Pod[];
  readonly activePods: readonly Pod[];
  readonly succeeded: number;
  /** Done indexes of an Indexed Job. */
  readonly doneIndexes: ReadonlySet<number>;
  readonly backoff: JobBackoff;
  readonly most: number;
}

/** How many pods should run now; a Job without completions starts none after the first success. */
function wanted({ job, activePods, succeeded }: ManageState): number {
  if (isSuspended(job)) return 0;
  const parallelism = job.spec?.parallelism ?? 1;
  const completions = job.spec?.completions;
  if (completions === undefined) return succeeded > 0 ? activePods.length : parallelism;
  return Math.max(0, Math.min(parallelism, completions - succeeded));
}

/** manageJob (pkg/controller/job/job_controller.go) */
export function manage(state: ManageState, nowMs: number): Manage {
  const { job, pods, activePods, backoff, most } = state;
  const want = wanted(state);
  const deletes = surplus(state, activePods.length - want, nowMs).slice(0, most);
  if (deletes.length > 0 || isSuspended(job)) return { creates: [], deletes };
  const waitsForEnd = job.spec?.podReplacementPolicy === "Failed" || job.spec?.podFailurePolicy !== undefined;
  const held = waitsForEnd ? pods.filter(isTerminating).length : 0;
  const missing = Math.min(want - activePods.length - held, most);
  if (missing <= 0) return { creates: [], deletes: [] };
  const waitMs = remainingMs(backoff, nowMs);
  if (waitMs > 0) return { creates: [], deletes: [], againMs: waitMs };
  return { creates: isIndexed(job) ? freeIndexes(state, missing) : new Array(missing).fill(undefined), deletes: [] };
}

function freeIndexes({ job, activePods, doneIndexes }: ManageState, count: number): number[] {
  const taken = new Set(doneIndexes);
  for (const pod of activePods) taken.add(indexOf(pod) ?? -1);
  return pendingIndexes(taken, count, job.spec?.completions ?? 0);
}

/** Pods too many: of an Indexed Job those that do an index twice or beyond the end, then by rank. */
function surplus({ job, activePods, doneIndexes }: ManageState, tooMany: number, nowMs: number): readonly Pod[] {
  const ranked = byDeletionRank(activePods, () => 0, nowMs);
  if (!isIndexed(job)) return ranked.slice(0, Math.max(0, tooMany));
  const completions = job.spec?.completions ?? 0;
  const seen = new Set(doneIndexes);
  const useful: Pod[] = [];
  const useless: Pod[] = [];
  for (const pod of [...ranked].reverse()) {
    const index = indexOf(pod);
    if (index === undefined || index >= completions || seen.has(index)) useless.push(pod);
    else useful.unshift(pod);
    if (index !== undefined) seen.add(index);
  }
  return [...useless, ...useful.slice(0, Math.max(0, tooMany - useless.length))];
}
