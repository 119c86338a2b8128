import type { Members } from "./json-object.ts";
import type { FieldPlan, TypePlan, WireType } from "./type-plan.ts";

const zeros: Readonly<Record<Exclude<WireType, "object">, unknown>> = {
  string: "",
  int32: 0,
  int64: 0,
  bool: false,
  bytes: null,
  time: null,
  microtime: null,
  quantity: "0",
  intOrString: 0,
  raw: null,
};

/** What Go's JSON shows for a field that was never set and that it always writes. */
export function zeroOf(field: FieldPlan): unknown {
  if (field.zeroIsNull) return null;
  return elementZero(field);
}

/** What Go's JSON shows for an element that was null: the zero of the element's type. */
export function elementZero(field: FieldPlan): unknown {
  if (field.message !== undefined) return fillAlways(field.message, { ...field.embeddedKind });
  return zeros[field.wireType as Exclude<WireType, "object">];
}

/** Adds what is missing of the members that are always written. */
export function fillAlways(plan: TypePlan, out: Members): Members {
  const { always } = plan;
  for (let at = 0; at < always.length; at++) {
    const field = always[at] as FieldPlan;
    if (out[field.name] === undefined) out[field.name] = zeroOf(field);
  }
  return out;
}
