import type { Scenario } from "../scenario.ts";
import { defaultFleet, defaultProbes } from "./defaults.ts";

/** Nodes only: heartbeats, and probes for a duration. */
export function steady(): Scenario {
  return {
    name: "steady",
    seed: 1,
    fleet: defaultFleet(100),
    workload: null,
    probes: defaultProbes,
    faults: [],
    durationMs: 120_000,
    maxInFlight: 1000,
    timeouts: { nodesReadyMs: 600_000, podsRunningMs: 600_000, deletedMs: 600_000 },
  };
}
