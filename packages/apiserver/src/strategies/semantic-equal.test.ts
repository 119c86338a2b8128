import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isEmpty, semanticEqual } from "./semantic-equal.ts";

describe("semanticEqual", () => {
  it("takes what is absent and what is empty as one", () => {
    expect(semanticEqual({ a: 1 }, { a: 1, b: [], c: {}, e: null, f: { g: [] } })).toBe(true);
    expect(semanticEqual(undefined, {})).toBe(true);
  });

  it("tells zero, false and an empty text from what is absent", () => {
    expect(semanticEqual({ labels: { a: "" } }, {})).toBe(false);
    expect(semanticEqual({ labels: { a: "" } }, { labels: { b: "" } })).toBe(false);
    expect(semanticEqual({ a: 0 }, {})).toBe(false);
    expect(semanticEqual({ a: false }, {})).toBe(false);
  });

  it("compares lists in order", () => {
    expect(semanticEqual([1, 2], [2, 1])).toBe(false);
    expect(semanticEqual([1], [1, 2])).toBe(false);
    expect(semanticEqual([{}], [{}])).toBe(true);
    expect(semanticEqual({ 0: 1 }, [1])).toBe(false);
  });

  it("holds for every copy, and both ways", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(semanticEqual(a, structuredClone(a))).toBe(true);
        expect(semanticEqual(a, b)).toBe(semanticEqual(b, a));
        if (isEmpty(a)) expect(semanticEqual(a, undefined)).toBe(true);
      }),
    );
  });
});
