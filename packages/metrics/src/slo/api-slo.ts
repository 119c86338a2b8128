import type { SloKey } from "../verdict.ts";

/**
 * The official API call SLO (kubernetes/community sig-scalability/slos/api_call_latency.md): for every (resource, verb)
 * of mutating calls on single objects and every (resource, scope) of read-only calls, 99 % within these limits, in µs.
 */
export const apiLimitsUs = {
  mutating: 1_000_000,
  readResource: 1_000_000,
  readNamespace: 30_000_000,
  readCluster: 30_000_000,
} as const;

/** Pods: created → started and observed by a watch (slos/pod_startup_latency.md). */
export const podStartupLimitUs = 5_000_000;

/** The share of calls that may be over a limit, as a p99 is judged; in one place so that both verdicts agree. */
export function withinP99(count: number, overLimit: number): boolean {
  return overLimit * 100 <= count;
}

/** Below this there is no p99 to speak of. */
export const minSamples = 100;

const mutatingVerbs: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "APPLY", "DELETE"]);
const readVerbs: ReadonlySet<string> = new Set(["GET", "LIST"]);

/** Long-running subresources: they stream, so that their time is no processing time. */
const streamed: ReadonlySet<string> = new Set(["log", "exec", "portforward", "attach", "proxy"]);

/**
 * API groups that kube-apiserver serves itself. Other groups are custom resources or aggregated, which the SLO leaves
 * out; a list is needed because both kinds use the k8s.io domain as well.
 */
const builtinGroups: ReadonlySet<string> = new Set([
  "",
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "apiregistration.k8s.io",
  "apps",
  "autoscaling",
  "batch",
  "certificates.k8s.io",
  "coordination.k8s.io",
  "discovery.k8s.io",
  "events.k8s.io",
  "extensions",
  "flowcontrol.apiserver.k8s.io",
  "internal.apiserver.k8s.io",
  "networking.k8s.io",
  "node.k8s.io",
  "policy",
  "rbac.authorization.k8s.io",
  "resource.k8s.io",
  "scheduling.k8s.io",
  "storage.k8s.io",
  "storagemigration.k8s.io",
]);

/** The row that a series of requests belongs to, with its limit; undefined where the SLO does not cover it. */
export function apiSloRow(series: SloKey): { readonly key: SloKey; readonly limitUs: number } | undefined {
  const { group, resource, subresource, verb, scope } = series;
  if (resource === "" || streamed.has(subresource) || !builtinGroups.has(group)) return undefined;
  // Virtual resources are computed, not stored. Their groups (authentication, authorization) are not in the list above.
  if (resource === "componentstatuses") return undefined;
  if (mutatingVerbs.has(verb)) {
    if (scope !== "resource") return undefined;
    return { key: { group, resource, subresource, verb, scope }, limitUs: apiLimitsUs.mutating };
  }
  if (!readVerbs.has(verb)) return undefined;
  const limitUs = readLimitUs(scope);
  return limitUs === undefined ? undefined : { key: { group, resource, subresource, verb, scope }, limitUs };
}

function readLimitUs(scope: string): number | undefined {
  if (scope === "resource") return apiLimitsUs.readResource;
  if (scope === "namespace") return apiLimitsUs.readNamespace;
  return scope === "cluster" ? apiLimitsUs.readCluster : undefined;
}
