import type { Random } from "@hollowfleet/core";
import { isTolerated } from "../objects/taints.ts";
import type { Pod } from "../objects/types.ts";
import { matchesNodeAffinity } from "./node-affinity.ts";
import { cordon, type NodeRoom } from "./node-table.ts";
import { type PodNeeds, podNeeds } from "./pod-needs.ts";

/** Where a pod goes, or why it can go nowhere. */
export type Placement =
  | { readonly kind: "placed"; readonly node: string; readonly examined: number }
  | { readonly kind: "unschedulable"; readonly message: string };

export interface PlacementState {
  readonly nodes: readonly NodeRoom[];
  /** Where to begin, so that pods in turn begin at different nodes (kube-scheduler's nextStartNodeIndex). */
  readonly startAt: number;
  /** How many feasible nodes are enough to choose from. */
  readonly enough: number;
}

/** Chooses a node: the first `enough` that the pod fits on are scored, the best wins, and equals are drawn for. */
export function place(pod: Pod, { nodes, startAt, enough }: PlacementState, random: Random): Placement {
  const needs = podNeeds(pod);
  const reasons = new Map<string, number>();
  let best: NodeRoom | undefined;
  let bestScore = -1;
  let equals = 0;
  let feasible = 0;
  let examined = 0;
  while (examined < nodes.length && feasible < enough) {
    const room = nodes[(startAt + examined) % nodes.length] as NodeRoom;
    examined += 1;
    const found = rejections(pod, needs, room);
    if (found !== undefined) {
      for (const reason of found) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      continue;
    }
    feasible += 1;
    const value = score(pod, needs, room);
    if (value > bestScore) {
      best = room;
      bestScore = value;
      equals = 1;
    } else if (value === bestScore) {
      equals += 1;
      if (random.int(equals) === 0) best = room;
    }
  }
  if (best !== undefined) return { kind: "placed", node: best.name, examined };
  return { kind: "unschedulable", message: fitMessage(nodes.length, reasons) };
}

/**
 * Why a pod cannot go to a node, or undefined when it can: the reasons of the first of kube-scheduler's filters that
 * refuses, in its order and with its words (pkg/scheduler/framework/plugins).
 */
function rejections(pod: Pod, needs: PodNeeds, room: NodeRoom): readonly string[] | undefined {
  const node = room.node;
  if (node === undefined) return ["node(s) had unknown conditions"];
  const { spec } = pod;
  if (node.spec?.unschedulable === true && !isTolerated(spec?.tolerations, cordon)) return unschedulable;
  if (room.taints.some((taint) => !isTolerated(spec?.tolerations, taint))) return untolerated;
  if ((spec?.nodeSelector ?? spec?.affinity) !== undefined && !matchesNodeAffinity(spec, node)) return mismatched;
  if (needs.hostPorts.some((port) => (room.hostPorts.get(port) ?? 0) > 0)) return portTaken;
  return shortages(needs, room);
}

const unschedulable = ["node(s) were unschedulable"];
const untolerated = ["node(s) had untolerated taint(s)"];
const mismatched = ["node(s) didn't match Pod's node affinity/selector"];
const portTaken = ["node(s) didn't have free ports for the requested pod ports"];

/** plugins/noderesources/fit.go */
function shortages(needs: PodNeeds, room: NodeRoom): string[] | undefined {
  let found: string[] | undefined;
  if (room.pods + 1 > (room.allocatable.get("pods") ?? 0)) found = ["Too many pods"];
  for (const [resource, amount] of needs.requests) {
    if (amount <= 0) continue;
    const free = (room.allocatable.get(resource) ?? 0) - (room.requested.get(resource) ?? 0);
    if (amount <= free) continue;
    found ??= [];
    found.push(`Insufficient ${resource}`);
  }
  return found;
}

/** Less wanted, but not forbidden: as much as the whole range of the other score, as upstream's weight 3 makes it. */
const preferNoScheduleCost = 100;

/** The share of CPU and memory that stays free, 0 to 100 (plugins/noderesources/least_allocated.go). */
function score(pod: Pod, needs: PodNeeds, room: NodeRoom): number {
  const cpu = freeShare(room.allocatable.get("cpu"), room.scoredCpuMilli + needs.scoredCpuMilli);
  const memory = freeShare(room.allocatable.get("memory"), room.scoredMemory + needs.scoredMemory);
  const isAvoided = room.preferNoSchedule.some((taint) => !isTolerated(pod.spec?.tolerations, taint));
  return Math.floor((cpu + memory) / 2) + (isAvoided ? 0 : preferNoScheduleCost);
}

function freeShare(allocatable: number | undefined, requested: number): number {
  if (allocatable === undefined || allocatable === 0 || requested > allocatable) return 0;
  return Math.floor(((allocatable - requested) * 100) / allocatable);
}

/** FitError (pkg/scheduler/framework/types.go): reasons with how many nodes each, sorted as texts. */
function fitMessage(nodes: number, reasons: ReadonlyMap<string, number>): string {
  if (nodes === 0) return "no nodes available to schedule pods";
  const counted = [...reasons].map(([reason, count]) => `${count} ${reason}`).sort();
  return `0/${nodes} nodes are available: ${counted.join(", ")}.`;
}
