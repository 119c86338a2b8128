import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytes, clockTime, count, counted, duration, percent, span } from "./figures.ts";

describe("figures", () => {
  it.each([
    [0, "0 µs"],
    [999.4, "999 µs"],
    [999.6, "1 ms"],
    [49_500, "49.5 ms"],
    [999_499, "999 ms"],
    [999_600, "1 s"],
    [1_254_000, "1.25 s"],
    [30_000_000, "30 s"],
    [124_000_000, "2m 04s"],
  ])("writes a span of %d µs as %s", (us, text) => expect(span(us)).toBe(text));

  it.each([
    [0, "0 s"],
    [9_340, "9.34 s"],
    [59_949, "59.9 s"],
    [59_960, "1m 00s"],
    [3_599_600, "1h 00m"],
    [3_725_000, "1h 02m"],
  ])("writes a duration of %d ms as %s", (ms, text) => expect(duration(ms)).toBe(text));

  it.each([
    [0, "0 %"],
    [0.000001, "< 0.01 %"],
    [0.0004, "0.04 %"],
    [0.1234, "12.3 %"],
    [0.9996, "99.96 %"],
    [0.999999, "99.99 %"],
    [1, "100 %"],
    [1.5, "150 %"],
  ])("writes a share of %d as %s", (share, text) => expect(percent(share)).toBe(text));

  it("writes counts, bytes and places in time", () => {
    expect([count(10_000), counted(1, "pod"), counted(2, "pod")]).toEqual(["10,000", "1 pod", "2 pods"]);
    expect([bytes(512), bytes(25_769_803_776), bytes(432_013_312)]).toEqual(["512 B", "24 GiB", "412 MiB"]);
    expect([clockTime(7_900), clockTime(750_000), clockTime(3_723_000)]).toEqual(["0:07", "12:30", "1:02:03"]);
  });

  it("never takes more room than a column gives", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_600_000_000 }), (us) => {
        expect(span(us).length).toBeLessThanOrEqual(7);
      }),
    );
  });
});
