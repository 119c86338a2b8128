import { isDeepStrictEqual } from "node:util";
import { HollowError } from "@hollowfleet/core";
import { elementIndex, findPlace, type Place } from "./json-pointer.ts";
import { isMembers, type Members, memberOf, setMember } from "./members.ts";

/** An operation that does not apply; the real server tells the client only that there was one. */
export class JsonPatchError extends HollowError<"does-not-apply"> {
  constructor(message: string) {
    super("does-not-apply", message);
  }
}

/**
 * What all copies of one patch may add, in bytes (apiserver, pkg/server/config.go, JSONPatchMaxCopyBytes): otherwise an
 * object that is copied into itself doubles with each operation.
 */
const maxCopyBytes = 3 * 1024 * 1024;

/**
 * Applies the operations of a JSON patch (RFC 6902) in order. The document is not changed, the result shares nothing with it.
 * Where RFC and the real server's library (evanphx/json-patch v4) differ, the library is followed: an object's member that is
 * not there can be replaced, and indices may count from the end.
 * @throws JsonPatchError
 */
export function jsonPatch(document: Members, operations: readonly unknown[]): unknown {
  const state: State = { document: structuredClone(document), copiedBytes: 0 };
  for (const operation of operations) apply(state, isMembers(operation) ? operation : {});
  return state.document;
}

interface State {
  document: unknown;
  copiedBytes: number;
}

function apply(state: State, operation: Members): void {
  const kind = memberOf(operation, "op");
  const run = typeof kind === "string" && Object.hasOwn(operations, kind) ? operations[kind] : undefined;
  if (run === undefined) throw new JsonPatchError(`Unexpected kind: ${typeof kind === "string" ? kind : "unknown"}`);
  run(state, operation);
}

const operations: Readonly<Record<string, (state: State, operation: Members) => void>> = {
  add: (state, operation) => add(placeOf(state, operation, "path"), memberOf(operation, "value")),
  remove: (state, operation) => remove(placeOf(state, operation, "path")),
  replace,
  move,
  copy,
  test,
};

function placeOf(state: State, operation: Members, member: "path" | "from"): Place {
  const pointer = pointerOf(operation, member);
  const place = findPlace(state.document, pointer);
  if (place === undefined) throw new JsonPatchError(`doc is missing path: ${pointer}`);
  return place;
}

function pointerOf(operation: Members, member: "path" | "from"): string {
  const pointer = memberOf(operation, member);
  if (typeof pointer !== "string") throw new JsonPatchError(`operation, missing ${member} field`);
  return pointer;
}

function add({ container, key }: Place, value: unknown): void {
  if (!Array.isArray(container)) {
    setMember(container, key, value ?? null);
    return;
  }
  const index = key === "-" ? container.length : elementIndex(key, container.length + 1);
  if (index === undefined) throw noIndex(key);
  container.splice(index, 0, value ?? null);
}

function remove({ container, key }: Place): void {
  if (Array.isArray(container)) {
    const index = elementIndex(key, container.length);
    if (index === undefined) throw noIndex(key);
    container.splice(index, 1);
  } else {
    if (!Object.hasOwn(container, key)) throw new JsonPatchError(`Unable to remove nonexistent key: ${key}`);
    delete container[key];
  }
}

function replace(state: State, operation: Members): void {
  const value = memberOf(operation, "value") ?? null;
  if (memberOf(operation, "path") === "") {
    const isDocument = Array.isArray(value) || isMembers(value);
    if (!isDocument) throw new JsonPatchError("replace operation value must be object or array");
    state.document = value;
    return;
  }
  const { container, key } = placeOf(state, operation, "path");
  if (!Array.isArray(container)) {
    setMember(container, key, value);
    return;
  }
  const index = elementIndex(key, container.length);
  if (index === undefined) throw noIndex(key);
  container[index] = value;
}

function move(state: State, operation: Members): void {
  const from = placeOf(state, operation, "from");
  const value = valueAt(from);
  remove(from);
  add(placeOf(state, operation, "path"), value);
}

function copy(state: State, operation: Members): void {
  const value = valueAt(placeOf(state, operation, "from")) ?? null;
  const target = placeOf(state, operation, "path");
  state.copiedBytes += Buffer.byteLength(JSON.stringify(value));
  if (state.copiedBytes > maxCopyBytes) {
    const size = `the accumulated size increase of copy is ${state.copiedBytes}, exceeding the limit ${maxCopyBytes}`;
    throw new JsonPatchError(`Unable to complete the copy, ${size}`);
  }
  add(target, structuredClone(value));
}

function test(state: State, operation: Members): void {
  const expected = memberOf(operation, "value") ?? null;
  const pointer = pointerOf(operation, "path");
  const actual = pointer === "" ? state.document : valueAt(placeOf(state, operation, "path"));
  if (!isDeepStrictEqual(actual ?? null, expected)) throw new JsonPatchError(`testing value ${pointer} failed`);
}

/** undefined for a member that is not there; an element must be. */
function valueAt({ container, key }: Place): unknown {
  if (!Array.isArray(container)) return memberOf(container, key);
  const index = elementIndex(key, container.length);
  if (index === undefined) throw noIndex(key);
  return container[index];
}

function noIndex(key: string): JsonPatchError {
  return new JsonPatchError(`Unable to access invalid index: ${key}`);
}
