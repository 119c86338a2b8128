import fc from "fast-check";
import type { Members } from "./json-object.ts";
import type { FieldPlan, TypePlan, WireType } from "./type-plan.ts";

const seconds = fc.date({ min: new Date("1970-01-01"), max: new Date("9000-01-01"), noInvalidDate: true });
const iso = (date: Date) => date.toISOString().slice(0, 19);

/** Values as clients send them: of the right type, but not always as Go writes them. */
const values: Readonly<Record<Exclude<WireType, "object">, fc.Arbitrary<unknown>>> = {
  string: fc.oneof(fc.constant(""), fc.string({ maxLength: 40, unit: "grapheme" })),
  int32: fc.oneof(fc.constant(0), fc.integer()),
  int64: fc.oneof(fc.constant(0), fc.maxSafeInteger()),
  bool: fc.boolean(),
  bytes: fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes).toString("base64")),
  time: fc.tuple(seconds, fc.constantFrom("Z", ".5Z", "+01:30", "-11:00")).map(([date, zone]) => `${iso(date)}${zone}`),
  microtime: fc
    .tuple(seconds, fc.nat(999_999), fc.constantFrom("Z", "+01:30"))
    .map(([date, micros, zone]) => `${iso(date)}.${String(micros).padStart(6, "0")}${zone}`),
  quantity: fc.oneof(
    fc.integer({ min: -1_000_000, max: 1_000_000 }),
    fc
      .tuple(fc.nat(100_000), fc.constantFrom("", ".5", ".25", ".500"), fc.constantFrom("", "m", "k", "Mi", "Gi", "e3"))
      .map((parts) => parts.join("")),
  ),
  intOrString: fc.oneof(fc.integer(), fc.string({ maxLength: 8 })),
  raw: fc.oneof(
    fc.dictionary(fc.string({ maxLength: 4 }), fc.string(), { maxKeys: 2, noNullPrototype: true }),
    fc.nat(),
  ),
};

const byType = new Map<TypePlan, fc.Arbitrary<Members>>();

/** Any object of the type that protobuf can hold: every member may be absent, null, zero, empty or set. */
export function jsonOf(plan: TypePlan): fc.Arbitrary<Members> {
  const known = byType.get(plan);
  if (known !== undefined) return known;
  const members: Record<string, fc.Arbitrary<unknown>> = {};
  for (const field of onWire(plan)) members[field.name] = memberOf(field);
  const arbitrary = fc.record(members).map((object) => JSON.parse(JSON.stringify(object)) as Members);
  byType.set(plan, arbitrary);
  return arbitrary;
}

function onWire(plan: TypePlan): readonly FieldPlan[] {
  return plan.members.filter(({ tag }) => tag !== 0);
}

function memberOf(field: FieldPlan): fc.Arbitrary<unknown> {
  // Messages seldom, or a Pod would fill pages.
  const absent = { weight: field.message === undefined ? 2 : 8, arbitrary: fc.constant(undefined) };
  return fc.oneof(absent, { weight: 1, arbitrary: fc.constant(null) }, { weight: 3, arbitrary: presentOf(field) });
}

function presentOf(field: FieldPlan): fc.Arbitrary<unknown> {
  const value =
    field.message === undefined ? values[field.wireType as Exclude<WireType, "object">] : jsonOf(field.message);
  const element = fc.oneof({ weight: 9, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) });
  const list = fc.array(element, { maxLength: 2 });
  if (field.map === true) {
    const entry = field.list === true ? list : element;
    return fc.dictionary(fc.string({ maxLength: 8 }), entry, { maxKeys: 2, noNullPrototype: true });
  }
  return field.list === true ? list : value;
}
