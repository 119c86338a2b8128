import type { Scenario } from "../scenario.ts";
import { defaultFleet, defaultProbes } from "./defaults.ts";

/**
 * Density in about a minute: what `hollow` runs without arguments on the embedded control plane, which carries ten times
 * the rates of a real one on the same cores. Probes come often enough that each has the 100 samples of a verdict.
 */
export function quick(): Scenario {
  return {
    name: "quick",
    seed: 1,
    fleet: { ...defaultFleet(200), nodeRatePerS: 70 },
    workload: {
      podsPerNode: 10,
      podRatePerS: 110,
      podsPerDeployment: 10,
      podsPerNamespace: 3000,
      requests: { cpu: "10m", memory: "16Mi" },
      latencyPods: { count: 100, ratePerS: 40 },
    },
    probes: defaultProbes.map((probe) => ({ ...probe, ratePerS: probe.scope === "cluster" ? 1 : 27 })),
    faults: [],
    durationMs: 4000,
    maxInFlight: 1000,
    timeouts: { nodesReadyMs: 60_000, podsRunningMs: 120_000, deletedMs: 60_000 },
  };
}
