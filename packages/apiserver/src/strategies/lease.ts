import type { json } from "@hollowfleet/wire";
import type { KubeObject } from "../object.ts";
import type { Strategy } from "./strategy.ts";
import { negativeText } from "./validation/common.ts";
import { type FieldErrors, invalid } from "./validation/field-error.ts";
import { as } from "./views.ts";

// pkg/registry/coordination/lease/strategy.go; coordination/validation/validation.go

function validate(object: KubeObject): FieldErrors {
  const { leaseDurationSeconds: seconds, leaseTransitions: transitions } = as<json.Lease>(object).spec ?? {};
  return [
    ...(seconds !== undefined && seconds <= 0
      ? [invalid("spec.leaseDurationSeconds", seconds, "must be greater than 0")]
      : []),
    ...(transitions !== undefined && transitions < 0
      ? [invalid("spec.leaseTransitions", transitions, negativeText)]
      : []),
  ];
}

/** Coordinated leader election is off by default, and what it needs is dropped. */
function dropElection(object: KubeObject): void {
  const { spec } = as<json.Lease>(object);
  delete spec?.strategy;
  delete spec?.preferredHolder;
}

export const leaseStrategy: Strategy = {
  prepareForCreate: dropElection,
  validate,
  prepareForUpdate: dropElection,
  validateUpdate: validate,
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: false,
  anyFinalizers: true,
};
