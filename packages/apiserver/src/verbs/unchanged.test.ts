import { describe, expect, it } from "vitest";
import { unchanged } from "./unchanged.ts";

describe("unchanged", () => {
  it.each([
    [{ data: { k: "" } }, {}],
    [{ metadata: { labels: { a: "" } } }, { metadata: { labels: { b: "" } } }],
    [{ spec: { replicas: 0 } }, {}],
    [{ list: [1, 2] }, { list: [2, 1] }],
  ])("tells %j from %j", (a, b) => {
    expect(unchanged(a, b)).toBe(false);
    expect(unchanged(b, a)).toBe(false);
  });

  it.each([
    [{ spec: {}, status: null, list: [] }, {}],
    [
      { a: 1, b: { c: [{}] } },
      { b: { c: [{}] }, a: 1 },
    ],
  ])("takes %j for %j", (a, b) => {
    expect(unchanged(a, b)).toBe(true);
    expect(unchanged(b, a)).toBe(true);
  });
});
