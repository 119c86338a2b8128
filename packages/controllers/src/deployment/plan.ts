import { sameValue } from "../objects/canonical.ts";
import { findCondition } from "../objects/conditions.ts";
import { isBeingDeleted, nameOf, withMetadata, withSpec } from "../objects/meta.ts";
import type { Deployment, DeploymentStatus, ReplicaSet } from "../objects/types.ts";
import { newReplicaSet, sizeAnnotations, synced } from "./new-replica-set.ts";
import { isRolling, type ReplicaSets, replicasOf, revisionAnnotation, revisionOf, sortOut } from "./replica-sets.ts";
import { newReplicas, planRolling } from "./rollout.ts";
import { active, isScalingEvent, planScale, type Resize } from "./scale.ts";
import {
  countStatus,
  deadlineMs,
  hasDeadline,
  isComplete,
  pauseCondition,
  rolloutStatus,
  type Said,
  setCondition,
} from "./status.ts";

/** What is known about one Deployment. */
export interface DeploymentState {
  readonly deployment: Deployment;
  /** Those it manages. */
  readonly replicaSets: readonly ReplicaSet[];
  /** Whether a name is taken by a ReplicaSet of the namespace, whoever manages it. */
  readonly isTaken: (name: string) => boolean;
  /** Whether pods of the given ReplicaSets are there that have not ended, for Recreate. */
  readonly hasPods: (replicaSets: readonly ReplicaSet[]) => boolean;
}

/** What to write for one Deployment, in this order. */
export interface DeploymentPlan {
  readonly create?: ReplicaSet;
  readonly updates: readonly { readonly replicaSet: ReplicaSet; readonly message?: string }[];
  readonly deletes: readonly ReplicaSet[];
  /** With its new status, to be written as such; undefined when it stays. */
  readonly deployment?: Deployment;
  /** Look again then, even if nothing changed. */
  readonly againMs?: number;
}

const nothing: DeploymentPlan = { updates: [], deletes: [] };

/** One step of a Deployment (syncDeployment, pkg/controller/deployment/deployment_controller.go). */
export function planDeployment(state: DeploymentState, nowMs: number): DeploymentPlan {
  const sets = sortOut(state.deployment, state.replicaSets);
  if (isBeingDeleted(state.deployment)) {
    return { ...nothing, ...statusChange(state.deployment, countStatus(state.deployment, sets, nowMs)) };
  }
  const paused = pauseCondition(state.deployment);
  const deployment = paused === undefined ? state.deployment : withCondition(state.deployment, paused, nowMs);
  const plan = planStep({ ...state, deployment }, sets, nowMs);
  // The pause's condition is part of what is written, even where the step itself has nothing to say.
  if (plan.deployment !== undefined || deployment === state.deployment) return plan;
  return { ...plan, deployment };
}

function planStep(state: DeploymentState, sets: ReplicaSets, nowMs: number): DeploymentPlan {
  const { deployment } = state;
  const revision = Math.max(0, ...sets.old.map(revisionOf)) + 1;
  const current = sets.current === undefined ? undefined : synced(deployment, sets.current, revision);
  if (current !== undefined) return { ...nothing, updates: [{ replicaSet: current }] };

  const known = sets.current === undefined ? deployment : withFound(deployment, sets.current, nowMs);
  const isPaused = deployment.spec?.paused === true;
  if (isPaused || isScalingEvent(deployment, sets)) {
    return {
      updates: planScale(deployment, sets).map((resize) => resized(deployment, resize)),
      deletes: isPaused ? surplus(deployment, sets.old) : [],
      ...statusChange(known, countStatus(known, sets, nowMs), deployment),
    };
  }
  return isRolling(deployment)
    ? planRollingUpdate(state, known, sets, revision, nowMs)
    : planRecreate(state, known, sets, revision, nowMs);
}

function planRollingUpdate(
  state: DeploymentState,
  known: Deployment,
  sets: ReplicaSets,
  revision: number,
  nowMs: number,
): DeploymentPlan {
  if (sets.current === undefined) return planCreate(state, sets, revision, nowMs);
  return planProgress(state, known, sets, planRolling(known, sets.current, sets.old), nowMs);
}

/** All old pods have to be gone first (pkg/controller/deployment/recreate.go). */
function planRecreate(
  state: DeploymentState,
  known: Deployment,
  sets: ReplicaSets,
  revision: number,
  nowMs: number,
): DeploymentPlan {
  const down = active(sets.old).map((replicaSet) => ({ replicaSet, replicas: 0 }));
  if (down.length > 0) return planProgress(state, known, sets, down, nowMs);
  const hasOld = sets.old.some(({ status }) => (status?.replicas ?? 0) > 0) || state.hasPods(sets.old);
  if (hasOld) return planProgress(state, known, sets, [], nowMs);
  if (sets.current === undefined) return planCreate(state, sets, revision, nowMs);
  const replicas = replicasOf(known);
  const up = replicasOf(sets.current) === replicas ? [] : [{ replicaSet: sets.current, replicas }];
  return planProgress(state, known, sets, up, nowMs);
}

/** Resizes, the status, and the clearing of history when all is done. */
function planProgress(
  state: DeploymentState,
  known: Deployment,
  sets: ReplicaSets,
  resizes: readonly Resize[],
  nowMs: number,
): DeploymentPlan {
  const status = rolloutStatus(known, sets, nowMs);
  const stuckMs = isComplete(known, status) ? undefined : deadlineMs(known, status);
  const isDone = resizes.length === 0 && isComplete(known, known.status ?? {});
  return {
    updates: resizes.map((resize) => resized(known, resize)),
    deletes: isDone ? surplus(known, sets.old) : [],
    ...statusChange(known, status, state.deployment),
    ...(stuckMs !== undefined && stuckMs >= nowMs && { againMs: stuckMs - nowMs + 1000 }),
  };
}

function planCreate(state: DeploymentState, sets: ReplicaSets, revision: number, nowMs: number): DeploymentPlan {
  const { deployment } = state;
  const create = newReplicaSet(deployment, revision, newReplicas(deployment, sets.old, 0));
  if (state.isTaken(nameOf(create))) {
    // Another template has the same hash: the next try hashes with the raised count.
    const collisionCount = (deployment.status?.collisionCount ?? 0) + 1;
    return { ...nothing, deployment: { ...deployment, status: { ...deployment.status, collisionCount } } };
  }
  const said: Said = {
    type: "Progressing",
    status: "True",
    reason: "NewReplicaSetCreated",
    message: `Created new replica set "${nameOf(create)}"`,
  };
  const revised = withRevision(deployment, String(revision));
  const changed = hasDeadline(deployment) ? withCondition(revised, said, nowMs) : revised;
  return { ...nothing, create, deployment: changed };
}

/** The Deployment with the revision of its present ReplicaSet, and with a condition if it has none to begin with. */
function withFound(deployment: Deployment, current: ReplicaSet, nowMs: number): Deployment {
  const revision = current.metadata?.annotations?.[revisionAnnotation];
  const revised = revision === undefined ? deployment : withRevision(deployment, revision);
  const isTold = findCondition(deployment.status?.conditions, "Progressing") !== undefined;
  if (isTold || !hasDeadline(deployment)) return revised;
  const said: Said = {
    type: "Progressing",
    status: "True",
    reason: "FoundNewReplicaSet",
    message: `Found new replica set "${nameOf(current)}"`,
  };
  return withCondition(revised, said, nowMs);
}

function withRevision(deployment: Deployment, revision: string): Deployment {
  const annotations = deployment.metadata?.annotations ?? {};
  if (annotations[revisionAnnotation] === revision) return deployment;
  return withMetadata(deployment, { annotations: { ...annotations, [revisionAnnotation]: revision } });
}

function withCondition(deployment: Deployment, said: Said, nowMs: number): Deployment {
  const conditions = setCondition(deployment.status?.conditions, said, nowMs);
  return { ...deployment, status: { ...deployment.status, conditions } };
}

function statusChange(
  known: Deployment,
  status: DeploymentStatus,
  stored: Deployment = known,
): { readonly deployment?: Deployment } {
  const isSame = sameValue(status, stored.status) && known.metadata === stored.metadata;
  return isSame ? {} : { deployment: { ...known, status } };
}

/** Even without a new size the annotations are kept up, else the next pass would see a scaling again. */
function resized(deployment: Deployment, { replicaSet, replicas }: Resize): DeploymentPlan["updates"][number] {
  const annotations = { ...replicaSet.metadata?.annotations, ...sizeAnnotations(deployment) };
  const updated = withSpec(withMetadata(replicaSet, { annotations }), { replicas });
  const before = replicasOf(replicaSet);
  if (before === replicas) return { replicaSet: updated };
  const direction = before < replicas ? "up" : "down";
  const message = `Scaled ${direction} replica set ${nameOf(replicaSet)} from ${before} to ${replicas}`;
  return { replicaSet: updated, message };
}

/** Old ReplicaSets beyond revisionHistoryLimit, the oldest revisions first (cleanupDeployment). */
function surplus(deployment: Deployment, old: readonly ReplicaSet[]): ReplicaSet[] {
  const limit = deployment.spec?.revisionHistoryLimit ?? 10;
  const kept = old.filter((replicaSet) => !isBeingDeleted(replicaSet));
  const excess = kept.length - limit;
  if (excess <= 0) return [];
  return kept
    .sort((a, b) => revisionOf(a) - revisionOf(b))
    .slice(0, excess)
    .filter(
      (replicaSet) =>
        replicasOf(replicaSet) === 0 &&
        (replicaSet.status?.replicas ?? 0) === 0 &&
        (replicaSet.metadata?.generation ?? 0) <= (replicaSet.status?.observedGeneration ?? 0),
    );
}
