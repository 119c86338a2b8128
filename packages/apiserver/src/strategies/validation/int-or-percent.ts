import { validateNonNegative } from "./common.ts";
import { type FieldErrors, invalid, invalidEach } from "./field-error.ts";
import { percentFaults } from "./names.ts";

// apps/validation/validation.go: a count, or a share such as "25%"

export function validateIntOrPercent(field: string, value: number | string): FieldErrors {
  if (typeof value === "number") return validateNonNegative(field, value);
  return invalidEach(field, value, percentFaults(value));
}

export function validateAtMost100Percent(field: string, value: number | string): FieldErrors {
  const isMore = typeof value === "string" && percentFaults(value).length === 0 && intOrPercentValue(value) > 100;
  return isMore ? [invalid(field, value, "must not be greater than 100%")] : [];
}

/** The number before the sign; 0 for a text that has none. */
export function intOrPercentValue(value: number | string): number {
  const count = typeof value === "number" ? value : Number.parseInt(value, 10);
  return Number.isNaN(count) ? 0 : count;
}
