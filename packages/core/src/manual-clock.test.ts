import { describe, expect, it } from "vitest";
import { delay } from "./clock.ts";
import { ManualClock } from "./manual-clock.ts";

describe("ManualClock", () => {
  it("fires timers in the order in which they fall due, each at its own moment", () => {
    const clock = new ManualClock(0);
    const fired: [string, number][] = [];
    const note = (name: string) => () => fired.push([name, clock.nowMs()]);
    clock.setTimer(30, note("c"));
    clock.setTimer(10, note("a"));
    clock.setTimer(10, note("b"));
    clock.setTimer(20, note("gone")).cancel();
    clock.advance(25);
    expect(fired).toEqual([
      ["a", 10],
      ["b", 10],
    ]);
    expect(clock.nextTimerMs).toBe(5);
    clock.advance(5);
    expect(fired.at(-1)).toEqual(["c", 30]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("fires a timer that another one set, if it falls due in the same stretch", () => {
    const clock = new ManualClock();
    let fired = 0;
    clock.setTimer(1, () => clock.setTimer(1, () => fired++));
    clock.advance(3);
    expect(fired).toBe(1);
  });

  it("lets promises run between timers when it settles", async () => {
    const clock = new ManualClock();
    const steps: number[] = [];
    const walk = (async () => {
      for (let i = 0; i < 3; i++) {
        await delay(clock, 100);
        steps.push(clock.nowUs());
      }
    })();
    await clock.settle(1000);
    await walk;
    expect(steps).toEqual([100_000, 200_000, 300_000]);
  });
});

describe("delay", () => {
  it("ends early, and leaves no timer, when its signal aborts", async () => {
    const clock = new ManualClock();
    const abort = new AbortController();
    const waiting = delay(clock, 1000, abort.signal);
    abort.abort();
    await waiting;
    expect(clock.pendingTimers).toBe(0);
    await delay(clock, 1000, abort.signal);
    expect(clock.pendingTimers).toBe(0);
  });
});
