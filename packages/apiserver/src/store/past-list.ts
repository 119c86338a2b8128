import type { KubeObject } from "../object.ts";
import { keyOf, type ObjectIndex } from "./object-index.ts";
import type { StoreEvent } from "./store.ts";

/**
 * The list as it was before `events`, the changes since then in their order: the present list with each changed object
 * put back to what its first change found.
 */
export function objectsBefore(
  events: readonly StoreEvent[],
  objects: ObjectIndex,
  namespace: string,
  after: string,
): readonly KubeObject[] {
  const present = objects.list(namespace, after);
  if (events.length === 0) return present;
  const found = new Map<string, KubeObject | undefined>();
  for (const { object, previous } of events) {
    const key = keyOf(object);
    if (!found.has(key)) found.set(key, previous);
  }
  const past: KubeObject[] = [];
  for (const object of present) if (!found.has(keyOf(object))) past.push(object);
  for (const [key, object] of found) {
    const listed = namespace === "" || object?.metadata.namespace === namespace;
    if (object !== undefined && listed && key > after) past.push(object);
  }
  // Mostly sorted already, which the engine's merge sort takes in few comparisons; keys are made once.
  return past
    .map((object) => ({ key: keyOf(object), object }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ object }) => object);
}
