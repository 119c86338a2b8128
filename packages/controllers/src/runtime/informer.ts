import { errorText, type Logger } from "@hollowfleet/core";
import type { ClusterStore, ResourceName, StoreChange } from "../cluster-store.ts";
import { joinKey, type KubeObject, keyOf } from "../objects/meta.ts";

/** Told of a change, inside the write that makes it: `after` is undefined when the object is gone, `before` when it is new. */
export type ChangeHandler<T> = (after: T | undefined, before: T | undefined) => void;

/** All objects of one resource, as they are now. */
export interface Informer<T> {
  readonly size: number;
  get(namespace: string, name: string): T | undefined;
  byKey(key: string): T | undefined;
  /** Whether this very object is still there, in whatever state. */
  has(object: KubeObject): boolean;
  all(): Iterable<T>;
  /** Told of all there are, and of every change from now on. It may only note it. */
  onChange(handler: ChangeHandler<T>): void;
  stop(): void;
}

/** Mirrors a resource of the store. The store is in this thread and synchronous, so the mirror is never behind. */
export function createInformer<T extends KubeObject>(
  store: ClusterStore,
  resource: ResourceName,
  logger: Logger,
): Informer<T> {
  const objects = new Map<string, T>();
  const handlers: ChangeHandler<T>[] = [];

  function tell(handler: ChangeHandler<T>, after: T | undefined, before: T | undefined): void {
    try {
      handler(after, before);
    } catch (thrown) {
      // A bug in a handler must not fail the request that made the change.
      logger.error(`controllers: handler of ${resource}: ${errorText(thrown)}`);
    }
  }

  function notify({ type, object }: StoreChange<T>): void {
    const key = keyOf(object);
    const before = objects.get(key);
    const after = type === "DELETED" ? undefined : object;
    if (after === undefined) objects.delete(key);
    else objects.set(key, after);
    for (const handler of handlers) tell(handler, after, before ?? (after === undefined ? object : undefined));
  }

  for (const object of store.list<T>(resource)) objects.set(keyOf(object), object);
  const stop = store.watch<T>(resource, notify);
  return {
    get size() {
      return objects.size;
    },
    get: (namespace, name) => objects.get(joinKey(namespace, name)),
    byKey: (key) => objects.get(key),
    has: (object) => objects.get(keyOf(object))?.metadata?.uid === object.metadata?.uid,
    all: () => objects.values(),
    onChange(handler) {
      handlers.push(handler);
      for (const object of [...objects.values()]) tell(handler, object, undefined);
    },
    stop,
  };
}

/** Objects by something else than their name. */
export interface Index<T> {
  /** A snapshot of those with this value. */
  get(value: string): readonly T[];
  /** All values that objects have. */
  values(): Iterable<string>;
}

/** @param groupOf what to look an object up by; undefined leaves it out */
export function createIndex<T extends KubeObject>(
  informer: Informer<T>,
  groupOf: (object: T) => string | undefined,
): Index<T> {
  const groups = new Map<string, Map<string, T>>();
  informer.onChange((after, before) => {
    const was = before === undefined ? undefined : groupOf(before);
    const is = after === undefined ? undefined : groupOf(after);
    if (was !== undefined && was !== is && before !== undefined) {
      const group = groups.get(was);
      group?.delete(keyOf(before));
      if (group?.size === 0) groups.delete(was);
    }
    if (is === undefined || after === undefined) return;
    const group = groups.get(is);
    if (group === undefined) groups.set(is, new Map([[keyOf(after), after]]));
    else group.set(keyOf(after), after);
  });
  return {
    get: (value) => [...(groups.get(value)?.values() ?? [])],
    values: () => groups.keys(),
  };
}
