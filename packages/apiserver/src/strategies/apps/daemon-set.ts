import type { json } from "@hollowfleet/wire";
import type { KubeObject } from "../../object.ts";
import {
  setTemplateDefaults,
  validateRunsForever,
  validateTemplate,
  validateTemplateLabels,
} from "../pod/pod-template.ts";
import type { Strategy } from "../strategy.ts";
import { validateCounts, validateImmutable, validateNonNegative } from "../validation/common.ts";
import { type FieldErrors, invalid, notSupported, required } from "../validation/field-error.ts";
import { intOrPercentValue, validateAtMost100Percent, validateIntOrPercent } from "../validation/int-or-percent.ts";
import { isEmptySelector, isUnusableSelector, shownSelector, validateLabelSelector } from "../validation/labels.ts";
import { as, countGeneration, keep } from "../views.ts";
import { isTemplateChanged, prepareWorkload, validateCollisionCount } from "./workload.ts";

// pkg/registry/apps/daemonset/strategy.go; apps/v1/{defaults,conversion}.go; apps/validation/validation.go

/** How often the template changed; apps/v1 has no member for it. */
const generationKey = "deprecated.daemonset.template.generation";

function defaults(object: KubeObject): void {
  const set = as<json.DaemonSet>(object);
  set.spec ??= {} as json.DaemonSetSpec;
  const { spec } = set;
  spec.updateStrategy ??= {};
  spec.updateStrategy.type ||= "RollingUpdate";
  if (spec.updateStrategy.type === "RollingUpdate") {
    spec.updateStrategy.rollingUpdate ??= {};
    spec.updateStrategy.rollingUpdate.maxUnavailable ??= 1;
    spec.updateStrategy.rollingUpdate.maxSurge ??= 0;
  }
  spec.revisionHistoryLimit ??= 10;
  spec.template ??= {};
  setTemplateDefaults(spec.template);
}

function templateGeneration({ metadata }: KubeObject): number {
  const count = Number(metadata.annotations?.[generationKey] ?? 0);
  return Number.isInteger(count) ? count : 0;
}

function setTemplateGeneration({ metadata }: KubeObject, count: number): void {
  metadata.annotations = { ...metadata.annotations, [generationKey]: String(count) };
}

function specOf(object: KubeObject): json.DaemonSetSpec {
  return as<json.DaemonSet>(object).spec ?? ({} as json.DaemonSetSpec);
}

function validate(object: KubeObject): FieldErrors {
  const spec = specOf(object);
  const { selector, template } = spec;
  const field = "spec.template";
  const isEmpty = selector ? isEmptySelector(selector) : false;
  return [
    ...validateLabelSelector("spec.selector", selector),
    ...(isUnusableSelector(selector) ? [] : validateTemplateLabels(field, template, selector)),
    ...(isEmpty ? [invalid("spec.selector", shownSelector(selector), "empty selector is invalid for daemonset")] : []),
    ...validateTemplate(field, template),
    ...validateRunsForever(field, template, "DaemonSet"),
    ...validateNonNegative("spec.minReadySeconds", spec.minReadySeconds),
    ...validateUpdateStrategy(spec.updateStrategy ?? {}),
    ...validateNonNegative("spec.revisionHistoryLimit", spec.revisionHistoryLimit),
  ];
}

function validateUpdateStrategy({ type = "", rollingUpdate }: json.DaemonSetUpdateStrategy): FieldErrors {
  const field = "spec.updateStrategy";
  if (type === "OnDelete") return [];
  if (type !== "RollingUpdate") {
    const shown = { Type: type, RollingUpdate: rollingUpdate ? inGoForm(rollingUpdate) : null };
    return [notSupported(field, shown, ["RollingUpdate", "OnDelete"])];
  }
  const path = `${field}.rollingUpdate`;
  if (rollingUpdate === undefined) return [required(path)];
  const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate;
  const hasUnavailable = intOrPercentValue(maxUnavailable) !== 0;
  const hasSurge = intOrPercentValue(maxSurge) !== 0;
  return [
    ...validateIntOrPercent(`${path}.maxUnavailable`, maxUnavailable),
    ...validateIntOrPercent(`${path}.maxSurge`, maxSurge),
    ...validateAtMost100Percent(`${path}.maxUnavailable`, maxUnavailable),
    ...validateAtMost100Percent(`${path}.maxSurge`, maxSurge),
    ...(hasUnavailable && hasSurge
      ? [invalid(`${path}.maxSurge`, maxSurge, "may not be set when maxUnavailable is non-zero")]
      : []),
    ...(hasUnavailable || hasSurge ? [] : [required(`${path}.maxUnavailable`, "cannot be 0 when maxSurge is 0")]),
  ];
}

/** The internal type has no JSON names. */
function inGoForm({ maxUnavailable = 0, maxSurge = 0 }: json.RollingUpdateDaemonSet): unknown {
  return { MaxUnavailable: maxUnavailable, MaxSurge: maxSurge };
}

const counts = [
  "currentNumberScheduled",
  "numberMisscheduled",
  "desiredNumberScheduled",
  "numberReady",
  "observedGeneration",
  "updatedNumberScheduled",
  "numberAvailable",
  "numberUnavailable",
  "collisionCount",
];

export const daemonSetStrategy: Strategy = {
  defaults,
  prepareForCreate(object) {
    const zeros = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 };
    prepareWorkload(object, zeros);
    setTemplateGeneration(object, Math.max(1, templateGeneration(object)));
  },
  validate,
  prepareForUpdate(object, old) {
    keep("status", object, old);
    const before = templateGeneration(old);
    setTemplateGeneration(object, isTemplateChanged(object, old) ? before + 1 : before);
    countGeneration(object, old);
  },
  validateUpdate: (object, old) => [
    ...validateImmutable("spec.selector", shownSelector(specOf(object).selector), specOf(old).selector),
    ...validate(object),
  ],
  prepareForStatusUpdate: (object, old) => keep("spec", object, old),
  validateStatusUpdate: (object, old) => [
    ...validateCounts((object["status"] ?? {}) as Readonly<Record<string, unknown>>, counts),
    ...validateCollisionCount(object, old),
  ],
};
