import { semanticEqual } from "../semantic-equal.ts";
import { type FieldErrors, invalid, invalidEach } from "./field-error.ts";
import { dnsLabelFaults, dnsSubdomainFaults, qualifiedNameFaults } from "./names.ts";

export const negativeText = "must be greater than or equal to 0";

/** Absent is right. */
export function validateNonNegative(field: string, value: number | undefined): FieldErrors {
  return value !== undefined && value < 0 ? [invalid(field, value, negativeText)] : [];
}

export function validatePositive(field: string, value: number): FieldErrors {
  return value <= 0 ? [invalid(field, value, "must be greater than zero")] : [];
}

export function validateDnsLabel(field: string, value: string): FieldErrors {
  return invalidEach(field, value, dnsLabelFaults(value));
}

export function validateDnsSubdomain(field: string, value: string): FieldErrors {
  return invalidEach(field, value, dnsSubdomainFaults(value));
}

export function validateQualifiedName(field: string, value: string): FieldErrors {
  return invalidEach(field, value, qualifiedNameFaults(value));
}

/** apimachinery/pkg/api/validation/objectmeta.go ValidateImmutableField */
export function validateImmutable(field: string, value: unknown, old: unknown): FieldErrors {
  return semanticEqual(value, old) ? [] : [invalid(field, value, "field is immutable")];
}

/** Replica counts of a status, none of them greater than the number of replicas. */
export function validateNotMoreThan(
  status: Readonly<Record<string, unknown>>,
  members: readonly string[],
  limit: string,
  message: string,
): FieldErrors {
  return members.flatMap((member) => {
    const value = Number(status[member] ?? 0);
    return value > Number(status[limit] ?? 0) ? [invalid(`status.${member}`, value, message)] : [];
  });
}

/** Counts of a status that are not negative. */
export function validateCounts(status: Readonly<Record<string, unknown>>, members: readonly string[]): FieldErrors {
  return members.flatMap((member) => validateNonNegative(`status.${member}`, status[member] as number | undefined));
}
