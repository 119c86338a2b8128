import { byAge, compareText, nameOf } from "../objects/meta.ts";
import type { Deployment, ReplicaSet } from "../objects/types.ts";
import {
  desiredReplicasAnnotation,
  fenceposts,
  isRolling,
  maxReplicasAnnotation,
  type ReplicaSets,
  replicasOf,
  sum,
} from "./replica-sets.ts";

/** One ReplicaSet gets another size. */
export interface Resize {
  readonly replicaSet: ReplicaSet;
  readonly replicas: number;
}

/** Those that want pods. */
export function active(replicaSets: readonly (ReplicaSet | undefined)[]): ReplicaSet[] {
  return replicaSets.filter(
    (replicaSet): replicaSet is ReplicaSet => replicaSet !== undefined && replicasOf(replicaSet) > 0,
  );
}

function annotationNumber(replicaSet: ReplicaSet, key: string): number | undefined {
  const text = replicaSet.metadata?.annotations?.[key];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Whether somebody changed spec.replicas since the ReplicaSets were sized (isScalingEvent). */
export function isScalingEvent(deployment: Deployment, { current, old }: ReplicaSets): boolean {
  return active([...old, current]).some((replicaSet) => {
    const desired = annotationNumber(replicaSet, desiredReplicasAnnotation);
    return desired !== undefined && desired !== replicasOf(deployment);
  });
}

/**
 * New sizes after the Deployment was scaled, or while it is paused: all to the only ReplicaSet with pods, or to each in
 * proportion, so that a rollout under way goes neither faster nor slower (pkg/controller/deployment/sync.go scale).
 */
export function planScale(deployment: Deployment, sets: ReplicaSets): Resize[] {
  const only = activeOrLatest(sets);
  if (only !== undefined) return resize(only, replicasOf(deployment));
  if (sets.current !== undefined && isSaturated(deployment, sets.current)) {
    return active(sets.old).flatMap((replicaSet) => resize(replicaSet, 0));
  }
  return isRolling(deployment) ? inProportion(deployment, active([...sets.old, sets.current])) : [];
}

function resize(replicaSet: ReplicaSet, replicas: number): Resize[] {
  return replicasOf(replicaSet) === replicas ? [] : [{ replicaSet, replicas }];
}

/** The one ReplicaSet with pods; with none the newest; with several none (FindActiveOrLatest). */
function activeOrLatest({ current, old }: ReplicaSets): ReplicaSet | undefined {
  const withPods = active([...old, current]);
  if (withPods.length > 1) return undefined;
  return withPods[0] ?? current ?? old.at(-1);
}

function isSaturated(deployment: Deployment, current: ReplicaSet): boolean {
  const replicas = replicasOf(deployment);
  return (
    replicasOf(current) === replicas &&
    annotationNumber(current, desiredReplicasAnnotation) === replicas &&
    (current.status?.availableReplicas ?? 0) === replicas
  );
}

function inProportion(deployment: Deployment, replicaSets: readonly ReplicaSet[]): Resize[] {
  const replicas = replicasOf(deployment);
  const allowed = replicas > 0 ? replicas + fenceposts(deployment).surge : 0;
  const toAdd = allowed - sum(replicaSets, replicasOf);
  const sorted = [...replicaSets].sort(toAdd > 0 ? largerThenNewer : largerThenOlder);
  let added = 0;
  const resizes = sorted.map((replicaSet) => {
    const share = proportion(deployment, replicaSet, toAdd, toAdd - added);
    added += share;
    return { replicaSet, replicas: replicasOf(replicaSet) + share };
  });
  // What rounding leaves over goes to the largest.
  return resizes.map(({ replicaSet, replicas: size }, at) => ({
    replicaSet,
    replicas: at === 0 ? Math.max(0, size + toAdd - added) : size,
  }));
}

function largerThenNewer(a: ReplicaSet, b: ReplicaSet): number {
  return replicasOf(b) - replicasOf(a) || -byAge(a, b) || compareText(nameOf(a), nameOf(b));
}

function largerThenOlder(a: ReplicaSet, b: ReplicaSet): number {
  return replicasOf(b) - replicasOf(a) || byAge(a, b);
}

/** GetReplicaSetProportion: at most what is left to add or to take away. */
function proportion(deployment: Deployment, replicaSet: ReplicaSet, toAdd: number, left: number): number {
  if (toAdd === 0 || left === 0) return 0;
  const share = fraction(deployment, replicaSet);
  return toAdd > 0 ? Math.min(share, left) : Math.max(share, left);
}

function fraction(deployment: Deployment, replicaSet: ReplicaSet): number {
  const size = replicasOf(replicaSet);
  if (replicasOf(deployment) === 0) return -size;
  const most = replicasOf(deployment) + fenceposts(deployment).surge;
  const mostBefore = annotationNumber(replicaSet, maxReplicasAnnotation) || (deployment.status?.replicas ?? 0);
  return mostBefore === 0 ? 0 : Math.round((size * most) / mostBefore) - size;
}
