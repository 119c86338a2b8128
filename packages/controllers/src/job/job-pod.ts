import { controllerReference, nameOf, namespaceOf } from "../objects/meta.ts";
import { podFromTemplate } from "../objects/pod.ts";
import type { Container, Job, Pod, PodTemplateSpec } from "../objects/types.ts";
import { indexAnnotation, trackingFinalizer } from "./job-facts.ts";

const indexVariable = "JOB_COMPLETION_INDEX";
/** Room for the five random characters in a name of 63 (apiserver, storage/names). */
const longestPrefix = 58;

/** A pod of a Job, for one completion index if the Job has any. */
export function jobPod(job: Job, index: number | undefined): Pod {
  const template = job.spec?.template ?? {};
  const suffix = index === undefined ? "-" : `-${index}-`;
  return podFromTemplate({
    template: index === undefined ? template : indexed(template, index),
    namespace: namespaceOf(job),
    generateName: `${nameOf(job).slice(0, longestPrefix - suffix.length)}${suffix}`,
    owner: controllerReference(job, "batch/v1", "Job"),
    finalizers: [trackingFinalizer],
  });
}

/** job/indexed_job_utils.go: annotation, label and variable with the index. */
function indexed(template: PodTemplateSpec, index: number): PodTemplateSpec {
  const mark = { [indexAnnotation]: String(index) };
  const { metadata, spec } = template;
  return {
    metadata: {
      ...metadata,
      annotations: { ...metadata?.annotations, ...mark },
      labels: { ...metadata?.labels, ...mark },
    },
    spec: {
      ...spec,
      containers: (spec?.containers ?? []).map(withIndexVariable),
      ...(spec?.initContainers !== undefined && { initContainers: spec.initContainers.map(withIndexVariable) }),
    },
  };
}

function withIndexVariable(container: Container): Container {
  const env = container.env ?? [];
  if (env.some(({ name }) => name === indexVariable)) return container;
  const fieldPath = `metadata.labels['${indexAnnotation}']`;
  return {
    ...container,
    env: [...env, { name: indexVariable, valueFrom: { fieldRef: { apiVersion: "v1", fieldPath } } }],
  };
}
