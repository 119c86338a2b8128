import type { json } from "@hollowfleet/wire";
import { semanticEqual } from "../semantic-equal.ts";
import { validateCounts } from "../validation/common.ts";
import { type FieldErrors, invalid, invalidHidden, required } from "../validation/field-error.ts";

// batch/validation/validation.go, ValidateJobUpdateStatus with the options of pkg/registry/batch/job/strategy.go: most
// rules hold only for what this update changes. The ranges of indexes are not looked at.

type Status = json.JobStatus;

function has({ conditions = [] }: Status, type: string): boolean {
  return conditions.some((condition) => condition.type === type && condition.status === "True");
}

function isFinished(status: Status): boolean {
  return has(status, "Complete") || has(status, "Failed");
}

export function validateJobStatus(job: json.Job, old: json.Job): FieldErrors {
  const status = job.status ?? {};
  const before = old.status ?? {};
  return [
    ...validateCounts(status as Readonly<Record<string, unknown>>, [
      "active",
      "succeeded",
      "failed",
      "ready",
      "terminating",
    ]),
    ...validateConditions(status, before),
    ...validateTimes(job, before),
    ...validateFinish(job, before),
    ...validateSuccessCriteria(job),
    ...validateProgress(job, before),
  ];
}

const conditionsField = "status.conditions";

/** Conditions that exclude or need each other. */
function validateConditions(status: Status, before: Status): FieldErrors {
  const changed = (type: string) => has(status, type) !== has(before, type);
  const isChange = (...types: readonly string[]) => types.some(changed);
  const rules: readonly (readonly [isWrong: boolean, text: string])[] = [
    [
      isChange("Complete", "Failed") && has(status, "Complete") && has(status, "Failed"),
      "cannot set Complete=True and Failed=true conditions",
    ],
    [
      isChange("Complete", "FailureTarget") && has(status, "Complete") && has(status, "FailureTarget"),
      "cannot set Complete=True and FailureTarget=true conditions",
    ],
    [
      isChange("Failed") && has(status, "Failed") && !has(status, "FailureTarget"),
      "cannot set Failed=True condition without the FailureTarget=true condition",
    ],
    [
      isChange("Complete", "SuccessCriteriaMet") && has(status, "Complete") && !has(status, "SuccessCriteriaMet"),
      "cannot set Complete=True condition without the SuccessCriteriaMet=true condition",
    ],
  ];
  return rules.flatMap(([isWrong, text]) => (isWrong ? [invalidHidden(conditionsField, text)] : []));
}

function validateTimes({ status = {} }: json.Job, before: Status): FieldErrors {
  const { startTime, completionTime } = status;
  const isComplete = has(status, "Complete");
  const isCompletion = has(before, "Complete") !== isComplete || before.completionTime !== completionTime;
  const isMoved = before.startTime !== startTime || before.completionTime !== completionTime;
  const isBackwards = Boolean(startTime && completionTime && Date.parse(completionTime) < Date.parse(startTime));
  const field = "status.completionTime";
  return [
    ...(isCompletion && completionTime && !isComplete
      ? [invalid(field, completionTime, "cannot set completionTime when there is no Complete=True condition")]
      : []),
    ...(isCompletion && !completionTime && isComplete
      ? [required(field, "completionTime is required for Complete jobs")]
      : []),
    ...(isMoved && isBackwards ? [invalid(field, completionTime, "must be equal to or after `startTime`")] : []),
  ];
}

/** What a job that has ended may not have. */
function validateFinish({ spec, status = {} }: json.Job, before: Status): FieldErrors {
  if (!isFinished(status)) return validateReady(status, before);
  const isNew = !isFinished(before);
  const { active = 0, terminating = 0, uncountedTerminatedPods: uncounted } = status;
  const uncountedCount = (uncounted?.failed ?? []).length + (uncounted?.succeeded ?? []).length;
  const isEmptyJob = spec?.suspend === true && spec.completions === 0;
  const changed = (member: keyof Status) => isNew || !semanticEqual(status[member], before[member]);
  return [
    ...(changed("active") && active > 0
      ? [invalid("status.active", active, "active>0 is invalid for finished job")]
      : []),
    ...(changed("startTime") && !isEmptyJob && !status.startTime
      ? [required("status.startTime", "startTime is required for finished job")]
      : []),
    ...(changed("uncountedTerminatedPods") && uncountedCount > 0
      ? [
          invalid(
            "status.uncountedTerminatedPods",
            { Succeeded: uncounted?.succeeded ?? null, Failed: uncounted?.failed ?? null },
            "must be empty for finished job",
          ),
        ]
      : []),
    ...(changed("terminating") && terminating > 0
      ? [invalid("status.terminating", terminating, "terminating>0 is invalid for finished job")]
      : []),
    ...validateReady(status, before),
  ];
}

function validateReady(status: Status, before: Status): FieldErrors {
  const { ready, active = 0 } = status;
  const isChanged = ready !== before.ready || active !== (before.active ?? 0);
  if (!isChanged || ready === undefined || ready <= active) return [];
  return [invalid("status.ready", ready, "cannot set more ready pods than active")];
}

function validateSuccessCriteria({ spec, status = {} }: json.Job): FieldErrors {
  const isMet = has(status, "SuccessCriteriaMet");
  const rules: readonly (readonly [isWrong: boolean, text: string])[] = [
    [isMet && has(status, "Failed"), "cannot set SuccessCriteriaMet=True and Failed=true conditions"],
    [isMet && has(status, "FailureTarget"), "cannot set SuccessCriteriaMet=True and FailureTarget=true conditions"],
    [
      spec?.successPolicy !== undefined && !isMet && has(status, "Complete"),
      "cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True",
    ],
  ];
  return rules.flatMap(([isWrong, text]) => (isWrong ? [invalidHidden(conditionsField, text)] : []));
}

/** What only goes one way. */
function validateProgress({ spec, status = {} }: json.Job, before: Status): FieldErrors {
  const lost = ["Failed", "Complete", "FailureTarget"].filter((type) => has(before, type) && !has(status, type));
  const mayShrink = spec?.completionMode === "Indexed" && spec.completions === spec.parallelism;
  const { failed = 0, succeeded = 0, completionTime, startTime } = status;
  const wasSuspended = has(before, "Suspended");
  const isResuming =
    wasSuspended && (status.conditions ?? []).some(({ type, status: on }) => type === "Suspended" && on === "False");
  const isStartMoved = Boolean(before.startTime) && before.startTime !== startTime;
  return [
    ...lost.map((type) => invalidHidden(conditionsField, `cannot disable the terminal ${type}=True condition`)),
    ...(failed < (before.failed ?? 0) ? [invalid("status.failed", failed, "cannot decrease the failed counter")] : []),
    ...(succeeded < (before.succeeded ?? 0) && !mayShrink
      ? [invalid("status.succeeded", succeeded, "cannot decrease the succeeded counter")]
      : []),
    ...(completionTime && before.completionTime && completionTime !== before.completionTime
      ? [invalid("status.completionTime", completionTime, "field is immutable")]
      : []),
    ...(isStartMoved && spec?.suspend !== true && !isResuming
      ? [invalid("status.startTime", startTime, "field is immutable for unsuspended job once set")]
      : []),
    ...(has(before, "SuccessCriteriaMet") && !has(status, "SuccessCriteriaMet")
      ? [invalidHidden(conditionsField, "cannot disable the SuccessCriteriaMet=True condition")]
      : []),
  ];
}
