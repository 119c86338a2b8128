import { HollowError, ManualClock, silentLogger } from "@hollowfleet/core";
import { describe, expect, it } from "vitest";
import { createLoop } from "./loop.ts";
import { createTurns } from "./turns.ts";

function run(sync: (key: string) => number | undefined) {
  const clock = new ManualClock();
  const bugs: string[] = [];
  const logger = { ...silentLogger, error: (message: string) => bugs.push(message) };
  const loop = createLoop({ name: "test", clock, logger, wake: () => undefined, sync });
  const steps = (ms: number) => {
    clock.advance(ms);
    let count = 0;
    while (loop.step()) count++;
    return count;
  };
  return { clock, loop, steps, bugs };
}

describe("createLoop", () => {
  it("tries again what the store refuses, and counts conflicts apart", () => {
    const refusals = ["Conflict", "Forbidden"];
    const { loop, steps, bugs } = run(() => {
      const refusal = refusals.shift();
      if (refusal !== undefined) throw new HollowError(refusal, "refused");
      return undefined;
    });
    loop.enqueue("a");
    expect([steps(0), steps(5), steps(10), steps(1000)]).toEqual([1, 1, 1, 0]);
    expect(loop.stats()).toMatchObject({ syncs: 3, conflicts: 1, errors: 1, queued: 0, waiting: 0 });
    expect(bugs).toEqual([]);
  });

  it("reports a bug and goes on", () => {
    const { loop, steps, bugs } = run((key) => {
      if (key === "bad") throw new TypeError("oops");
      return undefined;
    });
    loop.enqueue("bad");
    loop.enqueue("good");
    expect(steps(0)).toBe(2);
    expect(bugs).toHaveLength(1);
  });

  it("looks again when the pass says so", () => {
    const { loop, steps } = run(() => 500);
    loop.enqueue("a");
    expect([steps(0), steps(499), steps(1)]).toEqual([1, 0, 1]);
  });

  it("lets a key rest that took long", () => {
    let advance = 20;
    const { clock, loop, steps } = run(() => {
      clock.advance(advance);
      advance = 0;
      return undefined;
    });
    loop.enqueue("a");
    steps(0);
    loop.enqueue("a");
    expect([steps(0), steps(379), steps(1)]).toEqual([0, 0, 1]);
  });
});

describe("createTurns", () => {
  it("ends a turn when its time is over, and goes round the loops", () => {
    const clock = new ManualClock();
    const done: string[] = [];
    const deferred: (() => void)[] = [];
    const loopOf = (name: string, left: number) => ({
      get queued() {
        return left;
      },
      step() {
        if (left === 0) return false;
        left -= 1;
        done.push(name);
        clock.advance(4);
        return true;
      },
    });
    const loops = [loopOf("a", 4), loopOf("b", 1)];
    const turns = createTurns({ loops, clock, defer: (turn) => deferred.push(turn), sliceMs: 10 });
    turns.wake();
    turns.wake();
    expect(deferred).toHaveLength(1);
    deferred.shift()?.();
    expect(done).toEqual(["a", "b", "a"]);
    deferred.shift()?.();
    expect(done).toEqual(["a", "b", "a", "a", "a"]);
    expect(deferred).toEqual([]);
    turns.stop();
    turns.wake();
    expect(deferred).toEqual([]);
  });
});
