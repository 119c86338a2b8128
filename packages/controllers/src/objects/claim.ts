import { controllerOf, isBeingDeleted, type KubeObject, uidOf, withMetadata } from "./meta.ts";
import { selects } from "./selectors.ts";
import type { LabelSelector, OwnerReference } from "./types.ts";

/** What a controller takes, and gives up, of the objects that could be its own. */
export interface Claim<T> {
  readonly owned: readonly T[];
  /** Already with the new owner reference. */
  readonly adopt: readonly T[];
  /** Already without it. */
  readonly release: readonly T[];
}

/**
 * Which objects an owner has, adopts (they match its selector and nobody manages them) and releases (they no longer
 * match). As ClaimObject of pkg/controller/controller_ref_manager.go: an owner being deleted changes nothing.
 * @param candidates those with the owner as controller, and those of its namespace with none
 */
export function claim<T extends KubeObject>(
  owner: KubeObject,
  reference: OwnerReference,
  selector: LabelSelector | undefined,
  candidates: Iterable<T>,
): Claim<T> {
  const owned: T[] = [];
  const adopt: T[] = [];
  const release: T[] = [];
  for (const object of candidates) {
    const controller = controllerOf(object);
    const matches = selects(selector, object.metadata?.labels);
    if (controller !== undefined) {
      if (controller.uid !== uidOf(owner)) continue;
      if (matches) owned.push(object);
      else if (!isBeingDeleted(owner)) release.push(withOwners(object, withoutOwner(object, uidOf(owner))));
    } else if (matches && !isBeingDeleted(owner) && !isBeingDeleted(object)) {
      adopt.push(withOwners(object, [...(object.metadata?.ownerReferences ?? []), reference]));
    }
  }
  return { owned, adopt, release };
}

function withoutOwner(object: KubeObject, uid: string): OwnerReference[] {
  return (object.metadata?.ownerReferences ?? []).filter((reference) => reference.uid !== uid);
}

/** The object with other owner references; an empty list stands for none. */
export function withOwners<T extends KubeObject>(object: T, ownerReferences: OwnerReference[]): T {
  const changes = { ownerReferences } as unknown as Partial<NonNullable<T["metadata"]>>;
  return withMetadata(object, changes);
}
