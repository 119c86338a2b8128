import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Histogram, type HistogramData } from "../histogram.ts";
import { judgePodStartup } from "./pod-startup.ts";

function startups(...values: readonly number[]): HistogramData {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram.data();
}

describe("judgePodStartup", () => {
  const hundred = new Array<number>(100).fill(900_000);

  it("allows 1 % over 5 s", () => {
    expect(judgePodStartup({ startup: startups(...hundred, 6_000_000), neverReady: 0 }).status).toBe("passed");
    expect(judgePodStartup({ startup: startups(...hundred, 6e6, 6e6), neverReady: 0 }).status).toBe("failed");
  });

  it("counts pods that never became ready as failures", () => {
    const verdict = judgePodStartup({ startup: startups(...hundred), neverReady: 2 });
    expect(verdict).toMatchObject({ status: "failed", count: 102, overLimit: 2, neverReady: 2 });
    expect(judgePodStartup({ startup: startups(), neverReady: 100 })).toMatchObject({ status: "failed", count: 100 });
  });

  it("says no data below 100 pods", () => {
    expect(judgePodStartup({ startup: startups(9e6), neverReady: 98 }).status).toBe("no-data");
  });

  it("never passes slower pods where faster ones failed", () => {
    const pod = fc.tuple(fc.integer({ min: 0, max: 8_000_000 }), fc.integer({ min: 0, max: 8_000_000 }));
    fc.assert(
      fc.property(fc.array(pod, { minLength: 100, maxLength: 130 }), fc.nat({ max: 3 }), (pods, neverReady) => {
        const fast = judgePodStartup({ startup: startups(...pods.map(([span]) => span)), neverReady });
        const slow = judgePodStartup({ startup: startups(...pods.map(([span, more]) => span + more)), neverReady });
        if (fast.status === "failed") expect(slow.status).toBe("failed");
      }),
      { numRuns: 40 },
    );
  });
});
