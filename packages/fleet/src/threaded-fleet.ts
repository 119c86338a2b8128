import { systemClock } from "@hollowfleet/core";
import { mergeSnapshots, type Snapshot } from "@hollowfleet/metrics";
import { Piscina } from "piscina";
import type { Fleet, FleetListener, FleetPlan, FleetSummary, ShardDeath } from "./fleet.ts";
import type { NodePool } from "./node-pool.ts";
import { assignSlots, type NodeSlot, nodeName, planShards } from "./plan.ts";
import { type FleetStats, type ShardStats, sumStats } from "./shard-stats.ts";
import { ThreadSupervisor } from "./thread/supervisor.ts";

/** A fleet over worker threads, one shard each. */
export class ThreadedFleet implements Fleet {
  readonly #plan: FleetPlan;
  readonly #listener: FleetListener;
  readonly #pool: Piscina;
  readonly #threads: ThreadSupervisor[] = [];
  readonly #stats = new Map<number, ShardStats>();
  readonly #deaths: ShardDeath[] = [];
  #pools: readonly NodePool[];
  #slots: NodeSlot[];
  #stopping: Promise<FleetSummary> | undefined;

  constructor(plan: FleetPlan, listener: FleetListener = {}) {
    this.#plan = plan;
    this.#listener = listener;
    this.#pools = plan.pools;
    this.#slots = assignSlots(plan.pools);
    this.#pool = new Piscina({
      filename: new URL("./thread/entry.js", import.meta.url).href,
      minThreads: plan.threads,
      maxThreads: plan.threads,
      // A shard lives in the thread's event loop; waiting on Atomics between tasks would stop it.
      atomics: "disabled",
      ...(plan.threadHeapMb !== undefined && { resourceLimits: { maxOldGenerationSizeMb: plan.threadHeapMb } }),
    });
    // Piscina also tells of a crash here; the supervisor hears of it from the task's own promise.
    this.#pool.on("error", () => undefined);
  }

  async start(): Promise<void> {
    const startUs = systemClock.nowUs();
    for (const plan of planShards(this.#slots, this.#plan.threads)) {
      const supervisor = new ThreadSupervisor(
        this.#pool,
        { fleet: this.#plan, plan, startUs },
        {
          onStats: (stats, news) => {
            this.#stats.set(plan.shard, stats);
            this.#listener.onNews?.(news);
            // Told once per round of all shards, by the first of them that lives.
            if (plan.shard === this.#firstAlive()) this.#listener.onStats?.(this.stats());
          },
          onFailed: (cause) => this.#died(plan.shard, cause),
        },
      );
      this.#threads.push(supervisor);
    }
    await Promise.all(this.#threads.map((thread) => thread.started()));
  }

  scale(pools: readonly NodePool[]): Promise<void> {
    this.#pools = pools;
    this.#slots = assignSlots(pools, this.#slots);
    const startUs = systemClock.nowUs();
    for (const plan of planShards(this.#slots, this.#plan.threads)) {
      this.#threads[plan.shard]?.send({ type: "scale", pools, plan, startUs });
    }
    return Promise.resolve();
  }

  stats(): FleetStats {
    return sumStats([...this.#stats.values()]);
  }

  async snapshot(): Promise<Snapshot> {
    const snapshots = await Promise.all(this.#threads.map((thread) => thread.snapshot()));
    return mergeSnapshots(snapshots.filter((snapshot) => snapshot !== undefined));
  }

  stop(): Promise<FleetSummary> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<FleetSummary> {
    const summaries = await Promise.all(this.#threads.map((thread) => thread.stop()));
    await this.#pool.destroy();
    for (const summary of summaries) if (summary !== undefined) this.#stats.set(summary.stats.shard, summary.stats);
    return {
      stats: this.stats(),
      snapshot: mergeSnapshots(summaries.flatMap((summary) => (summary === undefined ? [] : [summary.snapshot]))),
      deaths: this.#deaths,
    };
  }

  #firstAlive(): number {
    return this.#threads.findIndex((_, shard) => !this.#deaths.some((death) => death.shard === shard));
  }

  #died(shard: number, cause: string): void {
    const nodes = this.#slots
      .filter((slot) => slot.index % this.#plan.threads === shard)
      .map((slot) => {
        const pool = this.#pools[slot.pool];
        return pool === undefined ? "" : nodeName(pool, slot.ordinal, this.#plan.identity.namePrefix);
      });
    const death = { shard, nodes, cause };
    this.#deaths.push(death);
    this.#listener.onDeath?.(death);
  }
}
