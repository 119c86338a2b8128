import type { Snapshot } from "@hollowfleet/metrics";
import type { FleetNews, ShardStats, ShardSummary } from "../shard-stats.ts";

/** What a thread tells. */
export type ThreadOutput =
  /** The shard runs; its nodes begin to register. */
  | { readonly type: "started" }
  /** About once a second. `news`: what happened since the last message. */
  | { readonly type: "stats"; readonly stats: ShardStats; readonly news: FleetNews }
  | { readonly type: "scaled" }
  | { readonly type: "snapshot"; readonly requestId: number; readonly snapshot: Snapshot }
  | { readonly type: "stopped"; readonly summary: ShardSummary };
