import { type FieldErrors, invalid, notSupported } from "./validation/field-error.ts";

/** What DELETE says about dependents, as its query or body has it. */
export interface Propagation {
  readonly orphanDependents?: boolean;
  readonly propagationPolicy?: string;
}

const policies = ["Foreground", "Background", "Orphan"];

/** apimachinery/pkg/apis/meta/v1/validation/validation.go, ValidateDeleteOptions */
export function validateDeleteOptions({ orphanDependents, propagationPolicy: policy }: Propagation): FieldErrors {
  const field = "propagationPolicy";
  if (policy === undefined) return [];
  return [
    ...(orphanDependents === undefined
      ? []
      : [invalid(field, policy, "orphanDependents and deletionPropagation cannot be both set")]),
    ...(policies.includes(policy) ? [] : [notSupported(field, policy, [...policies, "nil"])]),
  ];
}
