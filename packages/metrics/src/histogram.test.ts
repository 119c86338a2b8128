import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  countAbove,
  emptyHistogram,
  Histogram,
  type HistogramData,
  highestUs,
  mergeHistograms,
  quantiles,
  subtractHistogram,
} from "./histogram.ts";
import { MetricsError } from "./metrics-error.ts";

function recorded(values: readonly number[]): HistogramData {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram.data();
}

/** Spans as they come: mostly short, some up to an hour and beyond. */
const span = fc.oneof(
  fc.integer({ min: 0, max: 5000 }),
  fc.integer({ min: 0, max: 60_000_000 }),
  fc.integer({ min: 0, max: 2 * highestUs }),
);
const spans = fc.array(span, { maxLength: 60 });

describe("a histogram", () => {
  it("is empty without values", () => {
    expect(new Histogram().data()).toEqual(emptyHistogram);
    expect(quantiles(emptyHistogram)).toMatchObject({ count: 0, p99: 0, max: 0 });
  });

  it("keeps count, sum, min and max exactly", () => {
    expect(recorded([7, 1_234_567, 99])).toMatchObject({ count: 3, sumUs: 1_234_673, minUs: 7, maxUs: 1_234_567 });
  });

  it("clamps above an hour, and counts it", () => {
    expect(recorded([highestUs + 1, 5])).toMatchObject({ count: 2, maxUs: highestUs, clamped: 1 });
  });

  it("records a clock that stepped back, and nonsense, as 0", () => {
    expect(recorded([-5, Number.NaN])).toMatchObject({ count: 2, minUs: 0, maxUs: 0 });
  });

  it("reads quantiles to three digits, never below the truth", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: highestUs }), { minLength: 1, maxLength: 60 }), (values) => {
        const sorted = [...values].sort((a, b) => a - b);
        const read = quantiles(recorded(values));
        for (const [share, value] of [
          [0.5, read.p50],
          [0.9, read.p90],
          [0.99, read.p99],
        ] as const) {
          const exact = sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
          expect(value).toBeGreaterThanOrEqual(exact);
          expect(value).toBeLessThanOrEqual(Math.ceil(exact * 1.001));
        }
        expect(read.min).toBe(sorted[0]);
        expect(read.max).toBe(sorted.at(-1));
      }),
    );
  });

  it("refuses a text that is no histogram", () => {
    expect(() => quantiles({ ...recorded([1]), hdr: "bm90IGEgaGlzdG9ncmFt" })).toThrow(MetricsError);
  });
});

describe("merging", () => {
  it("gives what one histogram of all values would have held", () => {
    fc.assert(
      fc.property(fc.array(spans, { maxLength: 5 }), (parts) => {
        const merged = mergeHistograms(parts.map(recorded));
        const whole = recorded(parts.flat());
        expect(quantiles(merged)).toEqual(quantiles(whole));
        expect({ ...merged, hdr: "" }).toEqual({ ...whole, hdr: "" });
      }),
    );
  });

  it("is undone by subtracting", () => {
    fc.assert(
      fc.property(spans, spans, (before, after) => {
        const part = subtractHistogram(recorded([...before, ...after]), recorded(before));
        const { min: _, max, mean, ...counted } = quantiles(part);
        const { min: __, max: trueMax, mean: trueMean, ...expected } = quantiles(recorded(after));
        expect(part.count).toBe(after.length);
        expect(mean).toBe(trueMean);
        expect(max).toBeGreaterThanOrEqual(trueMax);
        for (const [name, value] of Object.entries(counted)) {
          const exact = expected[name as keyof typeof expected];
          expect(Math.abs(value - exact)).toBeLessThanOrEqual(Math.ceil(exact * 0.001));
        }
      }),
    );
  });
});

describe("countAbove", () => {
  it("does not count the limit itself", () => {
    expect(countAbove(recorded([999_000, 1_000_000, 1_002_000, 5_000_000]), 1_000_000)).toBe(2);
  });

  it("is the complement of what lies at or below, to three digits", () => {
    fc.assert(
      fc.property(spans, fc.integer({ min: 1, max: highestUs }), (values, limit) => {
        const capped = values.map((value) => Math.min(value, highestUs));
        const above = countAbove(recorded(values), limit);
        expect(above).toBeLessThanOrEqual(capped.filter((value) => value > limit).length);
        expect(above).toBeGreaterThanOrEqual(capped.filter((value) => value > limit * 1.001 + 1).length);
      }),
    );
  });
});
