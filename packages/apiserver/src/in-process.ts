import { normalizeJson } from "@hollowfleet/wire";
import type { KubeObject } from "./object.ts";
import type { RequestInfo, UserInfo } from "./request-info.ts";
import { allResources, storedResource } from "./resources/all-resources.ts";
import { groupVersion, type ResourceInfo, type Verb } from "./resources/resource-info.ts";
import type { Store, StoreEvent } from "./store/store.ts";
import type { Api, DeleteOptions } from "./verbs/api.ts";

/** How a deletion is wished. */
export interface InProcessDeletion {
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly propagation?: "Orphan" | "Background" | "Foreground";
  readonly gracePeriodSeconds?: number;
}

/** A resource whose objects can be deleted, by plural and group, with what owner references call it. */
export interface DeletableResource {
  readonly name: string;
  readonly namespaced: boolean;
  readonly apiVersion: string;
  readonly kind: string;
}

type InProcessChange<T> = Pick<StoreEvent, "type"> & { readonly object: T };

/**
 * The API for controllers in the same process, without HTTP, authentication and authorization: reads come from the store,
 * writes go through admission, validation and optimistic concurrency as everybody's. Resources go by plural and group,
 * e.g. "pods", "deployments.apps". Objects that are given out must not be changed. Refusals are ApiErrors.
 */
export interface InProcessApi {
  get<T>(resource: string, namespace: string, name: string): T | undefined;
  /** All, or those of one namespace. */
  list<T>(resource: string, namespace?: string): readonly T[];
  /** All resources that can be deleted. */
  resources(): readonly DeletableResource[];
  listAny(resource: string, namespace?: string): readonly KubeObject[];
  create<T extends object>(resource: string, object: T): T;
  update<T extends object>(resource: string, object: T): T;
  updateStatus<T extends object>(resource: string, object: T): T;
  delete(resource: string, namespace: string, name: string, options?: InProcessDeletion): void;
  bind(namespace: string, pod: string, node: string): void;
  finalizeNamespace(object: object): void;
  /** Every change from now on, within the write that makes it. Returns what ends it. */
  watch<T>(resource: string, notify: (change: InProcessChange<T>) => void): () => void;
}

/** @param user as whom writes are made, which admission looks at */
export function createInProcessApi(api: Api, store: Store, user: UserInfo): InProcessApi {
  const write = (verb: Verb, name: string, object: object, subresource: string): RequestInfo =>
    writeInfo(user, verb, name, object, subresource);
  return {
    get: <T>(name: string, namespace: string, object: string) =>
      store.get(resourceOf(name), namespace, object) as T | undefined,
    list: <T>(name: string, namespace = "") =>
      store.list(resourceOf(name), namespace) as readonly unknown[] as readonly T[],
    resources: () => deletable,
    listAny: (name, namespace = "") => store.list(resourceOf(name), namespace),
    create<T extends object>(name: string, object: T): T {
      return api.create(write("create", name, object, ""), fresh(name, object), {}).object as unknown as T;
    },
    update<T extends object>(name: string, object: T): T {
      return api.update(write("update", name, object, ""), fresh(name, object), {}).object as unknown as T;
    },
    updateStatus<T extends object>(name: string, object: T): T {
      return api.update(write("update", name, object, "status"), fresh(name, object), {}).object as unknown as T;
    },
    delete(name, namespace, object, options = {}) {
      const info = {
        verb: "delete",
        resource: resourceOf(name),
        subresource: "",
        namespace,
        name: object,
        user,
      } as const;
      api.delete(info, deleteOptions(options));
    },
    bind(namespace, pod, node) {
      const metadata = { name: pod, namespace };
      const binding = {
        apiVersion: "v1",
        kind: "Binding",
        metadata,
        target: { apiVersion: "v1", kind: "Node", name: node },
      };
      const info = {
        verb: "create",
        resource: resourceOf("pods"),
        subresource: "binding",
        namespace,
        name: pod,
        user,
      } as const;
      api.create(info, binding, {});
    },
    finalizeNamespace: (object) =>
      void api.update(write("update", "namespaces", object, "finalize"), fresh("namespaces", object), {}),
    watch<T>(name: string, notify: (change: InProcessChange<T>) => void): () => void {
      const deliver = ({ type, object }: StoreEvent) => notify({ type, object: object as unknown as T });
      const watcher = store.watch(resourceOf(name), store.revision, deliver);
      return () => watcher.stop();
    },
  };
}

function resourceOf(name: string): ResourceInfo {
  const found = storedResource(name);
  if (found === undefined) throw new Error(`there is no resource ${name}`);
  return found;
}

const deletable: readonly DeletableResource[] = [...new Set(allResources.map(({ storageKey }) => storageKey))]
  .map((storageKey) => resourceOf(storageKey))
  .filter(({ verbs }) => verbs.includes("delete"))
  .map((resource) => ({
    name: resource.storageKey,
    namespaced: resource.namespaced,
    apiVersion: groupVersion(resource),
    kind: resource.kind,
  }));

function writeInfo(user: UserInfo, verb: Verb, name: string, object: object, subresource: string): RequestInfo {
  const resource = resourceOf(name);
  const { metadata = {} } = object as Partial<KubeObject>;
  const namespace = resource.namespaced ? (metadata.namespace ?? "") : "";
  return { verb, resource, subresource, namespace, name: verb === "create" ? "" : (metadata.name ?? ""), user };
}

/** A copy in the one form that JSON bodies get at the door; the API takes bodies over, and what controllers hold may be the store's. */
function fresh(name: string, object: object): KubeObject {
  const resource = resourceOf(name);
  return normalizeJson({ ...object, apiVersion: groupVersion(resource), kind: resource.kind }) as KubeObject;
}

function deleteOptions({ uid, resourceVersion, propagation, gracePeriodSeconds }: InProcessDeletion): DeleteOptions {
  const preconditions = {
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
  };
  return {
    ...(Object.keys(preconditions).length > 0 && { preconditions }),
    ...(propagation !== undefined && { propagationPolicy: propagation }),
    ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
  };
}
