import type { json } from "@hollowfleet/wire";
import type { KubeObject } from "../../object.ts";
import { setTemplateDefaults } from "../pod/pod-template.ts";
import { semanticEqual } from "../semantic-equal.ts";
import type { Strategy } from "../strategy.ts";
import { validateCounts, validateImmutable, validateNonNegative, validateNotMoreThan } from "../validation/common.ts";
import { type FieldErrors, forbidden, invalid, notSupported, required } from "../validation/field-error.ts";
import { intOrPercentValue, validateAtMost100Percent, validateIntOrPercent } from "../validation/int-or-percent.ts";
import { shownSelector } from "../validation/labels.ts";
import { as, countGeneration, keep } from "../views.ts";
import { prepareWorkload, validateCollisionCount, validateReplicaTemplate, validateSelector } from "./workload.ts";

// pkg/registry/apps/deployment/strategy.go; apps/v1/defaults.go; apps/validation/validation.go, ValidateDeploymentSpec

function defaults(object: KubeObject): void {
  const deployment = as<json.Deployment>(object);
  deployment.spec ??= {} as json.DeploymentSpec;
  const { spec } = deployment;
  spec.replicas ??= 1;
  spec.strategy ??= {};
  spec.strategy.type ||= "RollingUpdate";
  if (spec.strategy.type === "RollingUpdate") {
    spec.strategy.rollingUpdate ??= {};
    spec.strategy.rollingUpdate.maxUnavailable ??= "25%";
    spec.strategy.rollingUpdate.maxSurge ??= "25%";
  }
  spec.revisionHistoryLimit ??= 10;
  spec.progressDeadlineSeconds ??= 600;
  spec.template ??= {};
  setTemplateDefaults(spec.template);
}

function validateSpec(spec: json.DeploymentSpec): FieldErrors {
  const { progressDeadlineSeconds: deadlineSeconds, minReadySeconds = 0 } = spec;
  const isTooShort = deadlineSeconds !== undefined && deadlineSeconds <= minReadySeconds;
  return [
    ...validateNonNegative("spec.replicas", spec.replicas),
    ...validateSelector(spec.selector, "deployment"),
    ...validateReplicaTemplate(spec),
    ...validateStrategy(spec.strategy ?? {}),
    ...validateNonNegative("spec.minReadySeconds", minReadySeconds),
    ...validateNonNegative("spec.revisionHistoryLimit", spec.revisionHistoryLimit),
    ...validateNonNegative("spec.progressDeadlineSeconds", deadlineSeconds),
    ...(isTooShort
      ? [invalid("spec.progressDeadlineSeconds", deadlineSeconds, "must be greater than minReadySeconds")]
      : []),
  ];
}

function validateStrategy({ type = "", rollingUpdate }: json.DeploymentStrategy): FieldErrors {
  const field = "spec.strategy";
  if (type === "Recreate") {
    if (rollingUpdate === undefined) return [];
    return [forbidden(`${field}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'")];
  }
  if (type !== "RollingUpdate") {
    const shown = { Type: type, RollingUpdate: rollingUpdate ? inGoForm(rollingUpdate) : null };
    return [notSupported(field, shown, ["Recreate", "RollingUpdate"])];
  }
  if (rollingUpdate === undefined) {
    return [required(`${field}.rollingUpdate`, "this should be defaulted and never be nil")];
  }
  return validateRollingUpdate(`${field}.rollingUpdate`, rollingUpdate);
}

/** The internal type has no JSON names. */
function inGoForm({ maxUnavailable = 0, maxSurge = 0 }: json.RollingUpdateDeployment): unknown {
  return { MaxUnavailable: maxUnavailable, MaxSurge: maxSurge };
}

function validateRollingUpdate(field: string, update: json.RollingUpdateDeployment): FieldErrors {
  const { maxUnavailable = 0, maxSurge = 0 } = update;
  const stands = intOrPercentValue(maxUnavailable) === 0 && intOrPercentValue(maxSurge) === 0;
  return [
    ...validateIntOrPercent(`${field}.maxUnavailable`, maxUnavailable),
    ...validateIntOrPercent(`${field}.maxSurge`, maxSurge),
    ...(stands ? [invalid(`${field}.maxUnavailable`, maxUnavailable, "may not be 0 when `maxSurge` is 0")] : []),
    ...validateAtMost100Percent(`${field}.maxUnavailable`, maxUnavailable),
  ];
}

const counts = [
  "observedGeneration",
  "replicas",
  "updatedReplicas",
  "readyReplicas",
  "availableReplicas",
  "unavailableReplicas",
  "terminatingReplicas",
  "collisionCount",
];

function validateStatus(object: KubeObject, old: KubeObject): FieldErrors {
  const status = (object["status"] ?? {}) as Readonly<Record<string, unknown>>;
  const members = ["updatedReplicas", "readyReplicas", "availableReplicas"];
  return [
    ...validateCounts(status, counts),
    ...validateNotMoreThan(status, members, "replicas", "cannot be greater than status.replicas"),
    ...validateNotMoreThan(status, ["availableReplicas"], "readyReplicas", "cannot be greater than readyReplicas"),
    ...validateCollisionCount(object, old),
  ];
}

function specOf(object: KubeObject): json.DeploymentSpec {
  return as<json.Deployment>(object).spec ?? ({} as json.DeploymentSpec);
}

export const deploymentStrategy: Strategy = {
  defaults,
  prepareForCreate: (object) => prepareWorkload(object),
  validate: (object) => validateSpec(specOf(object)),
  prepareForUpdate(object, old) {
    keep("status", object, old);
    // Annotations count, since they are copied to the ReplicaSets.
    const { annotations } = old.metadata;
    const isSame =
      semanticEqual(object["spec"], old["spec"]) && semanticEqual(object.metadata.annotations, annotations);
    countGeneration(object, old, !isSame);
  },
  validateUpdate: (object, old) => [
    ...validateSpec(specOf(object)),
    ...validateImmutable("spec.selector", shownSelector(specOf(object).selector), specOf(old).selector),
  ],
  prepareForStatusUpdate(object, old) {
    keep("spec", object, old);
    const { labels } = old.metadata;
    if (labels === undefined) delete object.metadata.labels;
    else object.metadata.labels = labels;
  },
  validateStatusUpdate: validateStatus,
};
