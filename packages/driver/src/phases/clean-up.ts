import { type ApiClient, resources } from "@hollowfleet/client";
import { type Clock, delay } from "@hollowfleet/core";
import { runLabel } from "@hollowfleet/fleet";
import { constantArrivalRate } from "../executors/constant-arrival-rate.ts";
import { absent } from "./delete-all.ts";

/** Objects of one run that are still in the cluster. */
export interface Leftovers {
  readonly namespaces: number;
  readonly pods: number;
  readonly nodes: number;
  readonly leases: number;
  readonly csinodes: number;
}

export interface CleanUpOptions {
  readonly api: ApiClient;
  readonly clock: Clock;
  readonly runId: string;
  /** Deletions per second. */
  readonly ratePerS: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** The garbage collector takes its time; five lists a second would be a load of their own. */
const lookIntervalMs = 1000;

/**
 * Removes everything that carries the run's label: namespaces with what is in them, then nodes. Leases and CSINodes go
 * with their owner, the Node. The hollow kubelets must be stopped before, or they would register again.
 * @returns what is left after the deadline; all zero when it is clean
 */
export async function cleanUp(options: CleanUpOptions): Promise<Leftovers> {
  const { api } = options;
  const nodes = await names(api, options.runId);
  await forceDeletePods(options);
  const namespaces = await api.list(resources.namespaces, { labelSelector: `${runLabel}=${options.runId}` });
  await each(
    options,
    namespaces.items.map((item) => item.object.metadata?.name ?? ""),
    (name) => absent(api.delete(resources.namespaces, { name })),
  );
  await each(options, nodes, (name) => absent(api.delete(resources.nodes, { name })));
  const look = (): Promise<Leftovers> => leftovers(api, options.runId, new Set(nodes));
  const endUs = options.clock.nowUs() + options.timeoutMs * 1000;
  let left = await look();
  while (!isClean(left) && options.clock.nowUs() < endUs && !options.signal.aborted) {
    await delay(options.clock, lookIntervalMs, options.signal);
    left = await look();
  }
  return left;
}

export function isClean(left: Leftovers): boolean {
  return Object.values(left).every((count) => count === 0);
}

async function names(api: ApiClient, runId: string): Promise<string[]> {
  const nodes = await api.list(resources.nodes, { labelSelector: `${runLabel}=${runId}` });
  return nodes.items.map((item) => item.object.metadata?.name ?? "");
}

/** Nobody is left to finish pods gracefully once the hollow kubelets have stopped. */
async function forceDeletePods(options: CleanUpOptions): Promise<void> {
  const pods = await options.api.list(resources.pods, { labelSelector: `${runLabel}=${options.runId}` });
  const slots = pods.items.map((item) => item.object.metadata);
  await each(options, slots, (meta) =>
    absent(
      options.api.delete(
        resources.pods,
        { namespace: meta?.namespace ?? "", name: meta?.name ?? "" },
        { gracePeriodSeconds: 0 },
      ),
    ),
  );
}

async function each<T>(options: CleanUpOptions, items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const { clock, ratePerS, signal } = options;
  await constantArrivalRate(
    {
      ratePerS,
      count: items.length,
      maxInFlight: 50,
      signal,
      start: async (index) => {
        const item = items[index];
        if (item !== undefined) await act(item);
      },
    },
    clock,
  );
}

/** What of the run is still there. Leases and CSINodes carry no label of ours; they go by their node's name. */
async function leftovers(api: ApiClient, runId: string, nodes: ReadonlySet<string>): Promise<Leftovers> {
  const labelSelector = `${runLabel}=${runId}`;
  const [namespaces, pods, left, leases, csinodes] = await Promise.all([
    api.list(resources.namespaces, { labelSelector }),
    api.list(resources.pods, { labelSelector }),
    api.list(resources.nodes, { labelSelector: `${runLabel}=${runId}` }),
    api.list(resources.leases, { namespace: "kube-node-lease" }),
    api.list(resources.csinodes),
  ]);
  const ours = (items: readonly { object: { metadata?: { name?: string } } }[]): number =>
    items.filter((item) => nodes.has(item.object.metadata?.name ?? "")).length;
  return {
    namespaces: namespaces.items.length,
    pods: pods.items.length,
    nodes: left.items.length,
    leases: ours(leases.items),
    csinodes: ours(csinodes.items),
  };
}
