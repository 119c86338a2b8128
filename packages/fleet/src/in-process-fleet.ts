import { type Clock, systemClock, type Timer } from "@hollowfleet/core";
import { mergeSnapshots, type Snapshot } from "@hollowfleet/metrics";
import type { Fleet, FleetListener, FleetPlan, FleetSummary } from "./fleet.ts";
import type { NodePool } from "./node-pool.ts";
import { assignSlots, type NodeSlot, planShards } from "./plan.ts";
import { Shard } from "./shard.ts";
import { type FleetStats, sumStats } from "./shard-stats.ts";

/** How often a fleet tells its figures. */
export const statsIntervalMs = 1000;

/** A fleet in the calling thread: for tests, for a handful of nodes, and as the twin that shows what threads change. */
export class InProcessFleet implements Fleet {
  readonly #plan: FleetPlan;
  readonly #listener: FleetListener;
  readonly #clock: Clock;
  readonly #shard: Shard;
  #slots: NodeSlot[];
  #reporter: Timer | undefined;
  #summary: FleetSummary | undefined;

  constructor(plan: FleetPlan, listener: FleetListener = {}, clock: Clock = systemClock) {
    this.#plan = { ...plan, threads: 1 };
    this.#listener = listener;
    this.#clock = clock;
    this.#slots = assignSlots(plan.pools);
    this.#shard = new Shard(this.#plan, { shard: 0, members: this.#slots }, clock);
  }

  start(): Promise<void> {
    this.#shard.start(this.#clock.nowUs());
    this.#report();
    return Promise.resolve();
  }

  scale(pools: readonly NodePool[]): Promise<void> {
    this.#slots = assignSlots(pools, this.#slots);
    for (const plan of planShards(this.#slots, 1)) this.#shard.scale(pools, plan, this.#clock.nowUs());
    return Promise.resolve();
  }

  stats(): FleetStats {
    return this.#summary?.stats ?? sumStats([this.#shard.stats()]);
  }

  snapshot(): Promise<Snapshot> {
    return Promise.resolve(this.#summary?.snapshot ?? mergeSnapshots([this.#shard.snapshot()]));
  }

  stop(): Promise<FleetSummary> {
    if (this.#summary === undefined) {
      this.#reporter?.cancel();
      const { stats, snapshot } = this.#shard.stop();
      this.#listener.onNews?.(this.#shard.takeNews());
      this.#summary = { stats: sumStats([stats]), snapshot, deaths: [] };
    }
    return Promise.resolve(this.#summary);
  }

  #report(): void {
    this.#reporter = this.#clock.setTimer(statsIntervalMs, () => {
      this.#listener.onStats?.(this.stats());
      this.#listener.onNews?.(this.#shard.takeNews());
      this.#report();
    });
  }
}
