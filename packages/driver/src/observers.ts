import { type ApiClient, createReflector, type Received, type Resource, resources } from "@hollowfleet/client";
import type { Clock, Random } from "@hollowfleet/core";
import { type FleetNews, runLabel } from "@hollowfleet/fleet";
import type { Recorder } from "@hollowfleet/metrics";
import { type Lease, type Node, type Pod, peekMeta } from "@hollowfleet/wire";
import { podFacts } from "./pod-facts.ts";
import type { Churn } from "./probes/churn.ts";
import { LeaseGaps } from "./probes/lease-gaps.ts";
import { NodeReadiness } from "./probes/node-readiness.ts";
import { PodStartupTracker } from "./probes/pod-startup.ts";

export interface ObserverOptions {
  /** A client whose calls are not part of the load that is judged. */
  readonly api: ApiClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly recorder: Recorder;
  /** Counts the pods that come and go. */
  readonly churn: Churn;
  readonly runId: string;
}

/** The three watches outside the fleet from which a run is measured: what a user of the cluster would see. */
export class Observers {
  readonly #options: ObserverOptions;
  readonly #reflectors: { stop(): void }[] = [];
  readonly nodes: NodeReadiness;
  readonly leases: LeaseGaps;
  readonly pods: PodStartupTracker = new PodStartupTracker();
  /** Names of the run's nodes: leases carry no label of ours. */
  readonly #ours = new Set<string>();
  /** Leases whose node was not seen yet, as when another watch is behind: a kubelet creates both at the same time. */
  readonly #early = new Map<string, { readonly renewed: string; readonly atUs: number }>();

  constructor(options: ObserverOptions) {
    this.#options = options;
    const { recorder } = options;
    this.nodes = new NodeReadiness((tookUs) => recorder.observe("node_ready", {}, tookUs));
    this.leases = new LeaseGaps((gapUs) => recorder.observe("lease_gap", {}, gapUs));
  }

  /** Opens the watches and resolves when each has its first state. */
  async start(): Promise<void> {
    const { runId } = this.#options;
    await Promise.all([
      this.#watch<Node>(resources.nodes, { labelSelector: `${runLabel}=${runId}` }, this.#nodeHandler()),
      this.#watch<Lease>(resources.leases, { namespace: "kube-node-lease" }, this.#leaseHandler()),
      this.#watch<Pod>(resources.pods, { labelSelector: `${runLabel}=${runId}` }, this.#podHandler()),
    ]);
  }

  stop(): void {
    for (const reflector of this.#reflectors) reflector.stop();
  }

  /** The fleet's own word on pods that it told Running, and on renewals that it was late with. */
  onNews({ starts, lateRenewals }: FleetNews): void {
    for (const { node, endUs } of lateRenewals) this.leases.ours(node, endUs);
    for (const { uid, runningPushedUs, simulatedMs } of starts) this.pods.started(uid, runningPushedUs, simulatedMs);
  }

  #watch<T>(
    resource: Resource<T>,
    where: { readonly labelSelector?: string; readonly namespace?: string },
    handler: ObjectHandler<T>,
  ): Promise<void> {
    const { api, clock, random } = this.#options;
    return new Promise((resolve) => {
      const reflector = createReflector({
        api,
        resource,
        ...where,
        clock,
        random: random.fork(resource.plural),
        keep: "none",
        handler: {
          onReplace: (items) => {
            const atUs = clock.nowUs();
            handler.replace(items, atUs);
            resolve();
          },
          onAdd: (item, atUs) => handler.set(item, atUs),
          onUpdate: (item, atUs) => handler.set(item, atUs),
          onDelete: (item, atUs) => handler.remove(item, atUs),
        },
      });
      this.#reflectors.push(reflector);
      reflector.start();
    });
  }

  #nodeHandler(): ObjectHandler<Node> {
    const set = ({ object }: Received<Node>, atUs: number): void => {
      const name = object.metadata?.name ?? "";
      this.#ours.add(name);
      const early = this.#early.get(name);
      if (early !== undefined) this.leases.observe(name, early.renewed, early.atUs);
      this.#early.delete(name);
      const ready = object.status?.conditions?.find((condition) => condition.type === "Ready");
      this.nodes.observe(name, ready?.status === "True", atUs);
    };
    return handlerOf(set, (item) => this.nodes.remove(peekMeta(item.raw).name));
  }

  #leaseHandler(): ObjectHandler<Lease> {
    const set = ({ object }: Received<Lease>, atUs: number): void => {
      const name = object.metadata?.name ?? "";
      const renewed = `${object.spec?.renewTime?.seconds}.${object.spec?.renewTime?.nanos}`;
      if (this.#ours.has(name)) this.leases.observe(name, renewed, atUs);
      else this.#early.set(name, { renewed, atUs });
    };
    return handlerOf(set, (item, atUs) => {
      const { name } = peekMeta(item.raw);
      this.#early.delete(name);
      this.leases.remove(name, atUs);
    });
  }

  #podHandler(): ObjectHandler<Pod> {
    const known = new Set<string>();
    const set = ({ object }: Received<Pod>, atUs: number): void => {
      const facts = podFacts(object);
      if (!known.has(facts.uid)) {
        known.add(facts.uid);
        this.#options.churn.add(atUs);
      }
      this.pods.observe(facts, atUs);
    };
    return {
      ...handlerOf(set, (item, atUs) => {
        this.#options.churn.add(atUs);
        this.pods.remove(peekMeta(item.raw).uid);
      }),
      replace: (items, atUs) => {
        const present = new Set(items.map((item) => peekMeta(item.raw).uid));
        for (const uid of [...this.pods.uids()]) if (!present.has(uid)) this.pods.remove(uid);
        for (const item of items) set(item, atUs);
      },
    };
  }
}

interface ObjectHandler<T> {
  replace(items: readonly Received<T>[], atUs: number): void;
  set(item: Received<T>, atUs: number): void;
  remove(item: Received<T>, atUs: number): void;
}

/** For what needs no sweep of vanished objects: a state that comes anew is so many changes. */
function handlerOf<T>(
  set: (item: Received<T>, atUs: number) => void,
  remove: (item: Received<T>, atUs: number) => void,
): ObjectHandler<T> {
  return {
    set,
    remove,
    replace: (items, atUs) => {
      for (const item of items) set(item, atUs);
    },
  };
}
