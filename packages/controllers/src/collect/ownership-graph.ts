import type { StoredResource } from "../cluster-store.ts";
import { hasFinalizer, isBeingDeleted, type KubeObject, namespaceOf, uidOf } from "../objects/meta.ts";
import type { OwnerReference } from "../objects/types.ts";

/** Set by deletions that wait for dependents, and by those that leave them behind (apimachinery, meta/v1 types.go). */
export const foregroundFinalizer = "foregroundDeletion";
export const orphanFinalizer = "orphan";

/** An object as garbage collection sees it. */
export interface GraphNode {
  readonly uid: string;
  readonly resource: StoredResource;
  readonly object: KubeObject;
}

/** How an owner stands: see `planCollect`. */
export type OwnerState = "present" | "absent" | "deleting dependents";

const nobody: readonly OwnerReference[] = [];

export function ownersOf(object: KubeObject): readonly OwnerReference[] {
  return object.metadata?.ownerReferences ?? nobody;
}

/** It is being deleted and waits for what it owns. */
export function isDeletingDependents(object: KubeObject): boolean {
  return isBeingDeleted(object) && hasFinalizer(object, foregroundFinalizer);
}

/** Who owns whom, of all objects in the store. */
export class OwnershipGraph {
  readonly #nodes = new Map<string, GraphNode>();
  readonly #dependents = new Map<string, Set<string>>();
  readonly #kinds: ReadonlySet<string>;

  constructor(resources: readonly StoredResource[]) {
    this.#kinds = new Set(resources.map(({ apiVersion, kind }) => `${groupOf(apiVersion)}/${kind}`));
  }

  get size(): number {
    return this.#nodes.size;
  }

  get(uid: string): GraphNode | undefined {
    return this.#nodes.get(uid);
  }

  /** Takes in an object as it is now. */
  set(resource: StoredResource, object: KubeObject): void {
    const uid = uidOf(object);
    const before = this.#nodes.get(uid);
    if (before === undefined || ownersOf(before.object) !== ownersOf(object)) {
      if (before !== undefined) this.#unlink(before);
      for (const owner of ownersOf(object)) {
        const dependents = this.#dependents.get(owner.uid ?? "");
        if (dependents === undefined) this.#dependents.set(owner.uid ?? "", new Set([uid]));
        else dependents.add(uid);
      }
    }
    this.#nodes.set(uid, { uid, resource, object });
  }

  remove(uid: string): void {
    const node = this.#nodes.get(uid);
    if (node === undefined) return;
    this.#unlink(node);
    this.#nodes.delete(uid);
  }

  /** What names the object as an owner; a snapshot. */
  dependents(uid: string): GraphNode[] {
    return [...(this.#dependents.get(uid) ?? [])].flatMap((dependent) => this.#nodes.get(dependent) ?? []);
  }

  hasDependents(uid: string): boolean {
    return (this.#dependents.get(uid)?.size ?? 0) > 0;
  }

  /**
   * How the owner of an object stands. An owner in another namespace does not exist for it; one of a kind that this
   * server does not know is taken for present, since nobody can tell.
   */
  ownerState(object: KubeObject, owner: OwnerReference): OwnerState {
    const node = this.#nodes.get(owner.uid ?? "");
    if (node === undefined) {
      return this.#kinds.has(`${groupOf(owner.apiVersion ?? "")}/${owner.kind}`) ? "absent" : "present";
    }
    if (node.resource.namespaced && namespaceOf(node.object) !== namespaceOf(object)) return "absent";
    return isDeletingDependents(node.object) ? "deleting dependents" : "present";
  }

  #unlink({ uid, object }: GraphNode): void {
    for (const owner of ownersOf(object)) {
      const dependents = this.#dependents.get(owner.uid ?? "");
      dependents?.delete(uid);
      if (dependents?.size === 0) this.#dependents.delete(owner.uid ?? "");
    }
  }
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}
