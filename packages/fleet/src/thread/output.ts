import type { Snapshot } from "@hollowfleet/metrics";
import type { PodStart, ShardStats, ShardSummary } from "../shard-stats.ts";

/** What a thread tells. */
export type ThreadOutput =
  /** The shard runs; its nodes begin to register. */
  | { readonly type: "started" }
  /** About once a second. `starts`: pods told Running since the last message. */
  | { readonly type: "stats"; readonly stats: ShardStats; readonly starts: readonly PodStart[] }
  | { readonly type: "scaled" }
  | { readonly type: "snapshot"; readonly requestId: number; readonly snapshot: Snapshot }
  | { readonly type: "stopped"; readonly summary: ShardSummary };
