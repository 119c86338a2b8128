import type { TypeSchema } from "@hollowfleet/wire";
import { type KeyOf, orderElements } from "./element-order.ts";
import { goKind, goText } from "./go-text.ts";
import { isMembers, type Members, memberOf } from "./members.ts";
import type { PatchSchema } from "./patch-schema.ts";
import { badType, doesNotApply, noMergeKey, unknownDirective } from "./strategic-error.ts";

/** Merges an object of a list with its patch; `mergeObject` of strategic-merge-patch.ts, which needs this file in turn. */
export type MergeObject = (original: Members, patch: Members, type: TypeSchema | undefined) => Members;

/** A list after a merge. */
export interface MergedList {
  readonly elements: readonly unknown[];
  /** The order of the server's list as what follows the merge sees it. */
  readonly serverOrder: readonly unknown[];
}

/** Merges two lists as the strategy of their field says. @throws StrategicError */
export function mergeList(
  original: readonly unknown[],
  patch: readonly unknown[],
  schema: PatchSchema,
  mergeObject: MergeObject,
): MergedList {
  if (schema.strategy !== "merge") return { elements: patch, serverOrder: original };
  if (original.length === 0 && patch.length === 0) return { elements: original, serverOrder: original };
  if (elementKind(original, patch) === "map")
    return mergeObjects(original as Members[], patch as Members[], schema, mergeObject);
  const elements = [...new Set([...original, ...patch])];
  return { elements: orderElements(elements, patch, original, itself), serverOrder: original };
}

/** What a `$deleteFromPrimitiveList/…` leaves of a list; a list of objects it merges. @throws StrategicError */
export function deleteFromList(
  original: readonly unknown[],
  toDelete: readonly unknown[],
  schema: PatchSchema,
  mergeObject: MergeObject,
): readonly unknown[] {
  if (original.length === 0 && toDelete.length === 0) return original;
  if (elementKind(original, toDelete) === "map") {
    return mergeList(original, toDelete, { ...schema, strategy: "merge" }, mergeObject).elements;
  }
  const gone = new Set(toDelete);
  return original.filter((element) => !gone.has(element));
}

const itself: KeyOf = (element) => element;

/** The one kind that all elements have. @throws StrategicError if they have several, or are lists, or there are none */
export function elementKind(...lists: readonly (readonly unknown[])[]): string {
  let kind: string | undefined;
  for (const element of lists.flat()) {
    const next = elementType(element);
    if (kind === undefined) {
      if (next === "slice") throw doesNotApply("lists of lists are not supported");
      kind = next;
    } else if (next !== kind) {
      throw doesNotApply(`list element types are not identical: ${goText(lists)}`);
    }
  }
  if (kind === undefined) throw doesNotApply("no elements in any of the given slices");
  return kind;
}

/** Whole and broken numbers are told apart by Go's decoder, not by JSON. */
function elementType(element: unknown): string {
  return typeof element === "number" ? "number" : goKind(element);
}

function mergeObjects(
  original: readonly Members[],
  patch: readonly Members[],
  { type, mergeKey }: PatchSchema,
  mergeObject: MergeObject,
): MergedList {
  if (mergeKey === "") throw doesNotApply("cannot merge lists without merge key for struct");
  const keyOf: KeyOf = (element) => memberOf(element as Members, mergeKey);
  const { kept, plain, replaces } = applyDirectives(original, patch, mergeKey);
  if (replaces) {
    checkMergeKeys(mergeKey, plain);
    // Changes the order only of elements with the same key: they come together.
    return { elements: orderElements(plain, [], plain, keyOf), serverOrder: original };
  }
  const merged = mergeByKey(kept, plain, mergeKey, (from, to) => mergeObject(from, to, type));
  checkMergeKeys(mergeKey, merged);
  // Go's `append` puts new elements where removed ones were, in the list that the caller still holds: for a
  // `$setElementOrder` that follows, as many new elements as were removed count as known to the server.
  return { elements: orderElements(merged, plain, kept, keyOf), serverOrder: merged.slice(0, original.length) };
}

/** Carries out `$patch: delete` of elements and takes them and `$patch: replace` out of the patch. */
function applyDirectives(original: readonly Members[], patch: readonly Members[], mergeKey: string) {
  const deleted = new Set<unknown>();
  const plain: Members[] = [];
  let replaces = false;
  for (const element of patch) {
    const directive = memberOf(element, "$patch");
    if (directive === undefined) plain.push(element);
    else if (directive === "replace") replaces = true;
    else if (directive === "merge") throw doesNotApply("merging lists cannot yet be specified in the patch");
    else if (directive !== "delete") throw unknownDirective(directive, element);
    else if (!Object.hasOwn(element, mergeKey)) throw noMergeKey(element, mergeKey);
    else deleted.add(element[mergeKey]);
  }
  const kept = original.filter((element) => !Object.hasOwn(element, mergeKey) || !deleted.has(element[mergeKey]));
  return { kept, plain, replaces };
}

/** Each element of the patch goes into the first with the same key, or to the end. */
function mergeByKey(
  original: readonly Members[],
  patch: readonly Members[],
  mergeKey: string,
  merge: (original: Members, patch: Members) => Members,
): Members[] {
  const merged = [...original];
  const places = new Map<unknown, number>();
  for (const [i, element] of merged.entries()) {
    const key = memberOf(element, mergeKey);
    if (Object.hasOwn(element, mergeKey) && !places.has(key)) places.set(key, i);
  }
  for (const element of patch) {
    if (!Object.hasOwn(element, mergeKey)) throw noMergeKey(element, mergeKey);
    const key = element[mergeKey];
    const place = places.get(key);
    const found = place === undefined ? undefined : merged[place];
    if (place !== undefined && found !== undefined) merged[place] = merge(found, element);
    else {
      places.set(key, merged.length);
      merged.push(element);
    }
  }
  return merged;
}

/** @throws StrategicError if an element is no object or has no merge key */
export function checkMergeKeys(mergeKey: string, ...lists: readonly (readonly unknown[])[]): void {
  for (const element of lists.flat()) {
    if (!isMembers(element)) throw badType("map[string]interface {}", element);
    if (!Object.hasOwn(element, mergeKey)) throw noMergeKey(element, mergeKey);
  }
}
