import type { StatusCause } from "../../api-error.ts";

// The kinds of faults and their words are those of apimachinery/pkg/util/validation/field/errors.go; clients match on them.

/** Faults in the order in which the real server finds them. Where it walks a Go map, its order is random and ours is not. */
export type FieldErrors = readonly StatusCause[];

function cause(reason: string, field: string, head: string, detail: string): StatusCause {
  return { reason, message: detail === "" ? head : `${head}: ${detail}`, field };
}

/** A value as a fault quotes it; what is absent reads as null. */
function quoted(value: unknown): string {
  return JSON.stringify(value) ?? "null";
}

export function required(field: string, detail = ""): StatusCause {
  return cause("FieldValueRequired", field, "Required value", detail);
}

export function invalid(field: string, value: unknown, detail: string): StatusCause {
  return cause("FieldValueInvalid", field, `Invalid value: ${quoted(value)}`, detail);
}

/** Invalid, without showing the value. */
export function invalidHidden(field: string, detail: string): StatusCause {
  return cause("FieldValueInvalid", field, "Invalid value", detail);
}

/** @param supported in the order in which they are named */
export function notSupported(field: string, value: unknown, supported: readonly string[]): StatusCause {
  const detail = supported.length === 0 ? "" : `supported values: ${supported.map((text) => quoted(text)).join(", ")}`;
  return cause("FieldValueNotSupported", field, `Unsupported value: ${quoted(value)}`, detail);
}

export function duplicate(field: string, value: unknown, detail = ""): StatusCause {
  return cause("FieldValueDuplicate", field, `Duplicate value: ${quoted(value)}`, detail);
}

export function notFound(field: string, value: unknown, detail = ""): StatusCause {
  return cause("FieldValueNotFound", field, `Not found: ${quoted(value)}`, detail);
}

export function forbidden(field: string, detail: string): StatusCause {
  return cause("FieldValueForbidden", field, "Forbidden", detail);
}

/** @param most bytes */
export function tooLong(field: string, most: number): StatusCause {
  return cause("FieldValueTooLong", field, "Too long", `may not be more than ${most} ${most === 1 ? "byte" : "bytes"}`);
}

export function tooMany(field: string, count: number, most: number): StatusCause {
  const detail = `must have at most ${most} ${most === 1 ? "item" : "items"}`;
  return cause("FieldValueTooMany", field, `Too many: ${count}`, detail);
}

/** One fault of the value for each message. */
export function invalidEach(field: string, value: unknown, messages: readonly string[]): FieldErrors {
  return messages.map((message) => invalid(field, value, message));
}
