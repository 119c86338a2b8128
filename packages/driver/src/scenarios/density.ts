import type { Scenario } from "../scenario.ts";
import { defaultFleet, defaultProbes } from "./defaults.ts";

/**
 * Nodes, then nodes × pods-per-node pods through Deployments, then latency pods one by one, then probes, then everything
 * is deleted. The shape of ClusterLoader2's density test (slo-and-clusterloader2 §3.4).
 */
export function density(): Scenario {
  return {
    name: "density",
    seed: 1,
    fleet: defaultFleet(100),
    workload: {
      podsPerNode: 10,
      // With all that real kubelets send, a pod costs the API server about 50 ms of CPU: 16 pods/s left two cores no room
      // (bench/README.md). Also ClusterLoader2's default, and within the 20 changes/s up to which the SLOs are promised.
      podRatePerS: 10,
      podsPerDeployment: 5,
      podsPerNamespace: 3000,
      requests: { cpu: "10m", memory: "16Mi" },
      latencyPods: { count: 200, ratePerS: 5 },
    },
    probes: [
      ...defaultProbes,
      { verb: "GET", resource: "pods", scope: "resource", ratePerS: 2 },
      // Thousands of objects each: at five and ten times the rate they alone cost two cores the SLO of small calls.
      { verb: "LIST", resource: "pods", scope: "namespace", ratePerS: 0.1 },
      { verb: "LIST", resource: "deployments", scope: "cluster", ratePerS: 0.1 },
    ],
    faults: [],
    durationMs: 60_000,
    maxInFlight: 1000,
    timeouts: { nodesReadyMs: 600_000, podsRunningMs: 900_000, deletedMs: 900_000 },
  };
}
