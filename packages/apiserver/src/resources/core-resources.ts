import type { ResourceInfo } from "./resource-info.ts";
import { part, resourcesOf, scale, status } from "./resource-rows.ts";

/**
 * The core group, after api/discovery/api__v1.json of Kubernetes 1.36. Left out: componentstatuses, and what
 * needs a connection through to the node or would need a resize: attach, exec, portforward, proxy, resize.
 */
export const coreResources: readonly ResourceInfo[] = resourcesOf("", "v1", [
  { resource: "bindings", kind: "Binding", verbs: ["create"] },
  { resource: "configmaps", kind: "ConfigMap", short: ["cm"] },
  { resource: "endpoints", kind: "Endpoints", short: ["ep"] },
  { resource: "events", kind: "Event", short: ["ev"] },
  { resource: "limitranges", kind: "LimitRange", short: ["limits"] },
  {
    resource: "namespaces",
    kind: "Namespace",
    short: ["ns"],
    clusterScoped: true,
    verbs: ["create", "delete", "get", "list", "patch", "update", "watch"],
    subresources: [{ name: "finalize", kind: "Namespace", verbs: ["update"] }, status("Namespace")],
  },
  { resource: "nodes", kind: "Node", short: ["no"], clusterScoped: true, subresources: [status("Node")] },
  {
    resource: "persistentvolumeclaims",
    kind: "PersistentVolumeClaim",
    short: ["pvc"],
    subresources: [status("PersistentVolumeClaim")],
  },
  {
    resource: "persistentvolumes",
    kind: "PersistentVolume",
    short: ["pv"],
    clusterScoped: true,
    subresources: [status("PersistentVolume")],
  },
  {
    resource: "pods",
    kind: "Pod",
    short: ["po"],
    all: true,
    subresources: [
      { name: "binding", kind: "Binding", verbs: ["create"] },
      part("ephemeralcontainers", "Pod"),
      { name: "eviction", kind: "Eviction", group: "policy", version: "v1", verbs: ["create"] },
      { name: "log", kind: "Pod", verbs: ["get"] },
      status("Pod"),
    ],
  },
  { resource: "podtemplates", kind: "PodTemplate" },
  {
    resource: "replicationcontrollers",
    kind: "ReplicationController",
    short: ["rc"],
    all: true,
    subresources: [scale, status("ReplicationController")],
  },
  {
    resource: "resourcequotas",
    kind: "ResourceQuota",
    short: ["quota"],
    subresources: [status("ResourceQuota")],
  },
  { resource: "secrets", kind: "Secret" },
  {
    resource: "serviceaccounts",
    kind: "ServiceAccount",
    short: ["sa"],
    subresources: [
      { name: "token", kind: "TokenRequest", group: "authentication.k8s.io", version: "v1", verbs: ["create"] },
    ],
  },
  { resource: "services", kind: "Service", short: ["svc"], all: true, subresources: [status("Service")] },
]);
