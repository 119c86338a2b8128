import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Cursor } from "./cursor.ts";
import { kinds } from "./kinds.ts";
import { encodeFields, objectOf, schema, unknownField, varintOf, type WireField } from "./schema.testing.ts";
import { type FieldEdit, type FieldValue, splice } from "./splice.ts";

const text = (value: string): FieldValue => ({ wire: "bytes", value: Buffer.from(value) });

/** Reads a message into its fields, to compare what is around an edit. */
function fieldsOf(raw: Uint8Array): { number: number; bytes: string }[] {
  const cursor = new Cursor(raw);
  const fields: { number: number; bytes: string }[] = [];
  for (let start = 0, tag = cursor.tag(); tag !== 0; start = cursor.pos, tag = cursor.tag()) {
    cursor.skip(tag);
    fields.push({ number: Math.floor(tag / 8), bytes: Buffer.from(raw.subarray(start, cursor.pos)).toString("hex") });
  }
  return fields;
}

const numbers = fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constantFrom(15, 16, 2047, 2048, 536870911));
const messages = fc.array(unknownField(numbers), { maxLength: 12 });
const values: fc.Arbitrary<FieldValue> = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((value): FieldValue => ({ wire: "bytes", value })),
  fc.nat(Number.MAX_SAFE_INTEGER).map((value): FieldValue => ({ wire: "varint", value })),
);

function fieldWith(number: number, value: FieldValue): WireField[] {
  if (value.wire === "varint") return [{ number, wire: 0, content: varintOf(value.value) }];
  const contents = value.wire === "bytes" ? [value.value] : value.values;
  return contents.map((content) => ({ number, wire: 2, content }));
}

/** What an edit of a field of the root should give, computed on the list of fields. */
function expected(fields: readonly WireField[], number: number, value: FieldValue | undefined): WireField[] {
  const first = fields.findIndex((field) => field.number === number);
  const at = first < 0 ? fields.length : first;
  const rest = (part: readonly WireField[]): WireField[] => part.filter((field) => field.number !== number);
  const inserted = value === undefined ? [] : fieldWith(number, value);
  return [...rest(fields.slice(0, at)), ...inserted, ...rest(fields.slice(at))];
}

describe("an edit among fields that nobody knows", () => {
  test("changes its field and leaves every other byte in its order", () => {
    fc.assert(
      fc.property(messages, numbers, fc.option(values, { nil: undefined }), (fields, number, value) => {
        const raw = encodeFields(fields);
        const edited = splice(raw, [{ path: [number], value }]);
        expect(edited).toEqual(encodeFields(expected(fields, number, value)));
        const others = (bytes: Uint8Array): unknown => fieldsOf(bytes).filter((field) => field.number !== number);
        expect(others(edited)).toEqual(others(raw));
      }),
    );
  });

  test("reaches into nested messages and corrects their lengths", () => {
    fc.assert(
      fc.property(messages, messages, messages, numbers, values, (before, inner, after, number, value) => {
        const outside = (fields: readonly WireField[]): WireField[] => fields.filter((field) => field.number !== 3);
        const nest = (content: readonly WireField[]): Uint8Array =>
          encodeFields([
            ...outside(before),
            { number: 3, wire: 2, content: encodeFields([{ number: 9, wire: 2, content: encodeFields(content) }]) },
            ...outside(after),
          ]);
        const edited = splice(nest(inner), [{ path: [3, 9, number], value }]);
        expect(edited).toEqual(nest(expected(inner, number, value)));
      }),
    );
  });

  test("creates the messages on its way, and none for a removal", () => {
    fc.assert(
      fc.property(messages, values, (fields, value) => {
        const raw = encodeFields(fields.filter((field) => field.number !== 7));
        const created = splice(raw, [{ path: [7, 8, 1], value }]);
        const inner = encodeFields([{ number: 8, wire: 2, content: encodeFields(fieldWith(1, value)) }]);
        expect(created).toEqual(Buffer.concat([raw, encodeFields([{ number: 7, wire: 2, content: inner }])]));
        expect(splice(raw, [{ path: [7, 8, 1], value: undefined }])).toEqual(raw);
      }),
    );
  });

  test("several edits at once are the same as one after the other", () => {
    const edits = fc.uniqueArray(fc.tuple(numbers, fc.option(values, { nil: undefined })), { selector: ([n]) => n });
    fc.assert(
      fc.property(messages, edits, (fields, pairs) => {
        const list: FieldEdit[] = pairs.map(([number, value]) => ({ path: [number], value }));
        const raw = encodeFields(fields);
        expect(splice(raw, list)).toEqual(list.reduce((bytes, edit) => splice(bytes, [edit]), raw));
      }),
    );
  });
});

describe("an edit of an object", () => {
  const pods = objectOf(schema.lookupType("k8s.io.api.core.v1.Pod"));
  const unknownFields = fc.array(unknownField(fc.integer({ min: 900, max: 999 })), { maxLength: 3 }).map(encodeFields);

  test("decodes to the edited object, unknown fields kept", () => {
    fc.assert(
      fc.property(pods, unknownFields, fc.string(), fc.integer(), (object, unknown, phase, priority) => {
        const pod = kinds.Pod.decode(kinds.Pod.encode(object));
        const raw = Buffer.concat([kinds.Pod.encode(pod), unknown]);
        const edited = splice(raw, [
          { path: [3, 1], value: text(phase) },
          { path: [2, 25], value: { wire: "varint", value: priority } },
          { path: [1, 17], value: undefined },
        ]);
        const { managedFields, ...metadata } = pod.metadata ?? {};
        expect(kinds.Pod.decode(edited)).toEqual({
          ...pod,
          ...(pod.metadata && { metadata }),
          spec: { ...pod.spec, priority },
          status: { ...pod.status, phase },
        });
        expect(Buffer.from(edited).includes(Buffer.from(unknown))).toBe(true);
      }),
    );
  });

  test("equals the encoding of the edited object where the fields were there", () => {
    const renamed = (object: object, name: string): object => ({ ...object, metadata: { name, uid: "u" }, spec: {} });
    fc.assert(
      fc.property(pods, fc.string(), fc.string(), (object, before, after) => {
        const edit = { path: [1, 1], value: text(after) };
        const edited = splice(kinds.Pod.encode(renamed(object, before)), [edit]);
        expect(edited).toEqual(kinds.Pod.encode(renamed(object, after)));
      }),
    );
  });

  test("sets a message that occurs twice once", () => {
    const [first, second] = [
      kinds.Pod.encode({ metadata: { uid: "1" } }),
      kinds.Pod.encode({ metadata: { name: "b" } }),
    ];
    const edited = splice(Buffer.concat([first, second]), [{ path: [1, 1], value: text("c") }]);
    expect(edited).toEqual(Buffer.concat([first, kinds.Pod.encode({ metadata: { name: "c" } })]));
    const added = splice(Buffer.concat([first, first]), [{ path: [1, 1], value: text("c") }]);
    expect(kinds.Pod.decode(added).metadata).toEqual({ uid: "1", name: "c" });
  });

  test("replaces a list", () => {
    const raw = kinds.Pod.encode({ metadata: { name: "web", finalizers: ["a", "b"], managedFields: [{}] } });
    const edited = splice(raw, [
      { path: [1, 14], value: { wire: "repeated", values: [Buffer.from("c"), Buffer.from("d")] } },
    ]);
    expect(kinds.Pod.decode(edited).metadata).toEqual({ name: "web", finalizers: ["c", "d"], managedFields: [{}] });
  });

  test("writes negative numbers in ten bytes", () => {
    const edited = splice(new Uint8Array(0), [{ path: [2, 25], value: { wire: "varint", value: -1 } }]);
    expect(edited).toEqual(kinds.Pod.encode({ spec: { priority: -1 } }));
  });
});

describe("splice refuses", () => {
  const cases: readonly (readonly [string, string, readonly (readonly number[])[], string])[] = [
    ["an empty path", "", [[]], "malformed"],
    ["a path that begins another", "", [[1], [1, 2]], "malformed"],
    ["a way through a number", "0801", [[1, 2]], "malformed"],
    ["bytes cut inside a field", "0a05", [[1]], "truncated"],
    ["a nested length beyond its message", "0a021205", [[1, 2]], "truncated"],
    ["wire types that do not exist", "0f", [[2]], "malformed"],
  ];

  test.each(cases)("%s", (_name, raw, paths, code) => {
    const edits = paths.map((path) => ({ path, value: text("x") }));
    expect(() => splice(Buffer.from(raw, "hex"), edits)).toThrow(expect.objectContaining({ code }));
  });
});

test("no edits give the same bytes back", () => {
  const raw = Buffer.from("0a00", "hex");
  expect(splice(raw, [])).toBe(raw);
});
