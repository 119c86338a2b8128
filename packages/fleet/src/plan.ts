import type { NodeSpec } from "@hollowfleet/kubelet";
import { fallbackPodCidr, loopbackAddress } from "./node-address.ts";
import type { NodePool } from "./node-pool.ts";

/** What every node of a fleet shares. */
export interface FleetIdentity {
  /** Carried by every object as the label `hollowfleet.dev/run`, so that `hollow cleanup` finds it. */
  readonly runId: string;
  /** Put before each node's name; default none. Set on clusters that other runs may share. */
  readonly namePrefix?: string;
  /** "v1.36.3" */
  readonly kubeletVersion: string;
  /** What status.addresses and daemonEndpoints say. "loopback": an address of its own each, which the node's connection also comes from. */
  readonly address: { readonly kind: "loopback" } | { readonly kind: "shared"; readonly ip: string };
  readonly kubeletPort: number;
}

/** The nodes of one shard. */
export interface ShardPlan {
  readonly shard: number;
  readonly members: readonly NodeSlot[];
}

/** One node: its number within the fleet, and where it lies in its pool. */
export interface NodeSlot {
  /** Chooses address and shard; unique in the fleet and kept for life. */
  readonly index: number;
  readonly pool: number;
  /** Counted within the pool. */
  readonly ordinal: number;
}

export const runLabel = "hollowfleet.dev/run";
export const poolLabel = "hollowfleet.dev/pool";

/**
 * Gives each node of the pools a number. Nodes that had one keep it, since their address and shard follow from it; the
 * numbers of nodes that are gone are used again, lowest first.
 */
export function assignSlots(pools: readonly NodePool[], previous: readonly NodeSlot[] = []): NodeSlot[] {
  const kept = new Map<string, NodeSlot>();
  for (const slot of previous) {
    if (slot.ordinal < (pools[slot.pool]?.count ?? 0)) kept.set(`${slot.pool}/${slot.ordinal}`, slot);
  }
  const taken = new Set([...kept.values()].map((slot) => slot.index));
  let next = 0;
  const fresh = (): number => {
    while (taken.has(next)) next++;
    return next++;
  };
  return pools.flatMap((pool, poolIndex) =>
    Array.from(
      { length: pool.count },
      (_, ordinal) => kept.get(`${poolIndex}/${ordinal}`) ?? { index: fresh(), pool: poolIndex, ordinal },
    ),
  );
}

/** Deals numbered nodes out to shards in turn, so that every pool and every moment of the registration is spread evenly. */
export function planShards(slots: readonly NodeSlot[], shards: number): ShardPlan[] {
  const members: NodeSlot[][] = Array.from({ length: shards }, () => []);
  for (const slot of slots) members[slot.index % shards]?.push(slot);
  return members.map((list, shard) => ({ shard, members: list }));
}

/** The name of one node; the number has five digits so that listings sort. */
export function nodeName(pool: NodePool, ordinal: number, prefix: string | undefined): string {
  return `${prefix ?? ""}${pool.name}-${String(ordinal).padStart(5, "0")}`;
}

/** Everything that one hollow node is. Labels are shared between the nodes of a pool where they can be. */
export function specOf(slot: NodeSlot, pools: readonly NodePool[], fleet: FleetIdentity): NodeSpec {
  const pool = pools[slot.pool];
  if (pool === undefined) throw new RangeError(`there is no pool ${slot.pool}`);
  const name = nodeName(pool, slot.ordinal, fleet.namePrefix);
  return {
    name,
    address: fleet.address.kind === "loopback" ? loopbackAddress(slot.index) : fleet.address.ip,
    kubeletPort: fleet.kubeletPort,
    capacity: pool.capacity,
    labels: poolLabels(pool, fleet.runId),
    taints: pool.taints,
    kubeletVersion: fleet.kubeletVersion,
    fallbackPodCidr: fallbackPodCidr(slot.index),
    ...(pool.allocatable && { allocatable: pool.allocatable }),
    ...(pool.annotations && { annotations: pool.annotations }),
    ...(pool.nodeInfo && { nodeInfo: pool.nodeInfo }),
    ...(pool.images && { images: pool.images }),
  };
}

const labelCache = new WeakMap<NodePool, Readonly<Record<string, string>>>();

/** The labels of a pool's nodes with zone, instance type, run and pool. */
export function poolLabels(pool: NodePool, runId: string): Readonly<Record<string, string>> {
  const cached = labelCache.get(pool);
  if (cached !== undefined && cached[runLabel] === runId) return cached;
  const labels = {
    ...pool.labels,
    ...(pool.zone !== undefined && { "topology.kubernetes.io/zone": pool.zone }),
    ...(pool.instanceType !== undefined && { "node.kubernetes.io/instance-type": pool.instanceType }),
    [runLabel]: runId,
    [poolLabel]: pool.name,
  };
  labelCache.set(pool, labels);
  return labels;
}
