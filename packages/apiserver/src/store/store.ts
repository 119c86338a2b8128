import type { KubeObject } from "../object.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";

/** One change, as watchers see it. */
export interface StoreEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  /** After the change; for DELETED the last state, with the deletion's own revision as resourceVersion. */
  readonly object: KubeObject;
  /** Before the change; undefined for ADDED. */
  readonly previous: KubeObject | undefined;
  /** Equal to the object's resourceVersion; grows by one with every change of any object. */
  readonly revision: number;
}

/** A continuation of reading the changes of one storage key. */
export interface StoreWatcher {
  /** Stops; nothing is delivered afterwards. */
  stop(): void;
}

/**
 * All objects, their revisions and a window of their history. Synchronous: a method either changes the state as a whole or
 * throws and changes nothing. It knows keys and revisions, nothing of what objects mean.
 */
export interface Store {
  /** The revision of the latest change; 1 in an empty store. */
  readonly revision: number;
  get(resource: ResourceInfo, namespace: string, name: string): KubeObject | undefined;
  /** In the order of "namespace/name", from just after `after` on, across all namespaces for namespace "". */
  list(resource: ResourceInfo, namespace: string, after?: string): readonly KubeObject[];
  /** The list as it was at an earlier revision. @throws ApiError Expired when that has left the history window */
  listAt(resource: ResourceInfo, namespace: string, revision: number, after?: string): readonly KubeObject[];
  count(resource: ResourceInfo): number;
  /** Takes the object over and gives it its resourceVersion. @throws ApiError AlreadyExists */
  create(resource: ResourceInfo, object: KubeObject): KubeObject;
  /** Replaces what has the same namespace and name. @throws ApiError NotFound */
  update(resource: ResourceInfo, object: KubeObject): KubeObject;
  /** Returns the last state with the revision of the deletion. @throws ApiError NotFound */
  delete(resource: ResourceInfo, namespace: string, name: string): KubeObject;
  /**
   * Delivers every change after `revision`: those of the past before it returns, then each new one within the call that
   * makes it. @throws ApiError Expired when the history no longer reaches back to it
   */
  watch(resource: ResourceInfo, revision: number, deliver: (event: StoreEvent) => void): StoreWatcher;
}
