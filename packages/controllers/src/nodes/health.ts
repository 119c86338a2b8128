import { findCondition } from "../objects/conditions.ts";
import { timeMs } from "../objects/meta.ts";
import type { Lease, Node } from "../objects/types.ts";
import { type Readiness, readiness, withUnknownConditions } from "./conditions.ts";

/** What was last seen of a node's heartbeats, by our own clock: a node's clock is not trusted. */
export interface NodeHealth {
  readonly heartbeat: string | null | undefined;
  readonly renewTime: string | null | undefined;
  /** When a sign of life was last seen. */
  readonly probeMs: number;
}

export interface HealthPlan {
  readonly health: NodeHealth;
  /** With its conditions Unknown, to be written; undefined when it stays as it is. */
  readonly node: Node | undefined;
  /** The condition Ready before and after. */
  readonly observed: Readiness;
  readonly current: Readiness;
}

/**
 * Whether a node is alive: a changed heartbeat or a renewed lease counts, and either is enough (tryUpdateNodeHealth,
 * pkg/controller/nodelifecycle). A node that never posted Ready has the startup grace, since its creation.
 */
export function planHealth(
  node: Node,
  lease: Lease | undefined,
  before: NodeHealth | undefined,
  grace: { readonly monitorMs: number; readonly startupMs: number },
  nowMs: number,
): HealthPlan {
  const ready = findCondition(node.status?.conditions, "Ready");
  const heartbeat = ready === undefined ? undefined : (ready.lastHeartbeatTime ?? null);
  const observed = readiness(node);
  const createdMs = timeMs(node.metadata?.creationTimestamp) ?? nowMs;

  let probeMs = before?.probeMs ?? (ready === undefined ? createdMs : nowMs);
  if (before !== undefined && heartbeat !== undefined && heartbeat !== before.heartbeat) probeMs = nowMs;
  const renewTime = lease?.spec?.renewTime;
  const renewedMs = timeMs(renewTime);
  const isRenewed = renewedMs !== undefined && renewedMs > (timeMs(before?.renewTime) ?? Number.NEGATIVE_INFINITY);
  if (isRenewed) probeMs = nowMs;

  const health = { heartbeat, renewTime: isRenewed ? renewTime : before?.renewTime, probeMs };
  const graceMs = ready === undefined ? grace.startupMs : grace.monitorMs;
  if (nowMs <= probeMs + graceMs || observed === "Unknown")
    return { health, node: undefined, observed, current: observed };
  return { health, node: withUnknownConditions(node, nowMs), observed, current: "Unknown" };
}
