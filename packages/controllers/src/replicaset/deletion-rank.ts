import { compareText, timeMs, uidOf } from "../objects/meta.ts";
import { isReady, readySinceMs } from "../objects/pod.ts";
import type { Pod } from "../objects/types.ts";

const deletionCost = "controller.kubernetes.io/pod-deletion-cost";
const phaseRank: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/**
 * Pods in the order in which a scale-down takes them: those that would be missed least come first (ActivePodsWithRanks,
 * pkg/controller/controller_utils.go).
 * @param neighbours how many active pods of the same application are on a node
 */
export function byDeletionRank(
  pods: readonly Pod[],
  neighbours: (node: string) => number,
  nowMs: number,
): readonly Pod[] {
  return [...pods].sort(
    (a, b) =>
      Number(Boolean(a.spec?.nodeName)) - Number(Boolean(b.spec?.nodeName)) ||
      rankOfPhase(a) - rankOfPhase(b) ||
      Number(isReady(a)) - Number(isReady(b)) ||
      costOf(a) - costOf(b) ||
      neighbours(b.spec?.nodeName ?? "") - neighbours(a.spec?.nodeName ?? "") ||
      youngerFirst(readySinceMs(a), readySinceMs(b), nowMs) ||
      restarts(b) - restarts(a) ||
      youngerFirst(timeMs(a.metadata?.creationTimestamp), timeMs(b.metadata?.creationTimestamp), nowMs) ||
      compareText(uidOf(a), uidOf(b)),
  );
}

function rankOfPhase(pod: Pod): number {
  return phaseRank[pod.status?.phase ?? "Pending"] ?? 0;
}

function costOf(pod: Pod): number {
  const cost = Number(pod.metadata?.annotations?.[deletionCost] ?? 0);
  return Number.isFinite(cost) ? cost : 0;
}

function restarts(pod: Pod): number {
  return Math.max(0, ...(pod.status?.containerStatuses ?? []).map(({ restartCount }) => restartCount ?? 0));
}

/** Ages are compared by their magnitude, so that about equally old pods are drawn by uid (LogarithmicScaleDown). */
function youngerFirst(a: number | undefined, b: number | undefined, nowMs: number): number {
  if (a === undefined || b === undefined) return 0;
  return magnitude(nowMs - a) - magnitude(nowMs - b);
}

function magnitude(ageMs: number): number {
  return ageMs <= 0 ? -1 : Math.floor(Math.log2(ageMs * 1e6));
}
