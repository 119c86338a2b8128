import type { json } from "@hollowfleet/wire";
import { type FieldErrors, invalid, notSupported, required } from "../validation/field-error.ts";
import { validateLabelName } from "../validation/labels.ts";
import { labelValueFaults } from "../validation/names.ts";

// core/validation/validation.go, ValidateTolerations and validateTaintEffect

const effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
const anyTaint = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';

export function validateTolerations(field: string, tolerations: readonly json.Toleration[] = []): FieldErrors {
  return tolerations.flatMap((toleration, index) => {
    const path = `${field}[${index}]`;
    const { key = "", operator = "", effect = "", tolerationSeconds } = toleration;
    const isTimed = tolerationSeconds !== undefined && effect !== "NoExecute";
    const timed = "effect must be 'NoExecute' when `tolerationSeconds` is set";
    return [
      ...(key === "" ? [] : validateLabelName(`${path}.key`, key)),
      ...(key === "" && operator !== "Exists" ? [invalid(`${path}.operator`, operator, anyTaint)] : []),
      ...(isTimed ? [invalid(`${path}.effect`, effect, timed)] : []),
      ...validateOperator(`${path}.operator`, toleration),
      ...(effect === "" || effects.includes(effect) ? [] : [notSupported(`${path}.effect`, effect, effects)]),
    ];
  });
}

function validateOperator(field: string, { operator = "", value = "" }: json.Toleration): FieldErrors {
  switch (operator) {
    case "":
    case "Equal": {
      const faults = labelValueFaults(value);
      return faults.length === 0 ? [] : [invalid(field, value, faults.join(";"))];
    }
    case "Exists":
      return value === "" ? [] : [invalid(field, value, "value must be empty when `operator` is 'Exists'")];
    case "Lt":
    case "Gt":
      // Known, but not yet allowed: TaintTolerationComparisonOperators is alpha in 1.36.
      return [notSupported(field, operator, ["Equal", "Exists", "Lt", "Gt"])];
    default:
      return [notSupported(field, operator, ["Equal", "Exists"])];
  }
}

export function validateTaintEffect(field: string, effect: string): FieldErrors {
  if (effect === "") return [required(field)];
  return effects.includes(effect) ? [] : [notSupported(field, effect, effects)];
}
