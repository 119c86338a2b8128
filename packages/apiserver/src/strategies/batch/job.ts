import type { json } from "@hollowfleet/wire";
import type { KubeObject } from "../../object.ts";
import { validateTemplateLabels } from "../pod/pod-template.ts";
import { semanticEqual } from "../semantic-equal.ts";
import type { Strategy } from "../strategy.ts";
import { validateImmutable } from "../validation/common.ts";
import { type FieldErrors, invalid, required } from "../validation/field-error.ts";
import {
  isUnusableSelector,
  selectorMatches,
  shownSelector,
  sortedMap,
  validateLabelSelector,
} from "../validation/labels.ts";
import { dnsLabelFaults } from "../validation/names.ts";
import { as, countGeneration, keep, startGeneration } from "../views.ts";
import { setJobDefaults } from "./job-defaults.ts";
import { validateJobSpec } from "./validate-job-spec.ts";
import { validateJobStatus } from "./validate-job-status.ts";

// pkg/registry/batch/job/strategy.go; batch/validation/validation.go, ValidateJob

const uidLabel = "batch.kubernetes.io/controller-uid";
const nameLabel = "batch.kubernetes.io/job-name";
const legacyUidLabel = "controller-uid";
const legacyNameLabel = "job-name";

function specOf(object: KubeObject): json.JobSpec {
  return as<json.Job>(object).spec ?? ({} as json.JobSpec);
}

/** A job finds its pods by its own uid, unless its selector is made by hand. */
function generateSelector(object: KubeObject): void {
  const spec = specOf(object);
  if (spec.manualSelector === true) return;
  const { name = "", uid = "" } = object.metadata;
  spec.template ??= {};
  spec.template.metadata ??= {};
  const own = { [legacyNameLabel]: name, [nameLabel]: name, [legacyUidLabel]: uid, [uidLabel]: uid };
  const { labels } = spec.template.metadata;
  spec.template.metadata.labels = { ...own, ...labels };
  const isShared = object.metadata.labels === undefined || object.metadata.labels === labels;
  if (isShared) object.metadata.labels = { ...spec.template.metadata.labels };
  spec.selector = { ...spec.selector, matchLabels: { [uidLabel]: uid, ...spec.selector?.matchLabels } };
}

/** @param hasPrefixed jobs of old have only the labels without a domain */
function validateGenerated(object: KubeObject, hasPrefixed: boolean): FieldErrors {
  const { selector, template, manualSelector } = specOf(object);
  const { name = "", uid = "" } = object.metadata;
  if (manualSelector === true || selector === undefined) return [];
  const expected: Record<string, string> = {
    [legacyUidLabel]: uid,
    [legacyNameLabel]: name,
    ...(hasPrefixed && { [uidLabel]: uid, [nameLabel]: name }),
  };
  const { labels = {} } = template?.metadata ?? {};
  const field = "spec.template.metadata.labels";
  const text = "`selector` not auto-generated";
  const isForeign = !isUnusableSelector(selector) && !selectorMatches(selector, expected);
  return [
    ...(uid === "" ? [required("metadata.uid")] : []),
    ...Object.entries(expected).flatMap(([key, value]) => {
      const actual = labels[key];
      if (actual === undefined) return [required(`${field}[${key}]`, `must be '${value}'`)];
      return actual === value ? [] : [invalid(`${field}[${key}]`, sortedMap(labels), `must be '${value}'`)];
    }),
    ...(isForeign ? [invalid("spec.selector", shownSelector(selector), text)] : []),
  ];
}

function validate(object: KubeObject, hasPrefixed: boolean): FieldErrors {
  return [...validateGenerated(object, hasPrefixed), ...validateSpec(specOf(object)), ...validateHostnames(object)];
}

function validateSpec(spec: json.JobSpec): FieldErrors {
  const { selector, template } = spec;
  return [
    ...validateJobSpec("spec", spec),
    ...(selector === undefined ? [required("spec.selector")] : validateLabelSelector("spec.selector", selector)),
    ...(isUnusableSelector(selector) ? [] : validateTemplateLabels("spec.template", template, selector)),
  ];
}

/** The pods of an Indexed job are named after it and their index. */
function validateHostnames(object: KubeObject): FieldErrors {
  const { completionMode, completions = 0 } = specOf(object);
  if (completionMode !== "Indexed" || completions <= 0) return [];
  const { name = "" } = object.metadata;
  const longest = `${name}-${completions - 1}`;
  if (dnsLabelFaults(longest).length === 0) return [];
  return [invalid("metadata.name", name, `will not able to create pod with invalid DNS label: ${longest}`)];
}

function validateUpdate(object: KubeObject, old: KubeObject): FieldErrors {
  const [spec, before] = [specOf(object), specOf(old)];
  const oldLabels = before.template?.metadata?.labels ?? {};
  const immutables = [
    "completionMode",
    "podFailurePolicy",
    "backoffLimitPerIndex",
    "managedBy",
    "successPolicy",
  ] as const;
  return [
    ...validate(object, nameLabel in oldLabels && uidLabel in oldLabels),
    ...validateSpec(spec),
    ...validateCompletions(spec, before),
    ...validateImmutable("spec.selector", shownSelector(spec.selector), before.selector),
    ...validateTemplateChange(spec, as<json.Job>(old)),
    ...immutables.flatMap((member) => validateImmutable(`spec.${member}`, spec[member], before[member])),
  ];
}

/** An Indexed job may grow and shrink as long as it works on all of its indexes at once. */
function validateCompletions(spec: json.JobSpec, before: json.JobSpec): FieldErrors {
  const field = "spec.completions";
  if (spec.completionMode !== "Indexed") return validateImmutable(field, spec.completions, before.completions);
  if (spec.completions === before.completions) return [];
  if (spec.completions === undefined || spec.completions === spec.parallelism) return [];
  return [invalid(field, spec.completions, "can only be modified in tandem with spec.parallelism")];
}

/** A suspended job that has no pods may be scheduled otherwise, and be given other resources. */
function validateTemplateChange({ template = {} }: json.JobSpec, old: json.Job): FieldErrors {
  const before = old.spec?.template ?? {};
  const isSuspended = old.spec?.suspend === true;
  const wasSuspended = (old.status?.conditions ?? []).some(
    ({ type, status }) => type === "Suspended" && status === "True",
  );
  const isIdle = isSuspended && (!old.status?.startTime || wasSuspended) && !old.status?.active;
  const field = "spec.template";
  if (!isIdle) return validateImmutable(field, template, before);
  const isSame = semanticEqual(fixedParts(template), fixedParts(before));
  return isSame ? [] : [invalid(`${field}.spec`, template.spec, "field is immutable")];
}

function fixedParts({ spec }: json.PodTemplateSpec): unknown {
  const { affinity, nodeSelector: _, tolerations: __, schedulingGates: ___, ...rest } = spec ?? ({} as json.PodSpec);
  const { nodeAffinity: ____, ...otherAffinity } = affinity ?? {};
  const bare = (containers: readonly json.Container[] = []) => containers.map(({ resources: _____, ...one }) => one);
  return {
    ...rest,
    affinity: otherAffinity,
    containers: bare(rest.containers ?? []),
    initContainers: bare(rest.initContainers),
  };
}

export const jobStrategy: Strategy = {
  defaults: (object) => setJobDefaults(as<json.Job>(object)),
  prepareForCreate(object) {
    generateSelector(object);
    object["status"] = {};
    startGeneration(object);
  },
  validate: (object) => validate(object, true),
  prepareForUpdate(object, old) {
    keep("status", object, old);
    countGeneration(object, old);
  },
  validateUpdate,
  prepareForStatusUpdate: (object, old) => keep("spec", object, old),
  validateStatusUpdate: (object, old) => validateJobStatus(as<json.Job>(object), as<json.Job>(old)),
  selectableFields: (object) => ({ "status.successful": String(as<json.Job>(object).status?.succeeded ?? 0) }),
  // Clients of old expect the pods to stay (DefaultGarbageCollectionPolicy).
  defaultPropagation: "Orphan",
};
