import { toleratesTaint } from "../objects/taints.ts";
import type { Taint, Toleration } from "../objects/types.ts";

/**
 * How long a pod may stay on a node with these NoExecute taints: 0 when one of them is not tolerated, else the shortest
 * tolerationSeconds of the tolerations that apply; undefined for ever (pkg/controller/tainteviction).
 */
export function stayMs(tolerations: readonly Toleration[] | undefined, taints: readonly Taint[]): number | undefined {
  let seconds = Number.POSITIVE_INFINITY;
  for (const taint of taints) {
    const toleration = tolerations?.find((candidate) => toleratesTaint(candidate, taint));
    if (toleration === undefined) return 0;
    seconds = Math.min(seconds, toleration.tolerationSeconds ?? Number.POSITIVE_INFINITY);
  }
  return Number.isFinite(seconds) ? Math.max(0, seconds) * 1000 : undefined;
}

export interface Stay {
  /** Since when the taints count for this pod, by our own clock. */
  readonly sinceMs: number;
  readonly untilMs: number;
}

/**
 * What holds for a pod now; undefined when it may stay for ever. A later deadline begins anew, an earlier one counts
 * from when the first taint was seen (processPodOnNode).
 */
export function planStay(
  tolerations: readonly Toleration[] | undefined,
  taints: readonly Taint[],
  before: Stay | undefined,
  nowMs: number,
): Stay | undefined {
  const ms = taints.length === 0 ? undefined : stayMs(tolerations, taints);
  if (ms === undefined) return undefined;
  if (ms === 0) return { sinceMs: nowMs, untilMs: nowMs };
  const sinceMs = before?.sinceMs ?? nowMs;
  return { sinceMs, untilMs: sinceMs + ms };
}
