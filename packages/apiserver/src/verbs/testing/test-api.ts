import { ManualClock, seededRandom } from "@hollowfleet/core";
import { ApiError } from "../../api-error.ts";
import type { KubeObject } from "../../object.ts";
import type { RequestInfo } from "../../request-info.ts";
import { storedResource } from "../../resources/all-resources.ts";
import type { ResourceInfo, Verb } from "../../resources/resource-info.ts";
import { createMemoryStore, type MemoryStore } from "../../store/memory-store.ts";
import type { Strategy } from "../../strategies/strategy.ts";
import type { Api, ListOptions, WatchEvent, WatchHandle } from "../api.ts";
import type { ApiOptions } from "../api-context.ts";
import { createApi } from "../create-api.ts";

const keepStatus = (object: KubeObject, old: KubeObject) => {
  if (old["status"] === undefined) delete object["status"];
  else object["status"] = old["status"];
};

/** As much of the real strategies as the verbs can be told by: tests of kinds are beside the strategies. */
const strategies: Readonly<Record<string, Strategy>> = {
  pods: {
    prepareForCreate: (pod) => {
      pod["status"] = { phase: "Pending" };
      pod.metadata.generation = 1;
    },
    prepareForUpdate: keepStatus,
    validate: (pod) =>
      pod["spec"] === undefined ? [{ reason: "FieldValueRequired", field: "spec", message: "Required value" }] : [],
    gracePeriodSeconds: (pod, requested) => {
      const { nodeName, terminationGracePeriodSeconds = 30 } = pod["spec"] as {
        nodeName?: string;
        terminationGracePeriodSeconds?: number;
      };
      return nodeName === undefined ? 0 : (requested ?? terminationGracePeriodSeconds);
    },
  },
  namespaces: {
    nameRule: "label",
    prepareForCreate: (namespace) => {
      namespace["spec"] = { finalizers: ["kubernetes"] };
      namespace["status"] = { phase: "Active" };
    },
    prepareForUpdate: (object, old) => {
      keepStatus(object, old);
      object["spec"] = old["spec"];
    },
    subresources: { finalize: { prepareForUpdate: keepStatus } },
  },
  "deployments.apps": {
    prepareForCreate: (object) => {
      object.metadata.generation = 1;
    },
    prepareForUpdate: (object, old) => {
      keepStatus(object, old);
      if (JSON.stringify(object["spec"]) !== JSON.stringify(old["spec"])) {
        object.metadata.generation = (object.metadata.generation ?? 0) + 1;
      }
    },
  },
  "jobs.batch": { defaultPropagation: "Orphan" },
  "leases.coordination.k8s.io": { allowCreateOnUpdate: true, allowUnconditionalUpdate: false },
  events: { allowCreateOnUpdate: true },
};

export interface TestApi {
  readonly api: Api;
  readonly store: MemoryStore;
  readonly clock: ManualClock;
  readonly info: typeof infoOf;
  create(key: string, object: Record<string, unknown>): KubeObject;
}

/** A request of an admin. @param path "namespace/name", "name" or "namespace/", as far as the verb needs */
export function infoOf(verb: Verb, key: string, path = "", subresource = ""): RequestInfo {
  const resource = resourceOf(key);
  const [namespace = "", name = ""] = resource.namespaced ? path.split("/") : ["", path];
  return { verb, resource, subresource, namespace, name, user: { name: "admin", groups: ["system:masters"] } };
}

function resourceOf(key: string): ResourceInfo {
  const resource = storedResource(key);
  if (resource === undefined) throw new Error(`no resource ${key}`);
  return resource;
}

export function makeApi(
  options: Partial<Pick<ApiOptions, "admission" | "access">> & { readonly historyEvents?: number } = {},
): TestApi {
  const clock = new ManualClock();
  const { historyEvents = 1000 } = options;
  const store = createMemoryStore({ nowMs: () => clock.nowMs(), historyEvents });
  let uids = 0;
  const api = createApi({
    store,
    strategyFor: ({ storageKey }) => strategies[storageKey] ?? {},
    admission: options.admission ?? [],
    ...(options.access !== undefined && { access: options.access }),
    clock,
    random: seededRandom("api"),
    newUid: () => `uid-${++uids}`,
  });
  const create = (key: string, object: Record<string, unknown>) => {
    const body = structuredClone(object) as unknown as KubeObject;
    const { namespace = "" } = body.metadata;
    return api.create(infoOf("create", key, `${namespace}/`), body, {}).object as KubeObject;
  };
  return { api, store, clock, info: infoOf, create };
}

/** A pod of namespace default. */
export function podOf(
  name: string,
  spec: Record<string, unknown> = {},
  metadata: Record<string, unknown> = {},
): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", ...metadata },
    spec: { containers: [{ name: "c", image: "i" }], ...spec },
  };
}

export function configMapOf(name: string, metadata: Record<string, unknown> = {}): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default", ...metadata } };
}

export function bytesOf(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

/** What a call refuses with. */
export function refusal(run: () => unknown): ApiError {
  try {
    run();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

export interface TestWatch {
  readonly events: WatchEvent[];
  readonly handle: WatchHandle;
  ended: boolean;
  /** Each event as "TYPE name@revision". */
  texts(): string[];
}

/** @param capacity how many events fit into the receiver's buffer */
export function watchOf(
  { api }: TestApi,
  key: string,
  namespace: string,
  options: ListOptions,
  capacity = 1e9,
): TestWatch {
  const events: WatchEvent[] = [];
  const watch: TestWatch = {
    events,
    ended: false,
    handle: { stop: () => {} },
    texts: () =>
      events.map(({ type, object }) => {
        const { name = "", resourceVersion = "" } = object.metadata as KubeObject["metadata"];
        return `${type} ${name}@${resourceVersion}`;
      }),
  };
  const sink = {
    event: (event: WatchEvent) => events.push(event) < capacity,
    end: () => {
      watch.ended = true;
    },
  };
  return Object.assign(watch, { handle: api.watch(infoOf("watch", key, `${namespace}/`), options, sink) });
}
