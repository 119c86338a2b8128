import { type DeleteOptions, type Kind, kinds, mediaTypes, wrap } from "@hollowfleet/wire";
import type {
  DeleteCallOptions,
  GetOptions,
  ListOptions,
  ObjectName,
  PatchOptions,
  PatchType,
  WatchOptions,
  WriteOptions,
} from "./api-client.ts";
import type { Scope, Verb } from "./call.ts";
import { encodeQuery } from "./query.ts";
import { type Resource, resourcePath } from "./resource.ts";
import type { TransportRequest } from "./transport.ts";

/** One call to the API: what goes on the wire but for the client's own headers, and how metrics name it. */
export interface ApiRequest {
  readonly verb: Verb;
  readonly resource: string;
  readonly subresource: string;
  readonly scope: Scope;
  readonly method: TransportRequest["method"];
  readonly path: string;
  /** Of the body. */
  readonly contentType: string | undefined;
  readonly body: Uint8Array | undefined;
}

const patchTypes: Readonly<Record<PatchType, string>> = {
  strategic: mediaTypes.strategicMergePatch,
  merge: mediaTypes.mergePatch,
  json: mediaTypes.jsonPatch,
  apply: mediaTypes.applyPatch,
};

export function getRequest(
  resource: Resource<unknown>,
  { namespace, name }: ObjectName,
  options: GetOptions,
  timeout: string | undefined,
): ApiRequest {
  const { resourceVersion, subresource } = options;
  return {
    verb: "GET",
    resource: resource.plural,
    subresource: subresource ?? "",
    scope: "resource",
    method: "GET",
    path: resourcePath(resource, { namespace, name, subresource }) + encodeQuery({ resourceVersion, timeout }),
    contentType: undefined,
    body: undefined,
  };
}

export function listRequest(
  resource: Resource<unknown>,
  options: ListOptions,
  timeout: string | undefined,
): ApiRequest {
  return {
    ...collectionRead(resource, options),
    verb: "LIST",
    path: resourcePath(resource, options) + encodeQuery({ ...selection(options), timeout }),
  };
}

export function watchRequest(
  resource: Resource<unknown>,
  options: WatchOptions,
  timeout: string | undefined,
): ApiRequest {
  const { allowBookmarks, sendInitialEvents, timeoutSeconds } = options;
  const query = { ...selection(options), allowWatchBookmarks: allowBookmarks, sendInitialEvents, timeoutSeconds };
  return {
    ...collectionRead(resource, options),
    verb: "WATCH",
    path: resourcePath(resource, { namespace: options.namespace }) + encodeQuery({ ...query, timeout, watch: true }),
  };
}

export function createRequest<B>(
  resource: Resource<unknown>,
  where: { readonly namespace?: string | undefined; readonly name?: string; readonly subresource?: string },
  kind: Kind<B>,
  object: B,
  options: WriteOptions,
  timeout: string | undefined,
): ApiRequest {
  return {
    verb: "POST",
    resource: resource.plural,
    subresource: where.subresource ?? "",
    scope: "resource",
    method: "POST",
    path: resourcePath(resource, where) + encodeQuery({ ...writing(options), timeout }),
    contentType: mediaTypes.protobuf,
    body: wrap(kind.apiVersion, kind.kind, kind.encode(object)),
  };
}

export function updateRequest<T>(
  resource: Resource<T>,
  { namespace, name }: ObjectName,
  object: T | Uint8Array,
  options: WriteOptions & { readonly subresource?: string },
  timeout: string | undefined,
): ApiRequest {
  const { kind } = resource;
  const raw = object instanceof Uint8Array ? object : kind.encode(object);
  return {
    verb: "PUT",
    resource: resource.plural,
    subresource: options.subresource ?? "",
    scope: "resource",
    method: "PUT",
    path:
      resourcePath(resource, { namespace, name, subresource: options.subresource }) +
      encodeQuery({ ...writing(options), timeout }),
    contentType: mediaTypes.protobuf,
    body: wrap(kind.apiVersion, kind.kind, raw),
  };
}

export function patchRequest(
  resource: Resource<unknown>,
  { namespace, name }: ObjectName,
  type: PatchType,
  body: string,
  options: PatchOptions,
  timeout: string | undefined,
): ApiRequest {
  const { force, subresource } = options;
  return {
    verb: "PATCH",
    resource: resource.plural,
    subresource: subresource ?? "",
    scope: "resource",
    method: "PATCH",
    path:
      resourcePath(resource, { namespace, name, subresource }) + encodeQuery({ ...writing(options), force, timeout }),
    contentType: patchTypes[type],
    body: Buffer.from(body),
  };
}

export function deleteRequest(
  resource: Resource<unknown>,
  { namespace, name }: ObjectName,
  options: DeleteCallOptions,
  timeout: string | undefined,
): ApiRequest {
  return {
    ...deletion(resource, options),
    verb: "DELETE",
    scope: "resource",
    path: resourcePath(resource, { namespace, name }) + encodeQuery({ timeout }),
  };
}

export function deleteCollectionRequest(
  resource: Resource<unknown>,
  options: DeleteCallOptions & ListOptions,
  timeout: string | undefined,
): ApiRequest {
  return {
    ...deletion(resource, options),
    verb: "DELETECOLLECTION",
    scope: options.namespace ? "namespace" : "cluster",
    path: resourcePath(resource, { namespace: options.namespace }) + encodeQuery({ ...selection(options), timeout }),
  };
}

/** A path that is no resource. */
export function textRequest(path: string): ApiRequest {
  return {
    verb: "GET",
    resource: "",
    subresource: "",
    scope: "",
    method: "GET",
    path,
    contentType: undefined,
    body: undefined,
  };
}

function selection(options: ListOptions) {
  const { continue: token, fieldSelector, labelSelector, limit, resourceVersion, resourceVersionMatch } = options;
  return { continue: token, fieldSelector, labelSelector, limit, resourceVersion, resourceVersionMatch };
}

function writing({ dryRun, fieldManager }: WriteOptions) {
  return { dryRun: dryRun ? "All" : undefined, fieldManager };
}

/** A selector for one name makes it `resource` (k8s.io/apiserver/pkg/endpoints/request/requestinfo.go). */
function collectionScope({ namespace, fieldSelector }: { namespace?: string; fieldSelector?: string }): Scope {
  if (fieldSelector !== undefined && /(^|,)metadata\.name==?[^,=]/.test(fieldSelector)) return "resource";
  return namespace ? "namespace" : "cluster";
}

function collectionRead(resource: Resource<unknown>, options: { namespace?: string; fieldSelector?: string }) {
  return {
    resource: resource.plural,
    subresource: "",
    scope: collectionScope(options),
    method: "GET" as const,
    contentType: undefined,
    body: undefined,
  };
}

/** Go's clients always send a body, be it empty (kubelet-audit §1.1). */
function deletion(resource: Resource<unknown>, options: DeleteCallOptions) {
  const { gracePeriodSeconds, propagationPolicy, preconditions } = options;
  const body: DeleteOptions = {
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
    ...(preconditions === undefined ? {} : { preconditions }),
  };
  const { DeleteOptions: kind } = kinds;
  return {
    resource: resource.plural,
    subresource: "",
    method: "DELETE" as const,
    contentType: mediaTypes.protobuf,
    body: wrap(kind.apiVersion, kind.kind, kind.encode(body)),
  };
}
