import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDistribution, parseSpanMs, sample } from "./distribution.ts";
import { jitter, seededRandom } from "./random.ts";

describe("seededRandom", () => {
  it("repeats with its seed, on every machine", () => {
    const random = seededRandom(1);
    expect(Array.from({ length: 4 }, () => random.int(1000))).toEqual(
      Array.from(
        { length: 4 },
        (
          (again) => () =>
            again.int(1000)
        )(seededRandom(1)),
      ),
    );
    expect(seededRandom(2).next()).not.toBe(seededRandom(1).next());
    expect(seededRandom(1).hex(16)).toMatch(/^[0-9a-f]{16}$/);
  });

  it("gives forks that neither shift nor follow their parent", () => {
    const one = seededRandom(7);
    const two = seededRandom(7);
    two.next();
    expect(one.fork("a").next()).toBe(two.fork("a").next());
    expect(one.fork("a").next()).not.toBe(one.fork("b").next());
  });

  it("is uniform enough: each tenth gets a tenth", () => {
    const counts = new Array<number>(10).fill(0);
    const random = seededRandom("uniform");
    for (let i = 0; i < 100_000; i++) counts[random.int(10)]! += 1;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  it("adds jitter up to its factor, and never takes away", () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0, max: 1e6, noNaN: true }), (seed, base) => {
        const value = jitter(seededRandom(seed), base, 0.04);
        expect(value).toBeGreaterThanOrEqual(base);
        expect(value).toBeLessThanOrEqual(base * 1.04 + 1e-9);
      }),
    );
  });
});

describe("parseDistribution", () => {
  it.each([
    ["0", { kind: "constant", ms: 0 }],
    ["400ms", { kind: "constant", ms: 400 }],
    ["1.5s", { kind: "constant", ms: 1500 }],
    ["uniform(100ms, 1s)", { kind: "uniform", minMs: 100, maxMs: 1000 }],
    ["normal(400ms,50ms)", { kind: "normal", meanMs: 400, stddevMs: 50 }],
    ["exponential(2s)", { kind: "exponential", meanMs: 2000 }],
    ["lognormal(400ms,2s)", { kind: "lognormal", medianMs: 400, p99Ms: 2000 }],
  ])("reads %s", (text, expected) => {
    expect(parseDistribution(text)).toEqual(expected);
  });

  it.each(["", "soon", "uniform(1s)", "uniform(2s,1s)", "exponential(1s,2s)", "lognormal(2s,1s)", "-1s"])(
    'finds no distribution in "%s"',
    (text) => {
      expect(parseDistribution(text)).toBeUndefined();
    },
  );

  it("knows the units of spans", () => {
    expect(["250us", "1ms", "1s", "2m", "1h", "3"].map(parseSpanMs)).toEqual([0.25, 1, 1000, 120_000, 3_600_000, 3000]);
  });
});

describe("sample", () => {
  it("has the median and 99th percentile that a lognormal was given", () => {
    const random = seededRandom(3);
    const draws = Array.from({ length: 50_000 }, () =>
      sample({ kind: "lognormal", medianMs: 400, p99Ms: 2000 }, random),
    ).sort((a, b) => a - b);
    expect(Math.abs((draws[25_000] ?? 0) - 400)).toBeLessThan(15);
    expect(Math.abs((draws[49_500] ?? 0) - 2000)).toBeLessThan(200);
  });

  it("is never negative", () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(1000), fc.nat(1000), (seed, meanMs, stddevMs) => {
        expect(sample({ kind: "normal", meanMs, stddevMs }, seededRandom(seed))).toBeGreaterThanOrEqual(0);
        expect(sample({ kind: "exponential", meanMs }, seededRandom(seed))).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
