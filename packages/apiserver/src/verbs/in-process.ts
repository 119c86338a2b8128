import { normalizeJson } from "@hollowfleet/wire";
import { ApiError } from "../api-error.ts";
import type { KubeObject } from "../object.ts";
import type { RequestInfo, UserInfo } from "../request-info.ts";
import { allResources, storedResource } from "../resources/all-resources.ts";
import { groupVersion, type ResourceInfo, type Verb } from "../resources/resource-info.ts";
import type { Store } from "../store/store.ts";
import type { Api, DeleteOptions } from "./api.ts";

/** How a deletion is asked for in this process. */
export interface InProcessDeletion {
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly propagation?: "Orphan" | "Background" | "Foreground";
  readonly gracePeriodSeconds?: number;
}

/** One kind of objects. */
export interface InProcessResource {
  /** Storage key. */
  readonly name: string;
  readonly namespaced: boolean;
  /** e.g. "apps/v1" */
  readonly apiVersion: string;
  readonly kind: string;
}

/**
 * The API as plain calls for what runs in the server's own process. Resources go by their storage key, e.g. "pods" or
 * "deployments.apps". Reads give stored objects, which are never to be changed; writes copy what they are given, and pass
 * the same admission and validation as everybody's. They throw ApiError, whose `code` is the reason.
 */
export interface InProcessApi {
  get<T>(resource: string, namespace: string, name: string): T | undefined;
  list<T>(resource: string, namespace?: string): readonly T[];
  /** Everything that can be deleted. */
  resources(): readonly InProcessResource[];
  listAny(resource: string, namespace?: string): readonly KubeObject[];
  create<T>(resource: string, object: T): T;
  update<T>(resource: string, object: T): T;
  updateStatus<T>(resource: string, object: T): T;
  delete(resource: string, namespace: string, name: string, options?: InProcessDeletion): void;
  /** POST pods/NAME/binding. */
  bind(namespace: string, pod: string, node: string): void;
  /** PUT namespaces/NAME/finalize. */
  finalizeNamespace(object: object): void;
  /** Every change from now on, within the write that makes it. Returns what ends it. */
  watch<T>(resource: string, notify: (change: InProcessChange<T>) => void): () => void;
}

export interface InProcessChange<T> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: T;
}

/** Gives a user of this process the API without HTTP. Authorization is not asked. */
export function createInProcessApi(api: Api, store: Store, user: UserInfo): InProcessApi {
  const read = (resource: string, namespace: string) => store.list(known(resource), namespace);
  const write = (verb: "create" | "update", key: string, object: unknown, subresource = "") => {
    const resource = known(key);
    const body = bodyOf(resource, object);
    const { namespace = "", name = "" } = body.metadata;
    const info = infoOf(resource, verb, namespace, verb === "create" ? "" : name, user, subresource);
    return api[verb](info, body, {}).object;
  };
  return {
    get: <T>(key: string, namespace: string, name: string) => store.get(known(key), namespace, name) as T | undefined,
    list: <T>(key: string, namespace = "") => read(key, namespace) as unknown as readonly T[],
    resources: () => deletable,
    listAny: (key, namespace = "") => read(key, namespace),
    create: <T>(key: string, object: T) => write("create", key, object) as T,
    update: <T>(key: string, object: T) => write("update", key, object) as T,
    updateStatus: <T>(key: string, object: T) => write("update", key, object, "status") as T,
    delete(key, namespace, name, options = {}) {
      const resource = known(key);
      api.delete(infoOf(resource, "delete", namespace, name, user), deleteOptionsOf(options));
    },
    bind(namespace, pod, node) {
      const metadata = { name: pod, namespace };
      const target = { apiVersion: "v1", kind: "Node", name: node };
      const body = { apiVersion: "v1", kind: "Binding", metadata, target };
      api.create(infoOf(known("pods"), "create", namespace, pod, user, "binding"), body, {});
    },
    finalizeNamespace: (object) => void write("update", "namespaces", object, "finalize"),
    watch: (key, notify) => {
      const watcher = store.watch(known(key), store.revision, ({ type, object }) =>
        notify({ type, object: object as never }),
      );
      return () => watcher.stop();
    },
  };
}

const deletable: readonly InProcessResource[] = allResources
  .filter((info) => info.verbs.includes("delete") && storedResource(info.storageKey) === info)
  .map((info) => {
    const { storageKey, namespaced, kind } = info;
    return { name: storageKey, namespaced, apiVersion: groupVersion(info), kind };
  });

function known(key: string): ResourceInfo {
  const resource = storedResource(key);
  if (resource === undefined) throw new ApiError("NotFound", "the server could not find the requested resource");
  return resource;
}

/** A copy in the form in which bodies are decoded. */
function bodyOf(resource: ResourceInfo, object: unknown): KubeObject {
  const typed = { ...(object as object), apiVersion: groupVersion(resource), kind: resource.kind };
  return normalizeJson(typed) as unknown as KubeObject;
}

function infoOf(
  resource: ResourceInfo,
  verb: Verb,
  namespace: string,
  name: string,
  user: UserInfo,
  subresource = "",
): RequestInfo {
  return { verb, resource, subresource, namespace: resource.namespaced ? namespace : "", name, user };
}

function deleteOptionsOf(options: InProcessDeletion): DeleteOptions {
  const { uid, resourceVersion, propagation, gracePeriodSeconds } = options;
  const preconditions = {
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
  };
  return {
    preconditions,
    ...(propagation !== undefined && { propagationPolicy: propagation }),
    ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
  };
}
