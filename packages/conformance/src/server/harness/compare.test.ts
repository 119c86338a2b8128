import { describe, expect, it } from "vitest";
import { differences, differenceText } from "./compare.ts";
import { DifferenceTable, withoutKnown } from "./known-differences.ts";

describe("differences", () => {
  it("finds none in equal values, in whatever order their members are", () => {
    expect(differences({ a: [1, { b: null }], c: "x" }, { c: "x", a: [1, { b: null }] })).toEqual([]);
  });

  it("names each place, and what is missing on either side", () => {
    const found = differences({ a: [1, 2], b: { c: 1 }, d: null }, { a: [1], b: { c: "1", e: 0 }, d: undefined });
    expect(found.map(differenceText)).toEqual([
      "a.1: 2 expected, nothing found",
      'b.c: 1 expected, "1" found',
      "b.e: nothing expected, 0 found",
      "d: null expected, nothing found",
    ]);
  });

  it("takes a list and an object as two things", () => {
    expect(differences({ a: [] }, { a: {} })).toHaveLength(1);
  });
});

describe("DifferenceTable", () => {
  const table = [
    { cases: /^a/, path: /\.managedFields$/, reason: "no managers" },
    { cases: /./, path: /\.other$/, reason: "never happens" },
  ];

  it("lets pass what it knows, and tells what it was not needed for", () => {
    const judge = new DifferenceTable(table);
    const found = differences({ m: { managedFields: 1, x: 1 } }, { m: { x: 2 } });
    expect(judge.unknown("a case", found).map(({ path }) => path)).toEqual(["m.x"]);
    expect(judge.unused()).toEqual([table[1]]);
    expect(judge.unknown("b case", found).map(({ path }) => path)).toEqual(["m.managedFields", "m.x"]);
  });

  it("takes out of a transcript what it knows", () => {
    const value = { m: [{ managedFields: 1, x: 1 }], other: 2 };
    expect(withoutKnown(value, "a case", table, "0")).toEqual({ m: [{ x: 1 }] });
    expect(withoutKnown(value, "b case", table, "0")).toEqual({ m: [{ managedFields: 1, x: 1 }] });
  });
});
