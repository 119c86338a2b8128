import type { LocalControlPlane } from "@hollowfleet/controlplane";
import type { Clock } from "@hollowfleet/core";
import { defaultCapacity, type FleetPlan, InProcessFleet, loopbackAddress } from "@hollowfleet/fleet";
import { measuredDelays } from "@hollowfleet/kubelet";

/** What the nodes of `nodeFleetPlan` are called, in order. */
export function fleetNodes(count: number, pool = "audit"): string[] {
  return Array.from({ length: count }, (_, ordinal) => `${pool}-${String(ordinal).padStart(5, "0")}`);
}

/** Their addresses, in the same order. */
export function fleetAddresses(count: number): string[] {
  return Array.from({ length: count }, (_, index) => loopbackAddress(index));
}

/** Nodes as `hollow` runs them by default: profile kubelet, certificate and connection of their own, measured delays. */
export function nodeFleetPlan(
  plane: LocalControlPlane,
  count: number,
  more: Partial<FleetPlan> = {},
  pool = "audit",
): FleetPlan {
  if (plane.nodeAuthority === undefined) throw new Error("a local control plane has its CA");
  return {
    pools: [{ name: pool, count, capacity: defaultCapacity, labels: {}, taints: [] }],
    identity: { runId: "conformance", kubeletVersion: "v1.36.3", address: { kind: "loopback" }, kubeletPort: 10250 },
    target: { ...plane.endpoint, version: [1, 36] },
    credentials: { kind: "node-cert", authority: plane.nodeAuthority },
    connections: "per-node",
    profile: "kubelet",
    watches: "all",
    delays: measuredDelays,
    seed: 1,
    threads: 1,
    // Slow enough that two shared cores answer each node as fast as they answered the one that was measured.
    nodeRatePerS: 2,
    ...more,
  };
}

/** Starts such a fleet in this thread. */
export async function startNodeFleet(plan: FleetPlan, clock?: Clock): Promise<InProcessFleet> {
  const fleet = new InProcessFleet(plan, {}, clock);
  await fleet.start();
  return fleet;
}
