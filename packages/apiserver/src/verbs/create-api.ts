import { ApiError } from "../api-error.ts";
import type { KubeObject } from "../object.ts";
import type { RequestInfo } from "../request-info.ts";
import { findResource, findSubresource } from "../resources/all-resources.ts";
import type { Verb } from "../resources/resource-info.ts";
import type { Api, WriteOptions, WriteResult } from "./api.ts";
import type { ApiContext, ApiOptions } from "./api-context.ts";
import { createObject } from "./create.ts";
import { deleteCollection, deleteOne } from "./delete.ts";
import { EventExpiry } from "./event-expiry.ts";
import { getObject } from "./get.ts";
import { members } from "./json-value.ts";
import { listObjects } from "./list.ts";
import { patchObject } from "./patch.ts";
import { PodsByNode } from "./pods-by-node.ts";
import { bindPod } from "./subresources/binding.ts";
import { evictPod } from "./subresources/eviction.ts";
import { isReview, review } from "./subresources/reviews.ts";
import { patchScale, updateScale } from "./subresources/scale.ts";
import { requestToken } from "./subresources/token.ts";
import { updateObject } from "./update.ts";
import { startWatch } from "./watch.ts";
import { WatchHub } from "./watch-hub.ts";

type Create = (context: ApiContext, info: RequestInfo, body: KubeObject, options: WriteOptions) => WriteResult;

/** Subresources that are created: they act on an object, or answer, and are not stored. */
const creates: Readonly<Record<string, Create>> = { binding: bindPod, eviction: evictPod, token: requestToken };

const hourMs = 3_600_000;

/** The API over a store: what the server does once it knows who asks for what, and that he may. */
export function createApi(options: ApiOptions): Api {
  const { store, clock, eventTtlMs = hourMs } = options;
  const expiry = new EventExpiry(store, clock, eventTtlMs);
  const context: ApiContext = {
    ...options,
    strategyFor: (resource) => options.strategyFor(resource),
    newUid: () => options.newUid(),
    hub: new WatchHub(store),
    podsByNode: new PodsByNode(store),
    noteWrite: (resource, object) => {
      if (resource.storageKey === "events") expiry.note(resource, object);
    },
  };
  return {
    get: (info, query) => getObject(context, served(info), query),
    list: (info, query) => listObjects(context, served(info), query),
    create: (info, body, query) => create(context, served(info), body, query),
    update: (info, body, query) => {
      const change = served(info).subresource === "scale" ? updateScale : updateObject;
      return change(context, info, body, query);
    },
    patch: (info, type, patch, query) => {
      const change = served(info).subresource === "scale" ? patchScale : patchObject;
      return change(context, info, type, patch, query);
    },
    delete: (info, query) => deleteOne(context, served(info), query),
    deleteCollection: (info, list, query) => deleteCollection(context, served(info), list, query),
    watch: (info, query, sink) => startWatch(context, served(info), query, sink),
  };
}

function create(context: ApiContext, info: RequestInfo, body: KubeObject, options: WriteOptions): WriteResult {
  if (isReview(info)) return review(context, info, body);
  if (info.resource.storageKey === "bindings") return bindPod(context, bindingInfo(info, body), body, options);
  if (info.subresource === "") return createObject(context, info, body, options);
  const act = creates[info.subresource];
  if (act === undefined) throw methodNotAllowed();
  return act(context, info, body, options);
}

/** POST bindings, the older way: the body names the pod. */
function bindingInfo(info: RequestInfo, { metadata }: KubeObject): RequestInfo {
  const pods = findResource("", "v1", "pods") ?? info.resource;
  return { ...info, resource: pods, subresource: "binding", name: String(members(metadata)["name"] ?? "") };
}

/** @throws ApiError MethodNotAllowed for a verb that the resource, or its subresource, does not have */
function served(info: RequestInfo): RequestInfo {
  const { resource, subresource } = info;
  const verbs: readonly Verb[] =
    subresource === "" ? resource.verbs : (findSubresource(resource, subresource)?.verbs ?? []);
  if (!verbs.includes(info.verb)) throw methodNotAllowed();
  return info;
}

/** endpoints/handlers, as the router of the real server answers. */
function methodNotAllowed(): ApiError {
  return new ApiError("MethodNotAllowed", "the server does not allow this method on the requested resource", {});
}
