import { ApiError } from "../../api-error.ts";
import type { KubeObject } from "../../object.ts";
import { members } from "../json-value.ts";
import { timeText } from "../time-text.ts";

/** policy/v1 PodDisruptionBudgetStatus, as far as evictions read it. */
interface BudgetStatus {
  readonly observedGeneration?: number;
  readonly disruptionsAllowed?: number;
  readonly currentHealthy?: number;
  readonly desiredHealthy?: number;
  readonly disruptedPods?: Readonly<Record<string, string>>;
  readonly conditions?: readonly BudgetCondition[];
}

interface BudgetCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** MaxDisruptedPodSize of pkg/registry/core/pod/storage/eviction.go. */
const disruptedPodsMax = 2000;
const refusal = "Cannot evict pod as it would violate the pod's disruption budget.";

function statusOf(budget: KubeObject): BudgetStatus {
  return members(budget["status"]) as BudgetStatus;
}

/** Whether pods that are not ready may go without counting as a disruption. */
export function allowsUnhealthy(budget: KubeObject): boolean {
  if (members(budget["spec"])["unhealthyPodEvictionPolicy"] === "AlwaysAllow") return true;
  const { currentHealthy = 0, desiredHealthy = 0 } = statusOf(budget);
  return currentHealthy >= desiredHealthy && desiredHealthy > 0;
}

function tooManyRequests(why: string, retryAfterSeconds: number): ApiError {
  return new ApiError("TooManyRequests", refusal, {
    causes: [{ reason: "DisruptionBudget", message: why }],
    ...(retryAfterSeconds > 0 && { retryAfterSeconds }),
  });
}

function forbiddenBudget(budget: KubeObject, why: string): ApiError {
  const { name = "" } = budget.metadata;
  const details = { name, group: "policy", kind: "poddisruptionbudget" };
  return new ApiError("Forbidden", `poddisruptionbudget.policy "${name}" is forbidden: ${why}`, details);
}

/**
 * The budget's status after one more disruption (checkAndDecrement in pkg/registry/core/pod/storage/eviction.go).
 * @throws ApiError TooManyRequests when none is allowed now
 */
export function takeDisruption(budget: KubeObject, podName: string, nowMs: number): Record<string, unknown> {
  const { name = "", generation = 0 } = budget.metadata;
  const status = statusOf(budget);
  const { observedGeneration = 0, disruptionsAllowed = 0, disruptedPods = {} } = status;
  if (observedGeneration < generation) {
    throw tooManyRequests(`The disruption budget ${name} is still being processed by the server.`, 10);
  }
  if (disruptionsAllowed < 0) throw forbiddenBudget(budget, "pdb disruptions allowed is negative");
  if (Object.keys(disruptedPods).length > disruptedPodsMax) {
    const why = "DisruptedPods map too big - too many evictions not confirmed by PDB controller";
    throw forbiddenBudget(budget, why);
  }
  if (disruptionsAllowed === 0) throw tooManyRequests(exhaustedText(name, status), 0);
  const left = disruptionsAllowed - 1;
  return {
    ...status,
    disruptionsAllowed: left,
    ...(left === 0 && { conditions: withoutDisruptions(status, generation, nowMs) }),
    disruptedPods: { ...disruptedPods, [podName]: timeText(nowMs) },
  };
}

function exhaustedText(
  name: string,
  { conditions = [], currentHealthy = 0, desiredHealthy = 0 }: BudgetStatus,
): string {
  const refused = conditions.find(({ type, status }) => type === "DisruptionAllowed" && status === "False");
  const { message = "", reason = "" } = refused ?? {};
  const cannot = `The disruption budget ${name} does not allow evicting pods currently`;
  if (message !== "" && reason === "SyncFailed") return `${cannot} because it failed sync: ${message}`;
  if (currentHealthy <= desiredHealthy) {
    return `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
  }
  return message === "" ? cannot : `${cannot} (${reason}): ${message}`;
}

/** Condition DisruptionAllowed of a budget that is used up (apis/policy helpers, UpdateDisruptionAllowedCondition). */
function withoutDisruptions({ conditions = [] }: BudgetStatus, generation: number, nowMs: number): unknown[] {
  const made = {
    type: "DisruptionAllowed",
    status: "False",
    observedGeneration: generation,
    lastTransitionTime: timeText(nowMs),
    reason: "InsufficientPods",
    message: "",
  };
  return [...conditions.filter(({ type }) => type !== made.type), made];
}
