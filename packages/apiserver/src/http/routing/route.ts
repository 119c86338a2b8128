import type { RequestInfo, UserInfo } from "../../request-info.ts";
import type { ResourceInfo, SubresourceInfo, Verb } from "../../resources/resource-info.ts";
import { notServed, wrongMethod } from "../http-errors.ts";
import type { Query } from "./query.ts";
import type { ResourcePath } from "./request-path.ts";

/** A request that is one to a resource we know, before anybody is known to ask it. */
export interface Route {
  readonly verb: Verb;
  readonly resource: ResourceInfo;
  readonly subresource: SubresourceInfo | undefined;
  /** "" for cluster-scoped resources and across all namespaces. */
  readonly namespace: string;
  readonly name: string;
  readonly fieldSelector: string | undefined;
}

const collectionVerbs: Readonly<Record<string, Verb>> = { GET: "list", POST: "create", DELETE: "deletecollection" };
const objectVerbs: Readonly<Record<string, Verb>> = { GET: "get", PUT: "update", PATCH: "patch", DELETE: "delete" };
const subresourceVerbs: Readonly<Record<string, Verb>> = { ...objectVerbs, POST: "create" };

/**
 * The verb that authorization and max-inflight go by, also for what does not exist (endpoints/request/requestinfo.go).
 * "" for methods that are none of the API's.
 */
export function attemptedVerb(method: string, path: ResourcePath, query: Query): string {
  if (method === "POST") return "create";
  const verb = objectVerbs[method === "HEAD" ? "GET" : method] ?? "";
  if (path.name !== "") return verb;
  if (verb === "get") return query.flag("watch") === true ? "watch" : "list";
  return verb === "delete" ? "deletecollection" : verb;
}

/**
 * @param resource what the path names; undefined when it is not in the table
 * @throws ApiError NotFound, MethodNotAllowed
 */
export function findRoute(method: string, path: ResourcePath, query: Query, resource: ResourceInfo | undefined): Route {
  if (resource === undefined || path.rest.length > 0) throw notServed();
  const isNamespace = resource.resource === "namespaces" && resource.group === "";
  const namespace = isNamespace ? "" : path.namespace;
  if (namespace !== "" && !resource.namespaced) throw notServed();
  // Within all namespaces there are only collections.
  if (namespace === "" && resource.namespaced && path.name !== "") throw notServed();
  const subresource = findSubresource(resource, path.subresource);
  const verb = allowedVerb(method, path, query, resource, subresource);
  const selects = verb === "list" || verb === "watch" || verb === "deletecollection";
  return {
    verb,
    resource,
    subresource,
    namespace,
    name: path.name,
    fieldSelector: selects ? query.first("fieldSelector") : undefined,
  };
}

function findSubresource(resource: ResourceInfo, name: string): SubresourceInfo | undefined {
  if (name === "") return undefined;
  const found = resource.subresources.find((subresource) => subresource.name === name);
  if (found === undefined) throw notServed();
  return found;
}

function allowedVerb(
  method: string,
  path: ResourcePath,
  query: Query,
  resource: ResourceInfo,
  subresource: SubresourceInfo | undefined,
): Verb {
  if (subresource !== undefined) {
    const verb = subresourceVerbs[method];
    if (verb === undefined || !subresource.verbs.includes(verb)) throw wrongMethod();
    return verb;
  }
  const verb = (path.name === "" ? collectionVerbs : objectVerbs)[method];
  if (verb === undefined || !resource.verbs.includes(verb)) throw wrongMethod();
  // Objects are made and deleted within a namespace; only listing works across all.
  if (resource.namespaced && path.namespace === "" && verb !== "list") throw wrongMethod();
  return verb === "list" && query.flag("watch") === true ? "watch" : verb;
}

export function requestInfo(route: Route, user: UserInfo): RequestInfo {
  const { verb, resource, namespace, name, fieldSelector } = route;
  return {
    verb,
    resource,
    subresource: route.subresource?.name ?? "",
    namespace,
    name,
    ...(fieldSelector !== undefined && { fieldSelector }),
    user,
  };
}
