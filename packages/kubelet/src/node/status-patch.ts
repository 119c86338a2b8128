import type { DatedCondition } from "./conditions.ts";

/** JSON with members in Go's order: sorted by name. */
type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Members of `status`, beside the conditions, that a patch carries. */
export type StatusMembers = Readonly<Record<string, Json>>;

function timeText(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** The members of a condition that differ from what the API holds, and its merge key. */
function conditionDiff(before: DatedCondition | undefined, next: DatedCondition): Record<string, Json> | undefined {
  const diff: Record<string, Json> = {};
  if (before?.heartbeatS !== next.heartbeatS) diff["lastHeartbeatTime"] = timeText(next.heartbeatS);
  if (before?.transitionS !== next.transitionS) diff["lastTransitionTime"] = timeText(next.transitionS);
  if (before?.message !== next.message) diff["message"] = next.message;
  if (before?.reason !== next.reason) diff["reason"] = next.reason;
  if (before?.status !== next.status) diff["status"] = next.status;
  if (Object.keys(diff).length === 0) return undefined;
  diff["type"] = next.type;
  return diff;
}

/**
 * The strategic-merge patch of nodes/status that a kubelet sends (kubelet-audit §1.4, §2): only what differs, with
 * `$setElementOrder` where a condition does. Nothing differing gives `{}`, which a kubelet sends too: right after it
 * registered, when all times still lie in the same second.
 */
export function statusPatch(
  base: readonly DatedCondition[],
  next: readonly DatedCondition[],
  others: StatusMembers = {},
): string {
  const changed = next.flatMap((condition) => {
    const diff = conditionDiff(
      base.find((other) => other.type === condition.type),
      condition,
    );
    return diff === undefined ? [] : [diff];
  });
  const status: Record<string, Json> = {};
  if (changed.length > 0) {
    status["$setElementOrder/conditions"] = next.map((condition) => ({ type: condition.type }));
    status["conditions"] = changed;
  }
  Object.assign(status, others);
  return JSON.stringify(Object.keys(status).length === 0 ? {} : { status });
}
