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

/** What pages are booked as, by path; what is not named is not booked. */
const pageNames: Readonly<Record<string, { readonly subresource: string; readonly component: string }>> = {
  "/healthz": { subresource: "/healthz", component: "" },
  "/livez": { subresource: "/livez", component: "" },
  "/readyz": { subresource: "/readyz", component: "" },
  "/openapi/v3": { subresource: "openapi/v3", component: "" },
  "/api": { subresource: "api", component: "apiserver" },
  "/apis": { subresource: "apis", component: "apiserver" },
};

export function pageLabels(method: string, path: string): RequestLabels | undefined {
  const page = Object.hasOwn(pageNames, path) ? pageNames[path] : undefined;
  return page && { ...refusedPageLabels(method), ...page };
}

/** Refused pages are booked without their path. */
export function refusedPageLabels(method: string): RequestLabels {
  const verb = method === "GET" || method === "HEAD" ? "GET" : reportedMethods.has(method) ? method : "other";
  const none = { group: "", version: "", resource: "", subresource: "", scope: "", dryRun: "" };
  return { ...none, component: "apiserver", verb };
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
