import type { json } from "@hollowfleet/wire";
import { type FieldErrors, forbidden, invalid, notSupported } from "../validation/field-error.ts";
import { selectorMatches, sortedMap, validateLabels } from "../validation/labels.ts";
import { qualifiedNameFaults } from "../validation/names.ts";
import { setPodSpecDefaults } from "./pod-defaults.ts";
import { validatePodAnnotations } from "./validate-annotations.ts";
import { validatePodSpec } from "./validate-pod-spec.ts";

// core/validation/validation.go, ValidatePodTemplateSpec, and what the workloads ask of their templates beyond it

export function setTemplateDefaults(template: json.PodTemplateSpec | undefined): void {
  if (template === undefined) return;
  template.metadata ??= {};
  template.spec ??= {} as json.PodSpec;
  setPodSpecDefaults(template.spec);
}

/** @param field e.g. "spec.template" */
export function validateTemplate(field: string, template: json.PodTemplateSpec = {}): FieldErrors {
  const { metadata = {}, spec = {} as json.PodSpec } = template;
  const hasEphemerals = (spec.ephemeralContainers ?? []).length > 0;
  return [
    ...validateLabels(`${field}.labels`, metadata.labels),
    ...validateAnnotations(`${field}.annotations`, metadata.annotations),
    ...validatePodAnnotations(`${field}.annotations`, metadata.annotations, spec.nodeName),
    ...validatePodSpec(spec, { field: `${field}.spec`, isPod: false, podName: "" }),
    ...(hasEphemerals
      ? [forbidden(`${field}.spec.ephemeralContainers`, "ephemeral containers not allowed in pod template")]
      : []),
  ];
}

/** Keys are compared in lower case (apimachinery/pkg/api/validation/objectmeta.go). */
export function validateAnnotations(field: string, annotations: Readonly<Record<string, string>> = {}): FieldErrors {
  return Object.keys(annotations).flatMap((key) =>
    qualifiedNameFaults(key.toLowerCase()).map((fault) => invalid(field, key, fault)),
  );
}

export function validateTemplateLabels(
  field: string,
  template: json.PodTemplateSpec | undefined,
  selector: json.LabelSelector | undefined,
): FieldErrors {
  const { labels } = template?.metadata ?? {};
  if (selectorMatches(selector, labels)) return [];
  return [invalid(`${field}.metadata.labels`, sortedMap(labels), "`selector` does not match template `labels`")];
}

/** Pods of workloads that run on and on. @param owner as the message names it, e.g. "ReplicaSet" */
export function validateRunsForever(
  field: string,
  template: json.PodTemplateSpec | undefined,
  owner: string,
): FieldErrors {
  const { restartPolicy, activeDeadlineSeconds } = template?.spec ?? ({} as json.PodSpec);
  return [
    ...(restartPolicy === "Always" ? [] : [notSupported(`${field}.spec.restartPolicy`, restartPolicy, ["Always"])]),
    ...(activeDeadlineSeconds === undefined
      ? []
      : [forbidden(`${field}.spec.activeDeadlineSeconds`, `activeDeadlineSeconds in ${owner} is not Supported`)]),
  ];
}
