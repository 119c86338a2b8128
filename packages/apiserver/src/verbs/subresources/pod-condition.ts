import type { KubeObject } from "../../object.ts";
import { members } from "../json-value.ts";
import { timeText } from "../time-text.ts";

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/**
 * A pod's status with one condition set; the time of its transition is kept if its status does not change
 * (pkg/api/pod/util.go, UpdatePodCondition).
 */
export function withPodCondition(pod: KubeObject, condition: Condition, nowMs: number): Record<string, unknown> {
  const status = members(pod["status"]);
  const conditions = Array.isArray(status["conditions"]) ? status["conditions"] : [];
  const before = conditions.find((each) => each.type === condition.type);
  const lastTransitionTime = before?.status === condition.status ? before.lastTransitionTime : timeText(nowMs);
  const { type, status: now, ...why } = condition;
  const made = { type, status: now, lastProbeTime: null, lastTransitionTime, ...why };
  const others =
    before === undefined ? [...conditions, made] : conditions.map((each) => (each === before ? made : each));
  return { ...status, conditions: others };
}
