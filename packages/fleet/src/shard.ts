import { ClientError, type Transport } from "@hollowfleet/client";
import { type Clock, type Random, seededRandom, type Timer } from "@hollowfleet/core";
import { createHollowKubelet, type HollowKubelet, type NodeSpec, type Profile, profileOf } from "@hollowfleet/kubelet";
import { createRecorder, type Recorder, type Snapshot } from "@hollowfleet/metrics";
import { type Connector, createConnector } from "./connector.ts";
import type { FleetPlan } from "./fleet.ts";
import type { NodePool } from "./node-pool.ts";
import { type NodeSlot, type ShardPlan, specOf } from "./plan.ts";
import { ShardCounters } from "./shard-counters.ts";
import type { FleetNews, ShardStats, ShardSummary } from "./shard-stats.ts";
import { ThreadMeter } from "./thread-usage.ts";

/** One node of the shard while it lives. Kubelet and transport come when its identity is there. */
interface Member {
  readonly abort: AbortController;
  kubelet: HollowKubelet | undefined;
  transport: Transport | undefined;
}

/** A node whose certificate was not signed asks again after this, as a restarted kubelet would. */
const identityRetryMs = 10_000;

/** The part of a fleet that one thread runs. */
export class Shard {
  readonly #fleet: FleetPlan;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #recorder: Recorder = createRecorder();
  readonly #counters: ShardCounters;
  readonly #meter: ThreadMeter;
  readonly #connector: Connector;
  readonly #profile: Profile;
  readonly #members = new Map<number, Member>();
  #plan: ShardPlan;
  #pools: readonly NodePool[];
  #waiting: NodeSlot[] = [];
  #pacer: Timer | undefined;

  constructor(fleet: FleetPlan, plan: ShardPlan, clock: Clock) {
    this.#fleet = fleet;
    this.#plan = plan;
    this.#pools = fleet.pools;
    this.#clock = clock;
    this.#random = seededRandom(fleet.seed).fork("fleet");
    this.#counters = new ShardCounters(this.#recorder);
    this.#meter = new ThreadMeter(clock);
    this.#profile = profileOf(fleet.profile, fleet.watches);
    this.#connector = createConnector(
      fleet,
      this.#profile,
      this.#counters,
      clock,
      this.#random.fork(`shard-${plan.shard}`),
    );
  }

  /** Begins to register the nodes, node i at startUs + i / rate, `startUs` on the injected clock. */
  start(startUs: number): void {
    this.#waiting = this.#plan.members.filter((slot) => !this.#members.has(slot.index));
    const spacingUs = (1e6 / this.#fleet.nodeRatePerS) * this.#fleet.threads;
    let begun = 0;
    // Thread k of n begins k/n of a spacing later, so that the fleet as a whole registers evenly.
    const offsetUs = (spacingUs * this.#plan.shard) / this.#fleet.threads;
    const next = (): void => {
      for (; ; begun++) {
        const slot = this.#waiting[begun];
        if (slot === undefined) return;
        const dueUs = startUs + offsetUs + begun * spacingUs;
        const waitUs = dueUs - this.#clock.nowUs();
        if (waitUs > 0) {
          this.#pacer = this.#clock.setTimer(waitUs / 1000, next);
          return;
        }
        this.#startNode(slot);
      }
    };
    this.#pacer?.cancel();
    next();
  }

  /** New pool sizes: surplus nodes stop at once, new ones register from `startUs` on. */
  scale(pools: readonly NodePool[], plan: ShardPlan, startUs: number): void {
    this.#pools = pools;
    this.#plan = plan;
    const wanted = new Set(plan.members.map((slot) => slot.index));
    for (const index of [...this.#members.keys()]) if (!wanted.has(index)) this.#stopNode(index);
    this.start(startUs);
  }

  stats(): ShardStats {
    return {
      shard: this.#plan.shard,
      atUs: this.#clock.nowUs(),
      ...this.#counters.counts(this.#plan.members.length),
      usage: this.#meter.sample(),
    };
  }

  takeNews(): FleetNews {
    return this.#counters.takeNews();
  }

  snapshot(): Snapshot {
    return this.#recorder.snapshot();
  }

  stop(): ShardSummary {
    this.#pacer?.cancel();
    this.#waiting = [];
    for (const index of [...this.#members.keys()]) this.#stopNode(index);
    this.#connector.close();
    return { stats: this.stats(), snapshot: this.snapshot() };
  }

  #startNode(slot: NodeSlot): void {
    const spec: NodeSpec = specOf(slot, this.#pools, this.#fleet.identity);
    const member: Member = { abort: new AbortController(), kubelet: undefined, transport: undefined };
    this.#members.set(slot.index, member);
    this.#connect(spec, member);
  }

  #connect(spec: NodeSpec, member: Member): void {
    const { signal } = member.abort;
    this.#connector.connect(spec, signal).then(
      (connection) => {
        if (connection === undefined || signal.aborted) {
          connection?.transport?.close();
          return;
        }
        member.transport = connection.transport;
        member.kubelet = createHollowKubelet({
          spec,
          profile: this.#profile,
          delays: this.#fleet.delays,
          api: connection.api,
          clock: this.#clock,
          random: this.#random.fork(spec.name),
          observer: this.#counters,
        });
        member.kubelet.start();
      },
      (reason: unknown) => {
        if (!(reason instanceof ClientError)) throw reason;
        this.#counters.onError(spec.name, "identity", reason);
        if (!signal.aborted) this.#clock.setTimer(identityRetryMs, () => this.#connect(spec, member));
      },
    );
  }

  #stopNode(index: number): void {
    const member = this.#members.get(index);
    this.#members.delete(index);
    member?.abort.abort();
    member?.kubelet?.stop();
    member?.transport?.close();
  }
}
