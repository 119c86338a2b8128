import type { KubeObject } from "../object.ts";
import { firstIndex, keyOf, type ObjectIndex } from "./object-index.ts";
import type { StoreEvent } from "./store.ts";

/**
 * The list as it was before `events`, the changes since then in their order: the present list with each changed object
 * put back to what its first change found. What did not change is copied in runs, without looking at it.
 */
export function objectsBefore(
  events: readonly StoreEvent[],
  objects: ObjectIndex,
  namespace: string,
  after: string,
): readonly KubeObject[] {
  const present = objects.list(namespace, after);
  const past: KubeObject[] = [];
  let next = 0;
  for (const [key, before] of firstStates(events, namespace, after)) {
    const at = firstIndex(present, (object) => keyOf(object) >= key);
    while (next < at) past.push(present[next++] as KubeObject);
    const now = present[at];
    if (now !== undefined && keyOf(now) === key) next = at + 1;
    if (before !== undefined) past.push(before);
  }
  while (next < present.length) past.push(present[next++] as KubeObject);
  return past;
}

/** What each changed object was before its first change, in the order of keys; undefined for what was not there. */
function firstStates(
  events: readonly StoreEvent[],
  namespace: string,
  after: string,
): [string, KubeObject | undefined][] {
  const states = new Map<string, KubeObject | undefined>();
  for (const { object, previous } of events) {
    if (namespace !== "" && object.metadata.namespace !== namespace) continue;
    const key = keyOf(object);
    if (key > after && !states.has(key)) states.set(key, previous);
  }
  return [...states].sort(([a], [b]) => (a < b ? -1 : 1));
}
