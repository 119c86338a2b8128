import type { Deployment, ReplicaSet } from "../objects/types.ts";
import { fenceposts, isRolling, replicasOf, sum } from "./replica-sets.ts";
import { active, type Resize } from "./scale.ts";

function available(replicaSet: ReplicaSet): number {
  return replicaSet.status?.availableReplicas ?? 0;
}

/** How many replicas a ReplicaSet for the present template may have now (NewRSNewReplicas). */
export function newReplicas(deployment: Deployment, old: readonly ReplicaSet[], currentReplicas: number): number {
  const wanted = replicasOf(deployment);
  if (!isRolling(deployment)) return wanted;
  const room = wanted + fenceposts(deployment).surge - sum(old, replicasOf) - currentReplicas;
  return room <= 0 ? currentReplicas : currentReplicas + Math.min(room, wanted - currentReplicas);
}

/**
 * The next step of a rolling update: the present ReplicaSet up, or else the old ones down; nothing when it has to wait
 * for pods (pkg/controller/deployment/rolling.go).
 */
export function planRolling(deployment: Deployment, current: ReplicaSet, old: readonly ReplicaSet[]): Resize[] {
  const wanted = replicasOf(deployment);
  const now = replicasOf(current);
  const next = now > wanted ? wanted : newReplicas(deployment, old, now);
  if (next !== now) return [{ replicaSet: current, replicas: next }];
  return planScaleDown(deployment, current, active(old));
}

/**
 * Old replicas that may go: those that are not available do no harm and go first, then as many as leave the minimum
 * available (reconcileOldReplicaSets).
 */
function planScaleDown(deployment: Deployment, current: ReplicaSet, old: readonly ReplicaSet[]): Resize[] {
  const all = [...old, current];
  const minAvailable = replicasOf(deployment) - fenceposts(deployment).unavailable;
  const currentUnavailable = replicasOf(current) - available(current);
  const most = sum(all, replicasOf) - minAvailable - currentUnavailable;
  if (old.length === 0 || most <= 0) return [];

  const sizes = new Map(old.map((replicaSet) => [replicaSet, replicasOf(replicaSet)]));
  takeFrom(sizes, most, (replicaSet, size) => size - available(replicaSet));
  takeFrom(sizes, sum(all, available) - minAvailable, (_replicaSet, size) => size);
  return old
    .map((replicaSet) => ({ replicaSet, replicas: sizes.get(replicaSet) ?? 0 }))
    .filter(({ replicaSet, replicas }) => replicas !== replicasOf(replicaSet));
}

/** Takes up to `most` away, from the oldest first, and from each at most what `ofEach` allows. */
function takeFrom(
  sizes: Map<ReplicaSet, number>,
  most: number,
  ofEach: (replicaSet: ReplicaSet, size: number) => number,
): void {
  let left = most;
  for (const [replicaSet, size] of sizes) {
    const taken = Math.max(0, Math.min(left, size, ofEach(replicaSet, size)));
    sizes.set(replicaSet, size - taken);
    left -= taken;
  }
}
