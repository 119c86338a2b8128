import type { json } from "@hollowfleet/wire";
import type { KubeObject } from "../../object.ts";
import { validateOneOf } from "../pod/validate-containers.ts";
import type { Strategy } from "../strategy.ts";
import { validateNonNegative } from "../validation/common.ts";
import { type FieldErrors, invalid, notSupported, required } from "../validation/field-error.ts";
import { as, countGeneration, keep, startGeneration } from "../views.ts";
import { setJobTemplateDefaults } from "./job-defaults.ts";
import { validateJobSpec } from "./validate-job-spec.ts";

// pkg/registry/batch/cronjob/strategy.go; batch/v1/defaults.go; batch/validation/validation.go, validateCronJobSpec

/** A name has room for the time that the controller appends to it. */
const maxNameLength = 52;

function defaults(object: KubeObject): void {
  const job = as<json.CronJob>(object);
  job.spec ??= {} as json.CronJobSpec;
  const { spec } = job;
  spec.concurrencyPolicy ||= "Allow";
  spec.suspend ??= false;
  spec.successfulJobsHistoryLimit ??= 3;
  spec.failedJobsHistoryLimit ??= 1;
  spec.jobTemplate ??= {};
  spec.jobTemplate.metadata ??= {};
  spec.jobTemplate.spec ??= {} as json.JobSpec;
  setJobTemplateDefaults(spec.jobTemplate.spec);
}

function validateSpec(spec: json.CronJobSpec, isZoneNew: boolean): FieldErrors {
  const { schedule = "", timeZone, concurrencyPolicy = "", jobTemplate } = spec;
  const job = jobTemplate?.spec ?? ({} as json.JobSpec);
  return [
    ...validateSchedule(schedule),
    ...validateNonNegative("spec.startingDeadlineSeconds", spec.startingDeadlineSeconds),
    ...(isZoneNew && timeZone !== undefined ? validateTimeZone("spec.timeZone", timeZone) : []),
    ...validateOneOf("spec.concurrencyPolicy", concurrencyPolicy, ["Allow", "Forbid", "Replace"]),
    ...validateJobSpec("spec.jobTemplate.spec", job),
    ...(job.selector === undefined
      ? []
      : [invalid("spec.jobTemplate.spec.selector", job.selector, "`selector` will be auto-generated")]),
    ...(job.manualSelector === true
      ? [notSupported("spec.jobTemplate.spec.manualSelector", true, ["nil", "false"])]
      : []),
    ...validateNonNegative("spec.successfulJobsHistoryLimit", spec.successfulJobsHistoryLimit),
    ...validateNonNegative("spec.failedJobsHistoryLimit", spec.failedJobsHistoryLimit),
  ];
}

/** Only its outer form: what the single fields may hold is known to the controller, which is not a part of this server. */
function validateSchedule(schedule: string): FieldErrors {
  const field = "spec.schedule";
  if (schedule === "") return [required(field)];
  const fields = schedule.trim().split(/\s+/);
  const zone = schedule.includes("TZ")
    ? [invalid(field, schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead")]
    : [];
  if (schedule.startsWith("@") || schedule.includes("TZ") || fields.length === 5) return zone;
  const found = `[${fields.join(" ")}]`;
  return [invalid(field, schedule, `expected exactly 5 fields, found ${fields.length}: ${found}`), ...zone];
}

const zonePart = /^[A-Za-z.\-_0-9+]{1,14}$/;

function validateTimeZone(field: string, zone: string): FieldErrors {
  if (zone === "") return [invalid(field, zone, "timeZone must be nil or non-empty string")];
  const isWrong = zone
    .split("/")
    .some((part) => part === "." || part === ".." || part.startsWith("-") || !zonePart.test(part));
  if (isWrong || !isKnownZone(zone)) return [invalid(field, zone, `unknown time zone ${zone}`)];
  return [];
}

function isKnownZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function specOf(object: KubeObject): json.CronJobSpec {
  return as<json.CronJob>(object).spec ?? ({} as json.CronJobSpec);
}

export const cronJobStrategy: Strategy = {
  defaults,
  prepareForCreate(object) {
    object["status"] = {};
    startGeneration(object);
  },
  validate(object) {
    const { name = "" } = object.metadata;
    const isLong = name.length > maxNameLength;
    return [
      ...validateSpec(specOf(object), true),
      ...(isLong ? [invalid("metadata.name", name, `must be no more than ${maxNameLength} characters`)] : []),
    ];
  },
  prepareForUpdate(object, old) {
    keep("status", object, old);
    countGeneration(object, old);
  },
  validateUpdate: (object, old) => validateSpec(specOf(object), specOf(object).timeZone !== specOf(old).timeZone),
  prepareForStatusUpdate: (object, old) => keep("spec", object, old),
};
