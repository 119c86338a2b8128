import { describe, expect, it } from "vitest";
import { createBackoff } from "./backoff.ts";
import { ManualClock } from "./manual-clock.ts";
import { seededRandom } from "./random.ts";
import { TokenBucket } from "./token-bucket.ts";

describe("TokenBucket", () => {
  it("lets a burst through, then paces what is reserved", () => {
    const bucket = new TokenBucket(10, 3, new ManualClock());
    expect(Array.from({ length: 6 }, () => bucket.reserveMs())).toEqual([0, 0, 0, 100, 200, 300]);
  });

  it("fills up again, never beyond its burst", () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket(10, 2, clock);
    expect([bucket.tryTake(), bucket.tryTake(), bucket.tryTake()]).toEqual([true, true, false]);
    clock.advance(100);
    expect([bucket.tryTake(), bucket.tryTake()]).toEqual([true, false]);
    clock.advance(3_600_000);
    expect([bucket.tryTake(), bucket.tryTake(), bucket.tryTake()]).toEqual([true, true, false]);
  });
});

describe("createBackoff", () => {
  const options = { initialMs: 200, factor: 2, capMs: 1000 };

  it("doubles up to its cap, and begins anew after a success", () => {
    const backoff = createBackoff(options, seededRandom(1), new ManualClock());
    expect(Array.from({ length: 5 }, () => backoff.nextMs())).toEqual([200, 400, 800, 1000, 1000]);
    backoff.reset();
    expect(backoff.nextMs()).toBe(200);
  });

  it("begins anew after a quiet time, counted from the last failure", () => {
    const clock = new ManualClock();
    const backoff = createBackoff({ ...options, resetAfterMs: 60_000 }, seededRandom(1), clock);
    backoff.nextMs();
    backoff.nextMs();
    clock.advance(59_000);
    expect(backoff.nextMs()).toBe(800);
    clock.advance(61_000);
    expect(backoff.nextMs()).toBe(200);
  });

  it("adds a share of the wait as jitter", () => {
    const backoff = createBackoff({ ...options, jitter: 1 }, seededRandom(1), new ManualClock());
    const waitMs = backoff.nextMs();
    expect(waitMs).toBeGreaterThanOrEqual(200);
    expect(waitMs).toBeLessThan(400);
  });
});
