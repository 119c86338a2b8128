import type { Machine } from "../shared/machine.ts";
import { type Spread, spreadOf } from "../shared/statistics.ts";

/** What a peer prints about its measured window. */
export interface PeerCost {
  readonly calls: number;
  readonly errors: number;
  /** Renewals that were due while the one before them still ran. */
  readonly skipped: number;
  /** User and system time of the whole process, all its threads. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** At the end of the window. */
  readonly rssBytes: number;
  /** TCP connections made since its start. */
  readonly connections: number;
}

export interface LeasePair {
  readonly first: "ours" | "client-go";
  readonly ours: PeerCost;
  readonly clientGo: PeerCost;
  /** CPU per call, ours / client-go. */
  readonly ratio: number;
  /** Why the pair does not count; empty if it does. */
  readonly faults: readonly string[];
}

export interface LeaseCostSettings {
  readonly rate: number;
  readonly connections: number;
  readonly leases: number;
  readonly identity: string;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

export interface LeaseCostResult {
  readonly bench: "lease-cost";
  readonly date: string;
  readonly machine: Machine;
  readonly kubernetes: string;
  readonly clientGo: string;
  readonly settings: LeaseCostSettings;
  readonly pairs: readonly LeasePair[];
  /** Of the pairs without faults; null if there are none. */
  readonly ratio: Spread | null;
  readonly oursCpuUs: Spread | null;
  readonly clientGoCpuUs: Spread | null;
}

export function cpuUsPerCall(cost: PeerCost): number {
  return (cost.cpuSeconds * 1e6) / cost.calls;
}

/** Below this share of the planned calls, two windows are not the same load. */
const calledShareMin = 0.95;

export function pairOf(
  first: LeasePair["first"],
  ours: PeerCost,
  clientGo: PeerCost,
  settings: LeaseCostSettings,
): LeasePair {
  return {
    first,
    ours,
    clientGo,
    ratio: cpuUsPerCall(ours) / cpuUsPerCall(clientGo),
    faults: [
      ...faultsOf("ours", ours, settings),
      ...faultsOf("client-go", clientGo, settings),
      ...connectionFaults(ours.connections, clientGo.connections, settings),
    ],
  };
}

function faultsOf(who: string, cost: PeerCost, { rate }: LeaseCostSettings): string[] {
  const planned = rate * cost.wallSeconds;
  return [
    ...(cost.errors > 0 ? [`${who}: ${cost.errors} errors`] : []),
    ...(cost.calls < planned * calledShareMin ? [`${who}: ${cost.calls} of ${Math.round(planned)} calls`] : []),
  ];
}

/**
 * Both must have opened as many. A server that pauses makes calls pile up past the 100 streams of one connection, and
 * then either side opens a second: one more for each that was planned is the same load, if both have it.
 */
function connectionFaults(ours: number, clientGo: number, { connections }: LeaseCostSettings): string[] {
  if (ours === clientGo && ours >= connections && ours <= 2 * connections) return [];
  return [`connections: ours ${ours}, client-go ${clientGo}, planned ${connections}`];
}

/** The three spreads over the pairs that count. */
export function summarise(pairs: readonly LeasePair[]): Pick<LeaseCostResult, "ratio" | "oursCpuUs" | "clientGoCpuUs"> {
  const good = pairs.filter(({ faults }) => faults.length === 0);
  const spread = (pick: (pair: LeasePair) => number): Spread | null =>
    good.length === 0 ? null : spreadOf(good.map(pick));
  return {
    ratio: spread(({ ratio }) => ratio),
    oursCpuUs: spread(({ ours }) => cpuUsPerCall(ours)),
    clientGoCpuUs: spread(({ clientGo }) => cpuUsPerCall(clientGo)),
  };
}
