import type { FleetPlan } from "../fleet.ts";
import type { NodePool } from "../node-pool.ts";
import type { ShardPlan } from "../plan.ts";

/** What a thread is told. One message port per thread; the answer to each is in `output.ts`. */
export type ThreadInput =
  /** Sets the new sizes of the pools and this shard's part of them. Answered by `scaled`. */
  | { readonly type: "scale"; readonly pools: readonly NodePool[]; readonly plan: ShardPlan; readonly startUs: number }
  /** Asks for everything recorded so far. Answered by `snapshot`. */
  | { readonly type: "snapshot"; readonly requestId: number }
  /** Stops all hollow nodes. Answered by `stopped`, the last message of a thread. */
  | { readonly type: "stop" };

/** What a thread is started with. */
export interface ThreadStart {
  readonly fleet: FleetPlan;
  readonly plan: ShardPlan;
  /** `Clock.nowUs()` from which registration is paced: node i begins at startUs + i / rate. */
  readonly startUs: number;
}
