import type { TypeSchema } from "@hollowfleet/wire";
import { orderElements } from "./element-order.ts";
import { goText } from "./go-text.ts";
import { isMembers, type Members, memberOf, setMember } from "./members.ts";
import { listSchema, objectSchema, type PatchSchema } from "./patch-schema.ts";
import { badFormat, badType, doesNotApply, unknownDirective } from "./strategic-error.ts";
import { checkMergeKeys, deleteFromList, elementKind, mergeList } from "./strategic-list.ts";

const directiveMarker = "$patch";
const retainKeysDirective = "$retainKeys";
const deletePrefix = "$deleteFromPrimitiveList";
const orderPrefix = "$setElementOrder";

/**
 * Applies a strategic merge patch to an object of a known type (apimachinery, pkg/util/strategicpatch/patch.go). The original
 * is not changed, the result shares with it what the patch leaves alone; the patch is used up: its directives are taken out.
 * @throws StrategicError
 */
export function strategicMergePatch(original: Members, patch: Members, type: TypeSchema | undefined): Members {
  const directive = memberOf(patch, directiveMarker);
  if (directive !== undefined) return wholeObject(directive, patch);
  const result = retainKeys(original, patch);
  applyElementOrders(result, patch, type);
  for (const name of Object.keys(patch)) {
    if (name.startsWith(deletePrefix)) applyDeletions(result, fieldNameOf(name, deletePrefix), patch[name], type);
    else if (patch[name] === null) delete result[name];
    else mergeMember(result, name, patch[name], type);
  }
  return result;
}

/** An object whose patch says `$patch: replace` or `$patch: delete` at its own level. */
function wholeObject(directive: unknown, patch: Members): Members {
  if (directive === "delete") return {};
  if (directive !== "replace") throw unknownDirective(directive, patch);
  delete patch[directiveMarker];
  return patch;
}

/** A shallow copy of the original with only those members that `$retainKeys` names, if the patch has it. */
function retainKeys(original: Members, patch: Members): Members {
  const result = { ...original };
  if (!Object.hasOwn(patch, retainKeysDirective)) return result;
  const retained = patch[retainKeysDirective];
  delete patch[retainKeysDirective];
  if (!Array.isArray(retained)) throw badFormat("retainKeys");
  const names = new Set<unknown>(retained);
  for (const [name, value] of Object.entries(patch)) {
    const isExempt = value === null || name.startsWith(deletePrefix) || name.startsWith(orderPrefix);
    if (!isExempt && !names.has(name)) throw badFormat("retainKeys");
  }
  for (const name of Object.keys(result)) if (!names.has(name)) delete result[name];
  return result;
}

/** The name behind the slash of `$setElementOrder/containers`. */
function fieldNameOf(name: string, prefix: typeof deletePrefix | typeof orderPrefix): string {
  if (!name.startsWith(`${prefix}/`))
    throw badFormat(prefix === deletePrefix ? "primitive list" : "setElementOrder list");
  return name.slice(prefix.length + 1);
}

function mergeMember(result: Members, name: string, value: unknown, type: TypeSchema | undefined): void {
  const current = memberOf(result, name);
  if (isMembers(current) && isMembers(value)) {
    const schema = objectSchema(type, name);
    setMember(result, name, schema.strategy === "replace" ? value : strategicMergePatch(current, value, schema.type));
  } else if (Array.isArray(current) && Array.isArray(value)) {
    setMember(result, name, mergeList(current, value, listSchema(type, name), strategicMergePatch).elements);
  } else {
    const plain = withoutDirectives(withoutNulls(value));
    if (plain === undefined) delete result[name];
    else setMember(result, name, plain);
  }
}

function applyDeletions(result: Members, name: string, value: unknown, type: TypeSchema | undefined): void {
  const current = memberOf(result, name);
  if (value === null) delete result[name];
  else if (Array.isArray(current) && Array.isArray(value)) {
    setMember(result, name, deleteFromList(current, value, listSchema(type, name), strategicMergePatch));
  } else if (isMembers(current) && isMembers(value)) mergeMember(result, name, value, type);
}

/**
 * Merges each list that has a `$setElementOrder/…` and orders it: what that names first, in its order, then the rest in the
 * order of the server, put between as far as that keeps both. Takes the directive and the list out of the patch.
 */
function applyElementOrders(result: Members, patch: Members, type: TypeSchema | undefined): void {
  for (const directive of Object.keys(patch)) {
    if (!directive.startsWith(orderPrefix)) continue;
    const order = patch[directive];
    delete patch[directive];
    const name = fieldNameOf(directive, orderPrefix);
    const lists = { order: listOf(order), current: listAt(result, name), patch: listAt(patch, name) };
    const schema = listSchema(type, name);
    checkOrder(lists.patch ?? [], lists.order, schema.mergeKey);
    if (lists.current === undefined && lists.patch === undefined) continue;
    setMember(result, name, orderedList(lists, schema));
    delete patch[name];
  }
}

interface OrderedLists {
  readonly order: readonly unknown[];
  readonly current: readonly unknown[] | undefined;
  readonly patch: readonly unknown[] | undefined;
}

function orderedList({ order, current, patch }: OrderedLists, schema: PatchSchema): unknown[] {
  const { elements, serverOrder } = mergeForOrder(current, patch, schema);
  elementKind(current ?? [], patch ?? []);
  const { mergeKey } = schema;
  if (mergeKey === "") return orderElements(elements, order, serverOrder, (element) => element);
  checkMergeKeys(mergeKey, elements, order, serverOrder);
  return orderElements(elements, order, serverOrder, (element) => memberOf(element as Members, mergeKey));
}

function mergeForOrder(current: OrderedLists["current"], patch: OrderedLists["patch"], schema: PatchSchema) {
  if (current === undefined) return { elements: withoutDirectives(patch ?? []) as unknown[], serverOrder: [] };
  if (patch === undefined) return { elements: current, serverOrder: current };
  return mergeList(current, patch, schema, strategicMergePatch);
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw badType("[]interface {}", value);
  return value;
}

function listAt(members: Members, name: string): readonly unknown[] | undefined {
  return Object.hasOwn(members, name) ? listOf(members[name]) : undefined;
}

/** What the patch has of a list must stand in its order list, in the same order; deleted elements do not count. */
function checkOrder(patch: readonly unknown[], order: readonly unknown[], mergeKey: string): void {
  if (patch.length === 0 || order.length === 0) return;
  const expected = mergeKey === "" ? patch : patch.filter((element) => directiveOf(element) !== "delete");
  const keyOf = (element: unknown) => {
    if (mergeKey === "") return element;
    checkMergeKeys(mergeKey, [element]);
    return memberOf(element as Members, mergeKey);
  };
  let next = 0;
  for (const element of order) {
    // An element with another directive counts as found, unless the order list ends before it, as upstream.
    while (next < expected.length && directiveOf(expected[next]) !== undefined) next++;
    if (next < expected.length && keyOf(element) === keyOf(expected[next])) next++;
  }
  if (next < expected.length) {
    throw doesNotApply(
      `The order in patch list:\n${goText(patch)}\n doesn't match ${orderPrefix} list:\n${goText(order)}\n`,
    );
  }
}

function directiveOf(element: unknown): unknown {
  return isMembers(element) ? memberOf(element, directiveMarker) : undefined;
}

/** Drops members that are null, at any depth; nulls in lists stay. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isMembers(value)) return value;
  const result: Members = {};
  for (const name of Object.keys(value)) if (value[name] !== null) setMember(result, name, withoutNulls(value[name]));
  return result;
}

/** Drops objects that carry a `$patch`, at any depth: there is nothing to delete or replace. undefined if it is one itself. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDirectives).filter((element) => element !== undefined);
  if (!isMembers(value)) return value;
  if (Object.hasOwn(value, directiveMarker)) return undefined;
  const result: Members = {};
  for (const name of Object.keys(value)) {
    const plain = withoutDirectives(value[name]);
    if (plain !== undefined) setMember(result, name, plain);
  }
  return result;
}
