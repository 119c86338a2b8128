import type { Pod } from "../objects/types.ts";
import { finishedMs } from "./job-facts.ts";

/** Failures in a row of a Job's pods, remembered between passes. */
export interface JobBackoff {
  readonly failures: number;
  /** Undefined while there are none. */
  readonly lastFailureMs: number | undefined;
}

export const noBackoff: JobBackoff = { failures: 0, lastFailureMs: undefined };

const firstMs = 10_000;
const longestMs = 600_000;

/** Takes in the pods that ended since the last pass: a success ends the row (backoff_utils.go newBackoffRecord). */
export function nextBackoff(before: JobBackoff, succeeded: readonly Pod[], failed: readonly Pod[]): JobBackoff {
  if (succeeded.length === 0) {
    if (failed.length === 0) return before;
    return { failures: before.failures + failed.length, lastFailureMs: Math.max(...failed.map(finishedMs)) };
  }
  const lastSuccessMs = Math.max(...succeeded.map(finishedMs));
  const since = failed.map(finishedMs).filter((ms) => ms > lastSuccessMs);
  return since.length === 0 ? noBackoff : { failures: since.length, lastFailureMs: Math.max(...since) };
}

/** How long no replacement is created: 10 s after the first failure, doubled with each further one, at most 10 min. */
export function remainingMs({ failures, lastFailureMs }: JobBackoff, nowMs: number): number {
  if (failures === 0 || lastFailureMs === undefined) return 0;
  const waitMs = Math.min(firstMs * 2 ** (failures - 1), longestMs);
  return Math.max(0, lastFailureMs + waitMs - nowMs);
}
