import { ManualClock } from "@hollowfleet/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FaultDecision, FaultTarget } from "./fault-hook.ts";
import { createFaultInjector } from "./fault-injector.ts";
import { injectedDelayMs } from "./fault-ledger.ts";
import { type FaultPlan, type FaultRule, offsetClock } from "./fault-plan.ts";

const put: FaultTarget = {
  verb: "update",
  resource: "leases",
  subresource: "",
  namespace: "kube-node-lease",
  name: "n1",
  user: "system:node:n1",
};
const watchPods: FaultTarget = { ...put, verb: "watch", resource: "pods", namespace: "", name: "" };
const slow: FaultRule = { share: 0.03, fault: { kind: "delay", delay: { kind: "constant", ms: 1500 } } };
const busy: FaultRule = { share: 0.1, fault: { kind: "error", code: 429, reason: "TooManyRequests", retryAfterS: 1 } };

function decide(plan: FaultPlan, seed: number, calls: readonly FaultTarget[]): FaultDecision[] {
  const injector = createFaultInjector(plan, seed, new ManualClock());
  return calls.map((target) => injector.decide(target));
}

function decideOnce(rule: FaultRule, target: FaultTarget): FaultDecision {
  return createFaultInjector({ rules: [rule] }, 1, new ManualClock()).decide(target);
}

describe("createFaultInjector", () => {
  it("hits the share of the calls that the rule names, and its ledger says how many", () => {
    const injector = createFaultInjector({ rules: [slow] }, 7, new ManualClock());
    const decisions = Array.from({ length: 20_000 }, () => injector.decide(put));
    const delayed = decisions.filter(({ kind }) => kind === "delay");
    const { calls, entries } = injector.ledger();
    expect(calls).toBe(20_000);
    expect(entries).toMatchObject([{ seen: 20_000, hit: delayed.length, shadowed: 0, delayMsMax: 1500 }]);
    expect(entries[0]?.delaySumMs).toBe(1500 * delayed.length);
    // Four standard deviations of 20,000 draws.
    expect(Math.abs(delayed.length - 600)).toBeLessThan(4 * Math.sqrt(20_000 * 0.03 * 0.97));
  });

  it("converges on any share, at any seed", () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0.01, max: 1, noNaN: true }), (seed, share) => {
        const decisions = decide({ rules: [{ ...slow, share }] }, seed, new Array(4000).fill(put));
        const hits = decisions.filter(({ kind }) => kind === "delay").length;
        expect(Math.abs(hits / 4000 - share)).toBeLessThan(0.05);
      }),
      { numRuns: 50 },
    );
  });

  it("hits the same calls at the same seed, and others at another", () => {
    const calls = new Array<FaultTarget>(2000).fill(put);
    const plan = { rules: [slow, busy] };
    expect(decide(plan, 1, calls)).toEqual(decide(plan, 1, calls));
    expect(decide(plan, 1, calls)).not.toEqual(decide(plan, 2, calls));
  });

  it("hits the same calls whatever other rules stand before or behind", () => {
    const calls = Array.from({ length: 3000 }, (_, index) => (index % 3 === 0 ? watchPods : put));
    const alone = decide({ rules: [slow] }, 5, calls);
    const among = createFaultInjector({ rules: [busy, slow, { ...busy, every: 7 }] }, 5, new ManualClock());
    const decisions = calls.map((target) => among.decide(target));
    alone.forEach((decision, index) => {
      // What an earlier rule took is not delayed; nothing else is, that was not delayed alone.
      if (decision.kind === "delay") expect(["delay", "error"]).toContain(decisions[index]?.kind);
      else expect(decisions[index]?.kind).not.toBe("delay");
    });
    const [first, second] = among.ledger().entries;
    expect(first).toMatchObject({ shadowed: 0 });
    expect((second?.hit ?? 0) + (second?.shadowed ?? 0)).toBe(alone.filter(({ kind }) => kind === "delay").length);
  });

  it("draws apart for two equal rules", () => {
    const injector = createFaultInjector({ rules: [busy, busy] }, 3, new ManualClock());
    for (let call = 0; call < 5000; call++) injector.decide(put);
    const [first, second] = injector.ledger().entries;
    expect(second?.hit).toBeGreaterThan(300);
    expect(second?.shadowed).toBeLessThan((first?.hit ?? 0) / 2);
  });

  it("takes exactly each n-th matching call", () => {
    const calls = [put, watchPods, put, put, watchPods, put];
    const kinds = decide({ rules: [{ match: { verbs: ["PUT"] }, every: 2, fault: { kind: "goaway" } }] }, 1, calls);
    expect(kinds.map(({ kind }) => kind)).toEqual(["none", "none", "goaway", "none", "none", "goaway"]);
  });

  it.each<[FaultRule["match"], boolean]>([
    [{}, true],
    [{ verbs: ["update"] }, true],
    [{ verbs: ["POST", "PUT"] }, true],
    [{ verbs: ["POST"] }, false],
    [{ resources: ["leases"], subresources: [""] }, true],
    [{ resources: ["leases"], subresources: ["status"] }, false],
    [{ users: ["system:node:*"] }, true],
    [{ users: ["system:nodes:*"] }, false],
    [{ namespaces: ["default", "kube-node-lease"], resources: ["pods"] }, false],
  ])("match %j: %s", (match = {}, hit) => {
    expect(decideOnce({ match, fault: { kind: "half-open" } }, put)).toEqual({ kind: hit ? "half-open" : "none" });
  });

  it("slows and stalls watches only", () => {
    for (const fault of [
      { kind: "slow-watch", eventDelayMs: 200 },
      { kind: "stalled-watch", afterMs: 0, forMs: 1000 },
    ] as const) {
      expect(decideOnce({ fault }, watchPods)).toEqual(fault);
      expect(decideOnce({ fault }, put)).toEqual({ kind: "none" });
    }
  });

  it("holds back what arrives in a stall until its end, and nothing before or after", () => {
    const clock = new ManualClock();
    const rules: FaultRule[] = [{ fault: { kind: "stall", atMs: 1000, forMs: 5000 } }];
    const injector = createFaultInjector({ rules }, 1, clock);
    const delays = [0, 999, 1, 2000, 2999, 1].map((afterMs) => {
      clock.advance(afterMs);
      const decision = injector.decide(put);
      return decision.kind === "delay" ? decision.delayMs : 0;
    });
    expect(delays).toEqual([0, 0, 5000, 3000, 1, 0]);
    expect(injector.ledger().entries).toMatchObject([{ seen: 6, hit: 3, delaySumMs: 8001, delayMsMax: 5000 }]);
  });

  it("draws delays of a distribution and keeps each in the ledger", () => {
    const rule: FaultRule = { fault: { kind: "delay", delay: { kind: "uniform", minMs: 100, maxMs: 300 } } };
    const injector = createFaultInjector({ rules: [rule] }, 9, new ManualClock());
    const delays = Array.from({ length: 1000 }, () => injector.decide(put)).map((decision) =>
      decision.kind === "delay" ? decision.delayMs : 0,
    );
    expect(injector.ledger().entries[0]?.delaysMs).toEqual(delays);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...delays)).toBeLessThanOrEqual(300);
  });

  it("says error, reset and clock offset as they are meant", () => {
    expect(decideOnce({ fault: { kind: "error", code: 410, reason: "Expired" } }, put)).toEqual({
      kind: "error",
      httpCode: 410,
      reason: "Expired",
    });
    expect(decideOnce({ fault: { kind: "reset", when: "after-commit" } }, put)).toEqual({
      kind: "reset",
      when: "after-commit",
    });
    expect(decideOnce({ fault: { kind: "clock-offset", offsetMs: 5 } }, put)).toEqual({ kind: "none" });
  });
});

describe("offsetClock", () => {
  it("moves wall time and leaves durations alone", () => {
    const clock = new ManualClock();
    const moved = offsetClock({ rules: [{ fault: { kind: "clock-offset", offsetMs: -5000 } }] }, clock);
    clock.advance(100);
    expect(moved.nowMs()).toBe(clock.nowMs() - 5000);
    expect(moved.nowUs()).toBe(clock.nowUs());
    let fired = false;
    moved.setTimer(10, () => {
      fired = true;
    });
    clock.advance(10);
    expect(fired).toBe(true);
    expect(offsetClock({ rules: [slow] }, clock)).toBe(clock);
  });
});

describe("injectedDelayMs", () => {
  const entry = { rule: slow, seen: 100, hit: 3, shadowed: 0, delaysMs: [20, 10, 30], delaySumMs: 60, delayMsMax: 30 };

  it.each([
    [0.5, 0],
    [0.97, 0],
    [0.98, 10],
    [0.99, 20],
    [1, 30],
  ])("quantile %s is %s ms", (quantile, delayMs) => {
    expect(injectedDelayMs(entry, quantile)).toBe(delayMs);
  });

  it("of nothing seen is 0", () => {
    expect(injectedDelayMs({ ...entry, seen: 0, hit: 0, delaysMs: [] }, 0.99)).toBe(0);
  });

  it("goes by the delays that were kept when there were more", () => {
    expect(injectedDelayMs({ ...entry, seen: 600, hit: 600, delaysMs: [1, 2, 3] }, 0.5)).toBe(2);
  });
});
