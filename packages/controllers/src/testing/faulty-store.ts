import type { Random } from "@hollowfleet/core";
import type { ClusterStore, StoreRefusal } from "../cluster-store.ts";
import { MemoryStoreError } from "./memory-store.ts";

const refusals: readonly StoreRefusal[] = ["Conflict", "TooManyRequests", "Forbidden"];

/** The store with one write in ten refused before it does anything. */
export function faulty(store: ClusterStore, random: Random): ClusterStore {
  const guarded = <A extends unknown[], R>(write: (...args: A) => R): ((...args: A) => R) => {
    return (...args) => {
      if (random.int(10) > 0) return write(...args);
      throw new MemoryStoreError(refusals[random.int(refusals.length)] as StoreRefusal, "injected");
    };
  };
  return {
    get: (resource, namespace, name) => store.get(resource, namespace, name),
    list: (resource, namespace) => store.list(resource, namespace),
    listAny: (resource, namespace) => store.listAny(resource, namespace),
    resources: () => store.resources(),
    watch: (resource, notify) => store.watch(resource, notify),
    create: guarded((resource, object) => store.create(resource, object)) as ClusterStore["create"],
    update: guarded((resource, object) => store.update(resource, object)) as ClusterStore["update"],
    updateStatus: guarded((resource, object) => store.updateStatus(resource, object)) as ClusterStore["updateStatus"],
    delete: guarded((...args) => store.delete(...args)) as ClusterStore["delete"],
    bind: guarded((...args) => store.bind(...args)) as ClusterStore["bind"],
    finalizeNamespace: guarded((object) => store.finalizeNamespace(object)) as ClusterStore["finalizeNamespace"],
  };
}
