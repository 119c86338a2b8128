import type { Members } from "./json-object.ts";
import { typeFault } from "./type-fault.ts";
import type { FieldPlan, TypePlan } from "./type-plan.ts";

// Each takes a value of JSON for what its field says it is. All throw CodecError `malformed` in Go's words.

export function checkText(owner: TypePlan, field: FieldPlan, value: unknown, depth: number): string {
  if (typeof value !== "string") throw typeFault(owner, depth, elementGoType(field), value);
  return value;
}

const int32Max = 2 ** 31 - 1;
const int64Limit = 2 ** 63;

export function checkInteger(owner: TypePlan, field: FieldPlan, value: unknown, depth: number): number {
  const isInteger = typeof value === "number" && Number.isInteger(value);
  const fits =
    isInteger &&
    (field.wireType === "int32"
      ? value >= -int32Max - 1 && value <= int32Max
      : value >= -int64Limit && value < int64Limit);
  if (!fits) throw typeFault(owner, depth, elementGoType(field), value);
  return value;
}

export function checkList(owner: TypePlan, field: FieldPlan, value: unknown, depth: number): readonly unknown[] {
  if (!Array.isArray(value)) throw typeFault(owner, depth, field.goType, value);
  return value;
}

/** Of a map and of a nested object. */
export function checkMembers(owner: TypePlan, field: FieldPlan, value: unknown, depth: number): Members {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    // An element of a list is named by its own type, a map by the whole.
    const goType = field.list === true && field.map !== true ? elementGoType(field) : field.goType;
    throw typeFault(owner, depth, goType, value);
  }
  return value as Members;
}

/** Of a time: Go's own unmarshaller asks for a string. */
export function checkTimeText(owner: TypePlan, value: unknown, depth: number): string {
  if (typeof value !== "string") throw typeFault(owner, depth, "string", value);
  return value;
}

export function checkIntOrString(owner: TypePlan, value: unknown, depth: number): number | string {
  if (typeof value === "string") return value;
  if (typeof value !== "number" || (value | 0) !== value) throw typeFault(owner, depth, "int32", value);
  return value;
}

/** The Go type of one element. */
function elementGoType({ goType, list, map }: FieldPlan): string {
  const element = map === true ? goType.replace(/^map\[[\w.]+\]/, "") : goType;
  return list === true && element.startsWith("[]") ? element.slice(2) : element;
}
