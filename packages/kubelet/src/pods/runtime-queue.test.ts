import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RuntimeQueue } from "./runtime-queue.ts";

describe("RuntimeQueue", () => {
  it("shares the node evenly among jobs at work, and not among jobs that wait", () => {
    const queue = new RuntimeQueue<string>();
    queue.add({ subject: "a", waitMs: 0, workMs: 100 }, 1000);
    queue.add({ subject: "b", waitMs: 50, workMs: 100 }, 1000);
    queue.add({ subject: "c", waitMs: 120, workMs: 0 }, 1000);
    // a alone for 50 ms, then a and b at half speed: a is done after 150, b after 200.
    expect(queue.take(5000)).toEqual([
      { subject: "c", atMs: 1120, tookMs: 120 },
      { subject: "a", atMs: 1150, tookMs: 150 },
      { subject: "b", atMs: 1200, tookMs: 200 },
    ]);
    expect(queue.nextMs()).toBe(undefined);
  });

  it("is done when it says so, however often it is asked", () => {
    const job = fc.record({ waitMs: fc.nat(50), workMs: fc.nat(50) });
    fc.assert(
      fc.property(fc.array(job, { minLength: 1, maxLength: 20 }), (jobs) => {
        const [once, often] = [new RuntimeQueue<number>(), new RuntimeQueue<number>()];
        for (const [subject, { waitMs, workMs }] of jobs.entries()) {
          once.add({ subject, waitMs, workMs }, 0);
          often.add({ subject, waitMs, workMs }, 0);
        }
        const stepwise: { subject: number; atMs: number }[] = [];
        for (let steps = 0, next = often.nextMs(); next !== undefined && steps < 1000; next = often.nextMs(), steps++) {
          stepwise.push(...often.take(next + 1e-9));
        }
        const work = jobs.reduce((sum, { workMs }) => sum + workMs, 0);
        const all = once.take(1e6);
        expect(all).toHaveLength(jobs.length);
        expect(stepwise).toHaveLength(jobs.length);
        for (const { subject, atMs } of all) {
          const { waitMs, workMs } = jobs[subject]!;
          expect(atMs).toBeGreaterThanOrEqual(waitMs + workMs - 1e-6);
          expect(atMs).toBeLessThanOrEqual(50 + work + 1e-6);
          expect(stepwise.find((done) => done.subject === subject)?.atMs).toBeCloseTo(atMs, 4);
        }
      }),
    );
  });
});
