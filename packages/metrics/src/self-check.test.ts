import { describe, expect, it } from "vitest";
import { type SelfCheckFigures, selfCheck } from "./self-check.ts";

const good: SelfCheckFigures = {
  lagP99Us: 100_000,
  smallestLimitUs: 1_000_000,
  startsDue: 10_000,
  startsDropped: 10,
  threads: [{ name: "shard-0", busyMax10s: 0.85 }],
  deadWorkers: [],
  heartbeatsPlanned: 1000,
  heartbeatsSeen: 950,
  runQueueWaitShare: 0.02,
};

describe("selfCheck", () => {
  it("takes figures at their limits", () => {
    expect(selfCheck(good)).toEqual({ valid: true, reasons: [], machineFull: false, figures: good });
  });

  it.each([
    ["lag", { lagP99Us: 100_001 }, "1 in 100 calls left the simulator 100 ms late or more"],
    ["dropped-starts", { startsDropped: 11 }, "11 of 10000 starts were dropped"],
    ["thread-busy", { threads: [...good.threads, { name: "shard-1", busyMax10s: 0.93 }] }, "shard-1 was 93 % busy"],
    ["worker-died", { deadWorkers: [{ name: "shard-1", cause: "out of heap" }] }, "shard-1 died: out of heap"],
    ["heartbeats", { heartbeatsSeen: 949 }, "949 of 1000 lease renewals due were seen (94.9 %)"],
  ] as const)("names %s with a figure, a limit and a sentence", (code, broken, sentence) => {
    const { valid, reasons } = selfCheck({ ...good, ...broken });
    expect(valid).toBe(false);
    expect(reasons.map((reason) => reason.code)).toEqual([code]);
    expect(reasons[0]?.sentence).toContain(sentence);
    if (code === "heartbeats") expect(reasons[0]?.figure).toBeLessThan(reasons[0]?.limit ?? 0);
    else expect(reasons[0]?.figure).toBeGreaterThan(reasons[0]?.limit ?? 0);
  });

  it("tells all reasons, not the first", () => {
    const { reasons } = selfCheck({ ...good, lagP99Us: 5e6, heartbeatsSeen: 0 });
    expect(reasons.map((reason) => reason.code)).toEqual(["lag", "heartbeats"]);
  });

  it("shows a full machine apart, and calls the run valid all the same", () => {
    expect(selfCheck({ ...good, runQueueWaitShare: 0.4 })).toMatchObject({ valid: true, machineFull: true });
  });

  it("needs no heartbeats and no starts where none were due", () => {
    const idle = { startsDue: 0, startsDropped: 0, heartbeatsPlanned: 0, heartbeatsSeen: 0 };
    expect(selfCheck({ ...good, ...idle }).valid).toBe(true);
  });
});
