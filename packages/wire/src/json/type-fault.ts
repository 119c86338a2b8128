import { CodecError } from "../codec-error.ts";
import type { TypePlan } from "./type-plan.ts";

/**
 * The names from the root to where a conversion is: `trail[depth]` is the member at that depth. One for all, since
 * conversions run to their end before another starts.
 */
export const trail: string[] = [];

/** What Go's JSON decoder calls a value of the wrong type. */
function valueName(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  if (value === null) return "null";
  return typeof value;
}

/** A value of another type than its field has, in the words of Go's decoder (encoding/json, UnmarshalTypeError). */
export function typeFault(owner: TypePlan, depth: number, goType: string, value: unknown): CodecError {
  const path = trail.slice(0, depth + 1).join(".");
  const number = typeof value === "number" && goType.startsWith("int") ? `number ${value}` : valueName(value);
  return new CodecError(
    "malformed",
    `json: cannot unmarshal ${number} into Go struct field ${owner.goName}.${path} of type ${goType}`,
  );
}
