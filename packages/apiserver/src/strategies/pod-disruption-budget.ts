import type { json } from "@hollowfleet/wire";
import type { KubeObject } from "../object.ts";
import type { Strategy } from "./strategy.ts";
import { validateCounts } from "./validation/common.ts";
import { type FieldErrors, invalid, notSupported } from "./validation/field-error.ts";
import { validateAtMost100Percent, validateIntOrPercent } from "./validation/int-or-percent.ts";
import { validateLabelSelector } from "./validation/labels.ts";
import { as, countGeneration, keep, startGeneration } from "./views.ts";

// pkg/registry/policy/poddisruptionbudget/strategy.go; policy/validation/validation.go

const evictionPolicies = ["AlwaysAllow", "IfHealthyBudget"];

function validate(object: KubeObject): FieldErrors {
  const spec = as<json.PodDisruptionBudget>(object).spec ?? {};
  const { minAvailable: least, maxUnavailable: most, selector, unhealthyPodEvictionPolicy: policy } = spec;
  const both = least !== undefined && most !== undefined;
  const shown = {
    MinAvailable: least ?? null,
    Selector: selector ?? null,
    MaxUnavailable: most ?? null,
    UnhealthyPodEvictionPolicy: policy ?? null,
  };
  return [
    ...(both ? [invalid("spec", shown, "minAvailable and maxUnavailable cannot be both set")] : []),
    ...validateAmount("spec.minAvailable", least),
    ...validateAmount("spec.maxUnavailable", most),
    ...validateLabelSelector("spec.selector", selector),
    ...(policy === undefined || evictionPolicies.includes(policy)
      ? []
      : [notSupported("spec.unhealthyPodEvictionPolicy", policy, evictionPolicies)]),
  ];
}

function validateAmount(field: string, amount: number | string | undefined): FieldErrors {
  if (amount === undefined) return [];
  return [...validateIntOrPercent(field, amount), ...validateAtMost100Percent(field, amount)];
}

const counts = ["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"];

export const podDisruptionBudgetStrategy: Strategy = {
  prepareForCreate(object) {
    object["status"] = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
    startGeneration(object);
  },
  validate,
  prepareForUpdate(object, old) {
    keep("status", object, old);
    countGeneration(object, old);
  },
  validateUpdate: validate,
  prepareForStatusUpdate: (object, old) => keep("spec", object, old),
  validateStatusUpdate: (object) => validateCounts((object["status"] ?? {}) as Record<string, unknown>, counts),
  allowUnconditionalUpdate: false,
  // Its validation does not look at metadata, so that the common checks are all there is.
  nameRule: "path-segment",
  anyFinalizers: true,
  metadataLast: true,
};
