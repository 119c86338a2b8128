import type { Node } from "../objects/types.ts";
import type { Readiness } from "./conditions.ts";

export type ZoneState = "Initial" | "Normal" | "PartialDisruption" | "FullDisruption";

/** Region and zone of a node as one text; "" for a node without (component-helpers, node/topology). */
export function zoneOf(node: Node): string {
  const labels = node.metadata?.labels ?? {};
  const zone = labels["failure-domain.beta.kubernetes.io/zone"] ?? labels["topology.kubernetes.io/zone"] ?? "";
  const region = labels["failure-domain.beta.kubernetes.io/region"] ?? labels["topology.kubernetes.io/region"] ?? "";
  return region === "" && zone === "" ? "" : `${region}:${zone}`;
}

/** A node with this label is not counted. */
export const excludeLabel = "node.kubernetes.io/exclude-disruption";

/** How a zone is, by its nodes (ComputeZoneState): three not ready are needed for a partial disruption. */
export function zoneState(nodes: readonly Readiness[], unhealthyShare: number): ZoneState {
  const ready = nodes.filter((status) => status === "True").length;
  const notReady = nodes.length - ready;
  if (ready === 0 && notReady > 0) return "FullDisruption";
  return notReady > 2 && notReady / nodes.length >= unhealthyShare ? "PartialDisruption" : "Normal";
}

export interface ZoneRates {
  readonly normal: number;
  readonly secondary: number;
  readonly largeClusterNodes: number;
}

/** Nodes per second that may be emptied: small zones in partial disruption not at all. */
function evictionRate(state: ZoneState, nodes: number, rates: ZoneRates): number {
  if (state !== "PartialDisruption") return rates.normal;
  return nodes > rates.largeClusterNodes ? rates.secondary : 0;
}

export interface DisruptionPlan {
  readonly states: ReadonlyMap<string, ZoneState>;
  /** New rates, of the zones whose rate changes. */
  readonly rates: ReadonlyMap<string, number>;
  /** "enter": no zone has a ready node, so the fault is likely ours and nothing is evicted. "leave": fresh grace for all. */
  readonly masterDisruption: "enter" | "leave" | undefined;
}

/** What changes for the zones after a pass over all nodes (handleDisruption). */
export function planDisruption(
  before: ReadonlyMap<string, ZoneState>,
  zones: ReadonlyMap<string, readonly Readiness[]>,
  unhealthyShare: number,
  rates: ZoneRates,
): DisruptionPlan {
  const now = new Map([...zones].map(([zone, nodes]) => [zone, zoneState(nodes, unhealthyShare)] as const));
  const was = new Map([...now.keys()].map((zone) => [zone, before.get(zone) ?? "Initial"] as const));
  const isFull = (states: ReadonlyMap<string, ZoneState>) => [...states.values()].every((s) => s === "FullDisruption");
  const isAllFull = isFull(now);
  const wasAllFull = isFull(was);
  if (isAllFull && wasAllFull) return { states: now, rates: new Map(), masterDisruption: undefined };
  if (isAllFull) {
    const stopped = new Map([...now.keys()].map((zone) => [zone, 0] as const));
    return { states: now, rates: stopped, masterDisruption: "enter" };
  }
  const changed = [...now].filter(([zone, state]) => wasAllFull || state !== was.get(zone));
  const newRates = changed.map(
    ([zone, state]) => [zone, evictionRate(state, zones.get(zone)?.length ?? 0, rates)] as const,
  );
  return { states: now, rates: new Map(newRates), masterDisruption: wasAllFull ? "leave" : undefined };
}
