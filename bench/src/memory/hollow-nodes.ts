import { setTimeout as sleep } from "node:timers/promises";
import { defaultCapacity, type FleetPlan, InProcessFleet, type NodePool } from "@hollowfleet/fleet";
import { measuredDelays } from "@hollowfleet/kubelet";
import { poolName } from "./node-client.ts";
import type { HolderPlan, Part } from "./part.ts";

/** A fleet in this process's only thread, so that its garbage can be collected and its memory is nobody else's. */
export function createHollowNodes(plan: HolderPlan): Part {
  let fleet: InProcessFleet | undefined;
  return {
    async grow(count) {
      if (fleet === undefined) {
        fleet = new InProcessFleet(fleetPlan(plan, count));
        await fleet.start();
      } else await fleet.scale([pool(count)]);
      await untilReady(fleet, count);
    },
    held: () => fleet?.stats().nodes.ready ?? 0,
    close: async () => void (await fleet?.stop()),
  };
}

async function untilReady(fleet: InProcessFleet, count: number): Promise<void> {
  let best = 0;
  let atMs = performance.now();
  for (;;) {
    const { nodes, errors } = fleet.stats();
    if (nodes.ready >= count) return;
    if (nodes.ready > best) [best, atMs] = [nodes.ready, performance.now()];
    if (performance.now() - atMs > 60_000) {
      throw new Error(`${nodes.ready} of ${count} nodes are Ready and no more follow: ${JSON.stringify(errors)}`);
    }
    await sleep(200);
  }
}

function pool(count: number): NodePool {
  return { name: poolName, count, capacity: defaultCapacity, labels: {}, taints: [] };
}

function fleetPlan(plan: HolderPlan, count: number): FleetPlan {
  const { server, caPem, version, identity, connections, watches, nodeRatePerS } = plan;
  return {
    pools: [pool(count)],
    identity: { runId: "memory", kubeletVersion: "v1.36.3", address: { kind: "loopback" }, kubeletPort: 10250 },
    target: { server, caPem, version },
    credentials: identity,
    connections,
    profile: "kubelet",
    watches,
    delays: measuredDelays,
    seed: 1,
    threads: 1,
    nodeRatePerS,
  };
}
