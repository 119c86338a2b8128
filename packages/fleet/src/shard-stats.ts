import type { Snapshot } from "@hollowfleet/metrics";

/** How many nodes are where. */
export interface NodeCounts {
  readonly total: number;
  readonly registering: number;
  readonly registered: number;
  readonly ready: number;
}

/** How many pods the hollow kubelets hold, by what they have told the API server. */
export type PodState = "Pending" | "Running" | "Succeeded" | "Failed" | "Terminating";
export type PodCounts = Readonly<Record<PodState, number>>;

export interface LeaseCounts {
  readonly renewed: number;
  readonly failed: number;
  /** Renewals whose own delay, due to written, exceeded 1 s: late through our fault. */
  readonly ownDelays: number;
  readonly maxOwnDelayUs: number;
}

/** One pod that was told Running. Times are `Clock.nowUs()`, which all threads share. */
export interface PodStart {
  readonly uid: string;
  /** How long the simulated runtime took: no API time in it. */
  readonly simulatedMs: number;
  readonly boundSeenUs: number;
  readonly runningPushedUs: number;
}

/** A renewal that we were late with by more than 1 s. */
export interface LateRenewal {
  readonly node: string;
  /** When it was answered or given up, `Clock.nowUs()`. */
  readonly endUs: number;
}

/** What happened since the last time that it was told. */
export interface FleetNews {
  readonly starts: readonly PodStart[];
  readonly lateRenewals: readonly LateRenewal[];
}

/** What a thread used since it began, from /proc/thread-self/schedstat. */
export interface ThreadUsage {
  readonly cpuSeconds: number;
  /** Time it was ready to run and no core was free: "machine full". */
  readonly runQueueWaitSeconds: number;
  /** The largest share of one core in any 10 s so far, 0 to 1. */
  readonly maxBusyShare: number;
  readonly heapUsedBytes: number;
}

/** One shard, at one moment. Counts are since its start. */
export interface ShardStats {
  readonly shard: number;
  readonly atUs: number;
  readonly nodes: NodeCounts;
  readonly pods: PodCounts;
  readonly leases: LeaseCounts;
  /** "where: code" of what the hollow kubelets would have logged, with how often. */
  readonly errors: Readonly<Record<string, number>>;
  readonly calls: { readonly total: number; readonly rejected: number; readonly failed: number };
  readonly usage: ThreadUsage;
}

const noPods: PodCounts = { Pending: 0, Running: 0, Succeeded: 0, Failed: 0, Terminating: 0 };

/** The whole fleet, from its shards. */
export interface FleetStats extends Omit<ShardStats, "shard" | "usage"> {
  readonly threads: readonly (ThreadUsage & { readonly name: string })[];
}

/** Adds shards up. */
export function sumStats(shards: readonly ShardStats[]): FleetStats {
  const sum = (pick: (shard: ShardStats) => number): number => shards.reduce((total, shard) => total + pick(shard), 0);
  const errors: Record<string, number> = {};
  for (const shard of shards) {
    for (const [what, count] of Object.entries(shard.errors)) errors[what] = (errors[what] ?? 0) + count;
  }
  return {
    atUs: Math.max(0, ...shards.map((shard) => shard.atUs)),
    nodes: {
      total: sum((shard) => shard.nodes.total),
      registering: sum((shard) => shard.nodes.registering),
      registered: sum((shard) => shard.nodes.registered),
      ready: sum((shard) => shard.nodes.ready),
    },
    pods: Object.fromEntries(
      Object.keys(noPods).map((state) => [state, sum((shard) => shard.pods[state as PodState])]),
    ) as PodCounts,
    leases: {
      renewed: sum((shard) => shard.leases.renewed),
      failed: sum((shard) => shard.leases.failed),
      ownDelays: sum((shard) => shard.leases.ownDelays),
      maxOwnDelayUs: Math.max(0, ...shards.map((shard) => shard.leases.maxOwnDelayUs)),
    },
    errors,
    calls: {
      total: sum((shard) => shard.calls.total),
      rejected: sum((shard) => shard.calls.rejected),
      failed: sum((shard) => shard.calls.failed),
    },
    threads: shards.map((shard) => ({ name: `shard-${shard.shard}`, ...shard.usage })),
  };
}

/** What a shard leaves behind: its last figures and everything it recorded. */
export interface ShardSummary {
  readonly stats: ShardStats;
  readonly snapshot: Snapshot;
}
