import type { json } from "@hollowfleet/wire";
import type { KubeObject } from "../../object.ts";
import {
  setTemplateDefaults,
  validateRunsForever,
  validateTemplate,
  validateTemplateLabels,
} from "../pod/pod-template.ts";
import type { Strategy } from "../strategy.ts";
import { validateNonNegative } from "../validation/common.ts";
import { type FieldErrors, required } from "../validation/field-error.ts";
import { as, keep } from "../views.ts";
import { replicaFields, validateReplicaStatus } from "./replica-set.ts";
import { prepareWorkload, prepareWorkloadUpdate } from "./workload.ts";

// pkg/registry/core/replicationcontroller/strategy.go; core/v1/defaults.go; core/validation/validation.go

function defaults(object: KubeObject): void {
  const controller = as<json.ReplicationController>(object);
  controller.spec ??= {};
  const { spec } = controller;
  spec.replicas ??= 1;
  const labels = spec.template?.metadata?.labels;
  if (labels !== undefined) {
    if (Object.keys(spec.selector ?? {}).length === 0) spec.selector = { ...labels };
    if (Object.keys(object.metadata.labels ?? {}).length === 0) object.metadata.labels = { ...labels };
  }
  setTemplateDefaults(spec.template);
}

function validate(object: KubeObject): FieldErrors {
  const { selector = {}, template, replicas, minReadySeconds } = as<json.ReplicationController>(object).spec ?? {};
  const field = "spec.template";
  const isEmpty = Object.keys(selector).length === 0;
  return [
    ...validateNonNegative("spec.minReadySeconds", minReadySeconds),
    ...(isEmpty ? [required("spec.selector")] : []),
    ...(replicas === undefined ? [required("spec.replicas")] : validateNonNegative("spec.replicas", replicas)),
    ...(template === undefined
      ? [required(field)]
      : [
          ...(isEmpty ? [] : validateTemplateLabels(field, template, { matchLabels: selector })),
          ...validateTemplate(field, template),
          ...validateRunsForever(field, template, "ReplicationController"),
        ]),
  ];
}

export const replicationControllerStrategy: Strategy = {
  defaults,
  prepareForCreate: (object) => prepareWorkload(object, { replicas: 0 }),
  validate,
  prepareForUpdate: prepareWorkloadUpdate,
  validateUpdate: validate,
  prepareForStatusUpdate: (object, old) => keep("spec", object, old),
  validateStatusUpdate: validateReplicaStatus,
  selectableFields: replicaFields,
  // Clients of old expect the pods to stay (DefaultGarbageCollectionPolicy).
  defaultPropagation: "Orphan",
};
