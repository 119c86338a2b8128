import type { Query } from "../routing/query.ts";
import type { ResourcePath } from "../routing/request-path.ts";

/** What one request is booked under; versions, scopes and verbs in the words of endpoints/metrics/metrics.go. */
export interface RequestLabels {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  /** GET, LIST, WATCH, POST, PUT, PATCH, DELETE, APPLY, CONNECT or other. */
  readonly verb: string;
  /** "resource", "namespace", "cluster" or "". */
  readonly scope: string;
  /** "apiserver"; "" for health checks. */
  readonly component: string;
  /** "", "All" or "invalid". */
  readonly dryRun: string;
}

const reportedMethods: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "DELETE"]);
const connectSubresources: ReadonlySet<string> = new Set(["log", "exec", "portforward", "attach", "proxy"]);

/**
 * @param path that of a resource
 * @param contentType tells a server-side apply from other patches
 */
export function resourceLabels(
  method: string,
  path: ResourcePath,
  query: Query,
  contentType: string | undefined,
): RequestLabels {
  const { group, version, resource, subresource } = path;
  const scope = scopeOf(method, path);
  return {
    group,
    version,
    resource,
    subresource,
    verb: verbOf(method, scope, subresource, query, contentType),
    scope,
    component: "apiserver",
    dryRun: dryRunOf(query),
  };
}

/** @param path booked as the subresource, as upstream */
export function healthLabels(path: string): RequestLabels {
  const none = { group: "", version: "", resource: "", scope: "", component: "", dryRun: "" };
  return { ...none, subresource: path, verb: "GET" };
}

function scopeOf(method: string, { name, namespace }: ResourcePath): string {
  if (name !== "" || method === "POST") return "resource";
  return namespace !== "" ? "namespace" : "cluster";
}

function verbOf(
  method: string,
  scope: string,
  subresource: string,
  query: Query,
  contentType: string | undefined,
): string {
  if (connectSubresources.has(subresource)) return "CONNECT";
  if (method === "GET" || method === "HEAD") {
    if (method === "GET" && query.flag("watch") === true) return "WATCH";
    return scope === "resource" ? "GET" : "LIST";
  }
  if (method === "PATCH" && contentType === "application/apply-patch+yaml") return "APPLY";
  return reportedMethods.has(method) ? method : "other";
}

function dryRunOf(query: Query): string {
  const values = query.all("dryRun");
  if (values.length === 0) return "";
  return values.every((value) => value === "All") ? "All" : "invalid";
}
