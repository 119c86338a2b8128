import { findCondition, putCondition } from "../objects/conditions.ts";
import { scaled } from "../objects/int-or-percent.ts";
import { isBeingDeleted, nameOf, timeMs, timestamp } from "../objects/meta.ts";
import { isReady } from "../objects/pod.ts";
import type { Pod, PodDisruptionBudget } from "../objects/types.ts";

type BudgetStatus = NonNullable<PodDisruptionBudget["status"]>;

/** How long an evicted pod may take to be deleted before it counts again (DeletionTimeout, disruption.go). */
const deletionTimeoutMs = 2 * 60_000;

export interface BudgetState {
  readonly budget: PodDisruptionBudget;
  /** Those it selects. */
  readonly pods: readonly Pod[];
  /** Replicas that the controllers of these pods want together. */
  readonly expectedScale: number;
}

export interface BudgetPlan {
  readonly status: BudgetStatus;
  /** Look again then, when an eviction's time is over. */
  readonly againMs?: number;
}

/** The status by which the eviction API decides (trySync, pkg/controller/disruption/disruption.go). */
export function planBudget({ budget, pods, expectedScale }: BudgetState, nowMs: number): BudgetPlan {
  const disrupted = stillDisrupted(budget, pods, nowMs);
  const currentHealthy = pods.filter(
    (pod) => !isBeingDeleted(pod) && isReady(pod) && disrupted[nameOf(pod)] === undefined,
  ).length;
  const { expectedPods, desiredHealthy } = expectations(budget, pods.length, expectedScale);
  const disruptionsAllowed = expectedPods <= 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  const status: BudgetStatus = {
    disruptionsAllowed,
    currentHealthy,
    desiredHealthy,
    expectedPods,
    ...(Object.keys(disrupted).length > 0 && { disruptedPods: disrupted }),
    ...(budget.metadata?.generation !== undefined && { observedGeneration: budget.metadata.generation }),
    conditions: conditions(budget, disruptionsAllowed > 0, nowMs),
  };
  const ends = Object.values(disrupted).map((at) => (timeMs(at) ?? nowMs) + deletionTimeoutMs - nowMs);
  return ends.length === 0 ? { status } : { status, againMs: Math.max(0, Math.min(...ends)) + 1 };
}

/** Pods that were evicted through the API and are not yet being deleted. */
function stillDisrupted(budget: PodDisruptionBudget, pods: readonly Pod[], nowMs: number): Record<string, string> {
  const names = new Set(pods.filter((pod) => !isBeingDeleted(pod)).map(nameOf));
  const entries = Object.entries(budget.status?.disruptedPods ?? {}).flatMap(([name, at]) => {
    const sinceMs = timeMs(at);
    const isAwaited = names.has(name) && sinceMs !== undefined && sinceMs + deletionTimeoutMs >= nowMs;
    return isAwaited ? [[name, String(at)] as const] : [];
  });
  return Object.fromEntries(entries);
}

function expectations(
  { spec }: PodDisruptionBudget,
  pods: number,
  scale: number,
): { readonly expectedPods: number; readonly desiredHealthy: number } {
  if (spec?.maxUnavailable !== undefined) {
    const desiredHealthy = Math.max(0, scale - scaled(spec.maxUnavailable, scale, "up"));
    return { expectedPods: scale, desiredHealthy };
  }
  if (typeof spec?.minAvailable === "number") return { expectedPods: pods, desiredHealthy: spec.minAvailable };
  if (spec?.minAvailable === undefined) return { expectedPods: 0, desiredHealthy: 0 };
  return { expectedPods: scale, desiredHealthy: scaled(spec.minAvailable, scale, "up") };
}

function conditions(
  budget: PodDisruptionBudget,
  isAllowed: boolean,
  nowMs: number,
): NonNullable<BudgetStatus["conditions"]> {
  const status = isAllowed ? "True" : "False";
  const before = findCondition(budget.status?.conditions, "DisruptionAllowed");
  return putCondition(budget.status?.conditions, {
    type: "DisruptionAllowed",
    status,
    ...(budget.metadata?.generation !== undefined && { observedGeneration: budget.metadata.generation }),
    lastTransitionTime:
      before?.status === status && before.lastTransitionTime ? before.lastTransitionTime : timestamp(nowMs),
    reason: isAllowed ? "SufficientPods" : "InsufficientPods",
    message: "",
  });
}
