import { builtinScenarios, type Scenario } from "@hollowfleet/driver";
import { describe, expect, it } from "vitest";
import type { RunFlags } from "./flags.ts";
import { scenarioFromFlags } from "./scenario-from-flags.ts";

function density(): Scenario {
  const found = builtinScenarios.find((scenario) => scenario.name === "density");
  if (found === undefined) throw new Error("density is gone");
  return found.create();
}

const none: RunFlags = { target: "local", set: [], componentArg: [] };

function messageOf(flags: Partial<RunFlags>): string {
  try {
    scenarioFromFlags(density(), { ...none, ...flags });
    return "";
  } catch (thrown) {
    return (thrown as Error).message;
  }
}

describe("scenarioFromFlags", () => {
  it("sets what the flags say and leaves the rest", () => {
    const scenario = scenarioFromFlags(density(), {
      ...none,
      nodes: "50",
      podsPerNode: "3",
      podRate: "12.5",
      duration: "2m",
      startDelay: "0",
      set: ["fleet.pools.0.zone=z1"],
    });
    expect(scenario.fleet.pools[0]).toMatchObject({ count: 50, zone: "z1" });
    expect(scenario.workload).toMatchObject({ podsPerNode: 3, podRatePerS: 12.5 });
    expect(scenario.durationMs).toBe(120_000);
    expect(scenario.fleet.delays.sandbox).toEqual({ kind: "constant", ms: 0 });
    expect(scenario.fleet.nodeRatePerS).toBe(density().fleet.nodeRatePerS);
  });

  it("lists every fault at once, each under the flag that was written", () => {
    const message = messageOf({ nodes: "ten", profile: "kubelt", duration: "soon", startDelay: "now", set: ["a.b=1"] });
    expect(message).toContain('--nodes (fleet.pools.0.count): must be integer (found "ten")');
    expect(message).toContain("--profile");
    expect(message).toContain('--duration: "soon"');
    expect(message).toContain("--start-delay");
    expect(message).toContain("a.b: there is no a");
  });

  it("says what a certificate and pooled connections have against each other", () => {
    expect(messageOf({ connections: "pooled" })).toMatch(/--connections .*node-token/);
  });

  it("impersonates on a cluster that exists, unless told otherwise", () => {
    const identityOf = (flags: Partial<RunFlags>) => scenarioFromFlags(density(), { ...none, ...flags }).fleet.identity;
    expect(identityOf({})).toBe("node-cert");
    expect(identityOf({ kubeconfig: "k" })).toBe("impersonate");
    expect(identityOf({ target: "kubeconfig", identity: "node-token" })).toBe("node-token");
  });

  it("takes a pool's shape from a node template", () => {
    const scenario = scenarioFromFlags(density(), none, { labels: { a: "b" }, capacity: { cpu: "4", pods: "20" } });
    expect(scenario.fleet.pools[0]).toMatchObject({ labels: { a: "b" }, capacity: { cpu: "4", pods: "20" } });
  });
});
