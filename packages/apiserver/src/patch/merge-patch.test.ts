import fc from "fast-check";
import { expect, test } from "vitest";
import { isMembers, type Members } from "./members.ts";
import { mergePatch } from "./merge-patch.ts";

// The object cases of appendix A of RFC 7386.
test.each([
  [{ a: "b" }, { a: "c" }, { a: "c" }],
  [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
  [{ a: "b" }, { a: null }, {}],
  [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
  [{ a: ["b"] }, { a: "c" }, { a: "c" }],
  [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
  [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
  [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  [{}, { a: [null, { b: null, c: 1 }] }, { a: [null, { c: 1 }] }],
])("%j patched with %j", (current, patch, expected) => {
  expect(mergePatch(current, patch)).toEqual(expected);
});

const document = fc.dictionary(fc.string({ maxLength: 3 }), fc.jsonValue({ maxDepth: 3 }), { noNullPrototype: true });

test("changes neither side and is idempotent", () => {
  fc.assert(
    fc.property(document, document, (current, patch) => {
      const before = structuredClone([current, patch]);
      const once = mergePatch(current, patch);
      expect([current, patch]).toEqual(before);
      expect(mergePatch(once, patch)).toEqual(once);
    }),
  );
});

/** The patch that makes one document of the other: what RFC 7386 can express, so without nulls. */
function difference(from: Members, to: Members): Members {
  const patch: Members = {};
  for (const name of Object.keys(from)) if (!Object.hasOwn(to, name)) patch[name] = null;
  for (const [name, value] of Object.entries(to)) {
    const old = Object.hasOwn(from, name) ? from[name] : undefined;
    patch[name] = isMembers(value) && isMembers(old) ? difference(old, value) : value;
  }
  return patch;
}

test("makes of any document any other", () => {
  const scalar = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.array(fc.integer(), { maxLength: 2 }));
  const { tree } = fc.letrec<{ tree: Members }>((tie) => ({
    tree: fc.dictionary(fc.constantFrom("a", "b", "c", "constructor"), fc.oneof({ maxDepth: 3 }, scalar, tie("tree")), {
      noNullPrototype: true,
    }),
  }));
  fc.assert(
    fc.property(tree, tree, (from, to) => {
      expect(mergePatch(from, difference(from, to))).toEqual(to);
    }),
  );
});

test("a member called __proto__ is data like any other", () => {
  const patched = mergePatch({}, JSON.parse('{"__proto__":{"polluted":true}}'));
  expect(Object.keys(patched)).toEqual(["__proto__"]);
  expect(patched["polluted"]).toBeUndefined();
});
