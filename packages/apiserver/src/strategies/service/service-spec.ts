import type { json } from "@hollowfleet/wire";

// Questions about a Service's spec (pkg/api/service/util.go, pkg/registry/core/service/strategy.go).

/** The address that says: none. */
export const headless = "None";

export function isHeadless({ clusterIPs = [] }: json.ServiceSpec): boolean {
  return clusterIPs.length === 1 && clusterIPs[0] === headless;
}

export function needsClusterIp({ type }: json.ServiceSpec): boolean {
  return type !== "ExternalName";
}

export function needsNodePort({ type, allocateLoadBalancerNodePorts }: json.ServiceSpec): boolean {
  return type === "NodePort" || (type === "LoadBalancer" && allocateLoadBalancerNodePorts !== false);
}

export function isExternallyAccessible({ type, externalIPs = [] }: json.ServiceSpec): boolean {
  return type === "LoadBalancer" || type === "NodePort" || (type === "ClusterIP" && externalIPs.length > 0);
}

export function needsHealthCheck({ type, externalTrafficPolicy }: json.ServiceSpec): boolean {
  return type === "LoadBalancer" && externalTrafficPolicy === "Local";
}
