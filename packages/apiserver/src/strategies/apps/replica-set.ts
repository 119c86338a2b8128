import type { json } from "@hollowfleet/wire";
import type { KubeObject } from "../../object.ts";
import { setTemplateDefaults } from "../pod/pod-template.ts";
import type { Strategy } from "../strategy.ts";
import { validateCounts, validateImmutable, validateNonNegative, validateNotMoreThan } from "../validation/common.ts";
import type { FieldErrors } from "../validation/field-error.ts";
import { shownSelector } from "../validation/labels.ts";
import { as, keep } from "../views.ts";
import { prepareWorkload, prepareWorkloadUpdate, validateReplicaTemplate, validateSelector } from "./workload.ts";

// pkg/registry/apps/replicaset/strategy.go; apps/validation/validation.go, ValidateReplicaSetSpec

function defaults(object: KubeObject): void {
  const set = as<json.ReplicaSet>(object);
  set.spec ??= {} as json.ReplicaSetSpec;
  set.spec.replicas ??= 1;
  set.spec.template ??= {};
  setTemplateDefaults(set.spec.template);
}

function specOf(object: KubeObject): json.ReplicaSetSpec {
  return as<json.ReplicaSet>(object).spec ?? ({} as json.ReplicaSetSpec);
}

function validate(object: KubeObject): FieldErrors {
  const spec = specOf(object);
  return [
    ...validateNonNegative("spec.replicas", spec.replicas),
    ...validateNonNegative("spec.minReadySeconds", spec.minReadySeconds),
    // The real server calls it a deployment here, too.
    ...validateSelector(spec.selector, "deployment"),
    ...validateReplicaTemplate(spec),
  ];
}

const counts = [
  "replicas",
  "fullyLabeledReplicas",
  "readyReplicas",
  "availableReplicas",
  "observedGeneration",
  "terminatingReplicas",
];

/** Of ReplicaSets and of ReplicationControllers. */
export function validateReplicaStatus(object: KubeObject): FieldErrors {
  const status = (object["status"] ?? {}) as Readonly<Record<string, unknown>>;
  const members = ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"];
  return [
    ...validateCounts(status, counts),
    ...validateNotMoreThan(status, members, "replicas", "cannot be greater than status.replicas"),
    ...validateNotMoreThan(status, ["availableReplicas"], "readyReplicas", "cannot be greater than readyReplicas"),
  ];
}

/** Both kinds can be selected by how many pods they have. */
export function replicaFields(object: KubeObject): Record<string, string> {
  return { "status.replicas": String(as<json.ReplicaSet>(object).status?.replicas ?? 0) };
}

export const replicaSetStrategy: Strategy = {
  defaults,
  prepareForCreate: (object) => prepareWorkload(object, { replicas: 0 }),
  validate,
  prepareForUpdate: prepareWorkloadUpdate,
  validateUpdate: (object, old) => [
    ...validate(object),
    ...validateImmutable("spec.selector", shownSelector(specOf(object).selector), specOf(old).selector),
  ],
  prepareForStatusUpdate: (object, old) => keep("spec", object, old),
  validateStatusUpdate: validateReplicaStatus,
  selectableFields: replicaFields,
};
