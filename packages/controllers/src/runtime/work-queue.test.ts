import { ManualClock } from "@hollowfleet/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WorkQueue } from "./work-queue.ts";

function drain(queue: WorkQueue): string[] {
  const keys: string[] = [];
  for (let key = queue.take(); key !== undefined; key = queue.take()) keys.push(key);
  return keys;
}

describe("WorkQueue", () => {
  it("gives each key once, in the order they came", () => {
    let woken = 0;
    const queue = new WorkQueue(new ManualClock(), () => woken++);
    for (const key of ["b", "a", "b", "c"]) queue.add(key);
    expect(drain(queue)).toEqual(["b", "a", "c"]);
    expect(woken).toBe(3);
  });

  it("gives keys of higher priority first", () => {
    const queue = new WorkQueue(new ManualClock(), () => undefined, Number);
    for (const key of ["1", "3", "2", "3.0"]) queue.add(key);
    expect(drain(queue)).toEqual(["3", "3.0", "2", "1"]);
  });

  it("waits longer after each failure, and begins anew after a success", () => {
    const clock = new ManualClock();
    const queue = new WorkQueue(clock, () => undefined);
    const waits = Array.from({ length: 4 }, () => {
      queue.retry("a");
      const waitMs = clock.nextTimerMs;
      clock.advance(60_000);
      drain(queue);
      return waitMs;
    });
    expect(waits).toEqual([5, 10, 20, 40]);
    queue.forget("a");
    queue.retry("a");
    expect(clock.nextTimerMs).toBe(5);
  });

  it("of several delays of a key keeps the earliest, with one timer for all keys", () => {
    const clock = new ManualClock();
    const queue = new WorkQueue(clock, () => undefined);
    queue.addAfter("a", 100);
    queue.addAfter("a", 50);
    queue.addAfter("a", 70);
    queue.addAfter("b", 200);
    expect([clock.pendingTimers, queue.waiting]).toEqual([1, 2]);
    clock.advance(50);
    expect(drain(queue)).toEqual(["a"]);
    clock.advance(100);
    expect(drain(queue)).toEqual([]);
    clock.advance(50);
    expect(drain(queue)).toEqual(["b"]);
  });

  it("loses no key, whatever is added when", () => {
    const moves = fc.array(fc.tuple(fc.constantFrom("add", "after", "take", "wait"), fc.nat(5), fc.nat(50)));
    fc.assert(
      fc.property(moves, (list) => {
        const clock = new ManualClock();
        const queue = new WorkQueue(clock, () => undefined);
        const owed = new Set<string>();
        for (const [move, key, ms] of list) {
          if (move === "add") queue.add(`${key}`);
          if (move === "after") queue.addAfter(`${key}`, ms);
          if (move === "add" || move === "after") owed.add(`${key}`);
          if (move === "wait") clock.advance(ms);
          if (move === "take") queue.take();
        }
        const before = new Set([...owed]);
        clock.advance(1000);
        expect(queue.waiting).toBe(0);
        for (const key of drain(queue)) expect(before.has(key)).toBe(true);
        expect(queue.length).toBe(0);
      }),
    );
  });
});
