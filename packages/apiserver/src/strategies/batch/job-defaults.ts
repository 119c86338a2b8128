import type { json } from "@hollowfleet/wire";
import { setTemplateDefaults } from "../pod/pod-template.ts";

const defaultBackoffLimit = 6;
const maxInt32 = 2147483647;

/** batch/v1/defaults.go, SetDefaults_Job */
export function setJobDefaults(job: json.Job): void {
  job.spec ??= {} as json.JobSpec;
  const { spec } = job;
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
  spec.parallelism ??= 1;
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? defaultBackoffLimit : maxInt32;
  const labels = spec.template?.metadata?.labels;
  // The same map, as upstream: labels that are generated for the template become those of the job, too.
  if (labels !== undefined && Object.keys(job.metadata.labels ?? {}).length === 0) job.metadata.labels = labels;
  spec.completionMode ??= "NonIndexed";
  spec.suspend ??= false;
  spec.podReplacementPolicy ??= spec.podFailurePolicy === undefined ? "TerminatingOrFailed" : "Failed";
  spec.manualSelector ??= false;
  setJobTemplateDefaults(spec);
}

/** What is defaulted of a job's spec within a CronJob, too (batch/v1/zz_generated.defaults.go). */
export function setJobTemplateDefaults(spec: json.JobSpec): void {
  for (const { onPodConditions } of spec.podFailurePolicy?.rules ?? []) {
    for (const pattern of onPodConditions ?? []) pattern.status ||= "True";
  }
  spec.template ??= {};
  setTemplateDefaults(spec.template);
}
