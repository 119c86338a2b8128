import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { kinds } from "./kinds.ts";
import { hasAnnotation, peekAnnotation, peekMeta } from "./metadata.ts";
import { encodeFields, objectOf, schema, unknownField } from "./schema.testing.ts";

const pods = objectOf(schema.lookupType("k8s.io.api.core.v1.Pod"));
const unknown = fc.array(unknownField(fc.integer({ min: 100, max: 2000 })), { maxLength: 4 }).map(encodeFields);

describe("peekMeta", () => {
  test("reads what decode reads, past everything else", () => {
    fc.assert(
      fc.property(pods, unknown, (object, around) => {
        const raw = Buffer.concat([around, kinds.Pod.encode(object), around]);
        const metadata = kinds.Pod.decode(raw).metadata ?? {};
        fc.pre((metadata.generation ?? 0) >= 0);
        const { name = "", namespace = "", uid = "", resourceVersion = "", generation = 0 } = metadata;
        expect(peekMeta(raw)).toEqual({ name, namespace, uid, resourceVersion, generation });
      }),
    );
  });

  test("reads empty names where there is no metadata", () => {
    expect(peekMeta(new Uint8Array(0))).toMatchObject({ name: "", resourceVersion: "", generation: 0 });
  });

  test("throws on a cut", () => {
    const raw = kinds.Node.encode({ metadata: { name: "n1", generation: 300 } });
    for (let length = 1; length < raw.length; length++) {
      expect(() => peekMeta(raw.subarray(0, length))).toThrow(expect.objectContaining({ code: "truncated" }));
    }
  });
});

describe("peekAnnotation", () => {
  const keys = fc.constantFrom("a", "b", "a/b", "hollowfleet.io/run-time", "");
  const annotations = fc.dictionary(keys, fc.string({ maxLength: 300, unit: "grapheme" }), { noNullPrototype: true });

  test("finds each annotation and no other", () => {
    fc.assert(
      fc.property(annotations, keys, unknown, (values, key, around) => {
        const raw = Buffer.concat([
          around,
          kinds.Pod.encode({ metadata: { labels: { a: "l" }, annotations: values } }),
        ]);
        expect(peekAnnotation(raw, key)).toBe(Object.hasOwn(values, key) ? values[key] : undefined);
        expect(hasAnnotation(raw, key)).toBe(Object.hasOwn(values, key));
      }),
    );
  });
});
