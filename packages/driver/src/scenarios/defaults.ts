import { defaultCapacity, type NodePool } from "@hollowfleet/fleet";
import { measuredDelays } from "@hollowfleet/kubelet";
import type { FleetPart, ProbePart } from "../scenario.ts";

/** One pool of equal nodes, from the flags that everybody uses. */
function onePool(count: number): NodePool {
  return { name: "hollow", count, capacity: defaultCapacity, labels: {}, taints: [] };
}

/**
 * The fleet that scenarios begin with. 8 nodes/s: a registration with its 34 requests, five watches and what the
 * controllers add costs the API server about 70 ms of CPU. At 20/s two cores ran into 429s; calibration in bench/README.md.
 */
export function defaultFleet(count: number): FleetPart {
  return {
    pools: [onePool(count)],
    nodeRatePerS: 8,
    profile: "kubelet",
    watches: "all",
    identity: "node-cert",
    connections: "per-node",
    threads: 1,
    threadHeapMb: 0,
    kubeletVersion: "v1.36.3",
    delays: measuredDelays,
  };
}

/**
 * Each (verb, resource, scope) of the official SLIs that a user's client exercises, at rates that give 100 samples, the
 * fewest that are judged, within a minute for all but the cluster-wide LISTs.
 */
export const defaultProbes: readonly ProbePart[] = [
  { verb: "POST", resource: "configmaps", scope: "resource", ratePerS: 2 },
  { verb: "GET", resource: "configmaps", scope: "resource", ratePerS: 2 },
  { verb: "PUT", resource: "configmaps", scope: "resource", ratePerS: 2 },
  { verb: "PATCH", resource: "configmaps", scope: "resource", ratePerS: 2 },
  { verb: "DELETE", resource: "configmaps", scope: "resource", ratePerS: 2 },
  { verb: "LIST", resource: "configmaps", scope: "namespace", ratePerS: 2 },
  { verb: "GET", resource: "nodes", scope: "resource", ratePerS: 2 },
  { verb: "LIST", resource: "nodes", scope: "cluster", ratePerS: 0.2 },
];
