import { seededRandom } from "@hollowfleet/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { firstLeaseStep, type LeaseOutcome, nextLeaseStep, renewDelayMs } from "./lease-plan.ts";

/** The requests of one synchronisation, with the wait before each GET, as the outcomes come. */
function requests(held: boolean, outcomes: readonly LeaseOutcome[]): string[] {
  const sent: string[] = [];
  let step = firstLeaseStep(held);
  for (const outcome of outcomes) {
    if (step.kind === "done") break;
    sent.push(step.kind === "get" && step.delayMs > 0 ? `${step.delayMs} get` : step.kind);
    step = nextLeaseStep(step, outcome);
  }
  return step.kind === "done" ? sent : [...sent, "…"];
}

const failed = (count: number): LeaseOutcome[] => Array.from({ length: count }, () => "failed");

describe("a synchronisation of the lease", () => {
  it("is one PUT in steady state", () => {
    expect(requests(true, ["ok"])).toEqual(["put"]);
  });

  it("gives up at once before the Node exists", () => {
    expect(requests(false, ["not-found", "failed"])).toEqual(["get", "node"]);
  });

  it("creates the lease with the Node's uid", () => {
    expect(requests(false, ["not-found", "ok", "ok"])).toEqual(["get", "node", "post"]);
  });

  it("after a restart finds the lease and renews it at once", () => {
    expect(requests(false, ["ok", "ok"])).toEqual(["get", "put"]);
  });

  it("after a conflict reads, then writes", () => {
    expect(requests(true, ["conflict", "ok", "ok"])).toEqual(["put", "get", "put"]);
  });

  it("tries five times without a pause, then climbs the ensure ladder (kubelet-audit §7)", () => {
    const ladder = ["get", "200 get", "400 get", "800 get", "1600 get", "3200 get", "6400 get", "7000 get", "7000 get"];
    expect(requests(true, [...failed(5), ...failed(8), "ok", "ok"])).toEqual([
      ...Array.from({ length: 5 }, () => "put"),
      ...ladder,
      "put",
    ]);
  });

  it("ends after the second round of five, and keeps the lease", () => {
    const five = Array.from({ length: 5 }, () => "put");
    expect(requests(true, [...failed(5), "ok", ...failed(5)])).toEqual([...five, "get", ...five]);
  });

  it("makes a lease anew that somebody deleted", () => {
    const gone = Array.from({ length: 5 }, (): LeaseOutcome => "not-found");
    expect(requests(true, [...gone, "not-found", "ok", "ok"]).slice(5)).toEqual(["get", "node", "post"]);
  });

  it("never sends more than five PUTs in a row, whatever happens", () => {
    const outcome = fc.constantFrom<LeaseOutcome>("ok", "conflict", "not-found", "failed");
    fc.assert(
      fc.property(fc.boolean(), fc.array(outcome, { maxLength: 60 }), (held, outcomes) => {
        const rows = requests(held, outcomes)
          .join(" ")
          .split(/[^put ]+/);
        for (const row of rows) expect(row.split("put").length - 1).toBeLessThanOrEqual(5);
      }),
    );
  });
});

it("renews 10 s after the end of the last renewal, plus up to 4 %", () => {
  const random = seededRandom(1);
  const delays = Array.from({ length: 2000 }, () => renewDelayMs(random));
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(10_000);
  expect(Math.max(...delays)).toBeLessThan(10_400);
  expect(delays.reduce((a, b) => a + b) / delays.length).toBeCloseTo(10_200, -1.5);
});
