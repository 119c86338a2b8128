import { ManualClock } from "@hollowfleet/core";
import { describe, expect, it } from "vitest";
import { constantArrivalRate } from "./constant-arrival-rate.ts";

const forever = new AbortController().signal;

describe("constantArrivalRate", () => {
  it("starts each one when it is due, counted from the beginning", async () => {
    const clock = new ManualClock();
    const due: number[] = [];
    const run = constantArrivalRate(
      {
        ratePerS: 4,
        count: 5,
        maxInFlight: 10,
        signal: forever,
        start: (_, dueUs) => {
          due.push(dueUs);
          return Promise.resolve();
        },
      },
      clock,
    );
    await clock.settle(2000);
    expect(due).toEqual([0, 250_000, 500_000, 750_000, 1_000_000]);
    expect(await run).toEqual({ started: 5, dropped: 0, cut: 0 });
  });

  it("does not wait for a slow answer, and makes up for a late timer", async () => {
    const clock = new ManualClock();
    const started: number[] = [];
    const run = constantArrivalRate(
      {
        ratePerS: 10,
        count: 10,
        maxInFlight: 100,
        signal: forever,
        start: (index) => {
          started.push(index);
          return new Promise((resolve) => void clock.setTimer(60_000, resolve));
        },
      },
      clock,
    );
    await clock.settle(900);
    expect(started).toHaveLength(10);
    await clock.settle(60_000);
    expect(await run).toEqual({ started: 10, dropped: 0, cut: 0 });
  });

  it("drops a start at the in-flight cap and says which", async () => {
    const clock = new ManualClock();
    const dropped: number[] = [];
    const run = constantArrivalRate(
      {
        ratePerS: 10,
        count: 6,
        maxInFlight: 2,
        signal: forever,
        start: () => new Promise((resolve) => void clock.setTimer(250, resolve)),
        onDropped: (index) => dropped.push(index),
      },
      clock,
    );
    await clock.settle(2000);
    expect(await run).toEqual({ started: 4, dropped: 2, cut: 0 });
    expect(dropped).toEqual([2, 5]);
  });

  it("starts nothing after the abort, but lets what is under way finish", async () => {
    const clock = new ManualClock();
    const abort = new AbortController();
    let finished = 0;
    const run = constantArrivalRate(
      {
        ratePerS: 1,
        count: 10,
        maxInFlight: 10,
        signal: abort.signal,
        start: async () => {
          await new Promise<void>((resolve) => void clock.setTimer(500, resolve));
          finished++;
        },
      },
      clock,
    );
    await clock.settle(1100);
    abort.abort();
    await clock.settle(5000);
    expect(await run).toEqual({ started: 2, dropped: 0, cut: 8 });
    expect(finished).toBe(2);
  });
});
