import { hasFinalizer, isBeingDeleted, type KubeObject } from "../objects/meta.ts";
import type { OwnerReference } from "../objects/types.ts";
import {
  foregroundFinalizer,
  type GraphNode,
  isDeletingDependents,
  type OwnerState,
  orphanFinalizer,
  ownersOf,
} from "./ownership-graph.ts";

/** What is known about one object and those around it. */
export interface CollectState {
  readonly object: KubeObject;
  readonly ownerState: (owner: OwnerReference) => OwnerState;
  readonly dependents: readonly GraphNode[];
  readonly uid: string;
}

export type CollectAction =
  | { readonly do: "nothing" }
  | { readonly do: "delete"; readonly propagation: "Orphan" | "Background" | "Foreground" }
  /** Some owners are gone, others are not: the object stays with these. */
  | { readonly do: "set owners"; readonly owners: readonly OwnerReference[] }
  /** Owners of dependents are taken away, then the finalizer. */
  | { readonly do: "orphan"; readonly dependents: readonly GraphNode[] }
  | { readonly do: "remove finalizer"; readonly finalizer: string }
  /** These must go first. */
  | { readonly do: "look at"; readonly dependents: readonly GraphNode[] };

/** What to do with an object whose owners or whose deletion call for it (garbagecollector.go attemptToDeleteItem). */
export function planCollect({ object, ownerState, dependents, uid }: CollectState): CollectAction {
  if (isBeingDeleted(object)) return planDeleting(object, dependents, uid);
  const owners = ownersOf(object);
  if (owners.length === 0) return { do: "nothing" };
  const states = owners.map((owner) => ({ owner, state: ownerState(owner) }));
  const present = states.filter(({ state }) => state === "present").map(({ owner }) => owner);
  if (present.length === owners.length) return { do: "nothing" };
  if (present.length > 0) return { do: "set owners", owners: present };
  const isAwaited = states.some(({ state }) => state === "deleting dependents");
  if (isAwaited && dependents.length > 0) {
    // Owners and dependents that wait for each other would wait for ever.
    const isCircle = dependents.some((dependent) => isDeletingDependents(dependent.object));
    if (isCircle && owners.some((owner) => owner.blockOwnerDeletion === true)) {
      return { do: "set owners", owners: owners.map((owner) => ({ ...owner, blockOwnerDeletion: false })) };
    }
    return { do: "delete", propagation: "Foreground" };
  }
  return { do: "delete", propagation: propagationOf(object) };
}

function planDeleting(object: KubeObject, dependents: readonly GraphNode[], uid: string): CollectAction {
  if (hasFinalizer(object, orphanFinalizer)) {
    return dependents.length > 0
      ? { do: "orphan", dependents }
      : { do: "remove finalizer", finalizer: orphanFinalizer };
  }
  if (!isDeletingDependents(object)) return { do: "nothing" };
  const blocking = dependents.filter((dependent) => blocks(dependent.object, uid));
  if (blocking.length === 0) return { do: "remove finalizer", finalizer: foregroundFinalizer };
  return { do: "look at", dependents: blocking.filter((dependent) => !isDeletingDependents(dependent.object)) };
}

/** Whether the owner must wait for the dependent. */
function blocks(dependent: KubeObject, ownerUid: string): boolean {
  return ownersOf(dependent).some((owner) => owner.uid === ownerUid && owner.blockOwnerDeletion === true);
}

/** A wish that somebody left on the object is honoured. */
function propagationOf(object: KubeObject): "Orphan" | "Background" | "Foreground" {
  if (hasFinalizer(object, orphanFinalizer)) return "Orphan";
  return hasFinalizer(object, foregroundFinalizer) ? "Foreground" : "Background";
}
