import type { ProfileName, StartDelays } from "@hollowfleet/kubelet";
import type { Snapshot } from "@hollowfleet/metrics";
import type { FleetCredentials } from "./identity.ts";
import type { NodePool } from "./node-pool.ts";
import type { FleetIdentity } from "./plan.ts";
import type { FleetNews, FleetStats } from "./shard-stats.ts";

/** Where the API server is and how its certificate is checked. */
export interface FleetTarget {
  /** https://host:port */
  readonly server: string;
  readonly caPem?: string;
  readonly serverName?: string;
  readonly insecureSkipVerify?: boolean;
  /** HTTP proxy to tunnel through. */
  readonly proxyUrl?: string;
  /** [major, minor] of the API server, e.g. [1, 36]. */
  readonly version: readonly [major: number, minor: number];
}

/** A fleet as plain data: it crosses to the threads by structured clone. */
export interface FleetPlan {
  readonly pools: readonly NodePool[];
  readonly identity: FleetIdentity;
  readonly target: FleetTarget;
  readonly credentials: FleetCredentials;
  /** "per-node": a TLS connection each, as real kubelets; "pooled": shared, at most 100 streams on each. */
  readonly connections: "per-node" | "pooled";
  readonly profile: ProfileName;
  readonly watches: "all" | "pods";
  readonly delays: StartDelays;
  readonly seed: number | string;
  /** Worker threads, one shard each. */
  readonly threads: number;
  /** Old-generation heap per thread in MiB; default: Node's own. */
  readonly threadHeapMb?: number;
  /** Nodes that begin to register, per second. */
  readonly nodeRatePerS: number;
}

/** Why a thread is no more. */
export interface ShardDeath {
  readonly shard: number;
  readonly nodes: readonly string[];
  readonly cause: string;
}

/** Told as things happen; must not throw. */
export interface FleetListener {
  /** About once a second. */
  onStats?(stats: FleetStats): void;
  onNews?(news: FleetNews): void;
  onDeath?(death: ShardDeath): void;
}

/** What a fleet leaves behind. */
export interface FleetSummary {
  readonly stats: FleetStats;
  readonly snapshot: Snapshot;
  readonly deaths: readonly ShardDeath[];
}

/** Thousands of hollow nodes behind five methods; in this thread or in many, it is the same. */
export interface Fleet {
  /** Brings the threads up and begins to register nodes at the planned rate. Resolves when every thread runs. */
  start(): Promise<void>;
  /** Sets the pools' sizes: new nodes register at the planned rate, surplus ones stop from the highest number down. */
  scale(pools: readonly NodePool[]): Promise<void>;
  stats(): FleetStats;
  /** All series that were recorded so far, merged. */
  snapshot(): Promise<Snapshot>;
  /** Stops every hollow node and ends the threads. Safe to call twice. */
  stop(): Promise<FleetSummary>;
}
