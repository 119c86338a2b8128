import { findCondition } from "../objects/conditions.ts";
import { isBeingDeleted, timeMs } from "../objects/meta.ts";
import type { Job } from "../objects/types.ts";
import { isFinished } from "./job-facts.ts";

/**
 * When a finished Job is to be deleted by its ttlSecondsAfterFinished; undefined when never (pkg/controller/ttlafterfinished).
 */
export function expiryMs(job: Job): number | undefined {
  const seconds = job.spec?.ttlSecondsAfterFinished;
  if (seconds === undefined || isBeingDeleted(job) || !isFinished(job)) return undefined;
  const conditions = job.status?.conditions;
  const complete = findCondition(conditions, "Complete");
  const end = complete?.status === "True" ? complete : findCondition(conditions, "Failed");
  const endMs = timeMs(end?.lastTransitionTime);
  return endMs === undefined ? undefined : endMs + seconds * 1000;
}
