/** A body to be created, and where. */
export interface Manifest {
  /** Unique. */
  readonly title: string;
  /** Of the collection; `{ns}` is a namespace that exists. */
  readonly path: string;
  readonly body: { readonly apiVersion: string; readonly kind: string; readonly [member: string]: unknown };
}

const collections: Readonly<Record<string, string>> = {
  ClusterRole: "clusterroles",
  ClusterRoleBinding: "clusterrolebindings",
  ConfigMap: "configmaps",
  ControllerRevision: "controllerrevisions",
  CronJob: "cronjobs",
  CSIDriver: "csidrivers",
  CSINode: "csinodes",
  DaemonSet: "daemonsets",
  Deployment: "deployments",
  EndpointSlice: "endpointslices",
  Endpoints: "endpoints",
  Event: "events",
  Job: "jobs",
  Lease: "leases",
  LimitRange: "limitranges",
  Namespace: "namespaces",
  Node: "nodes",
  PersistentVolume: "persistentvolumes",
  PersistentVolumeClaim: "persistentvolumeclaims",
  Pod: "pods",
  PodDisruptionBudget: "poddisruptionbudgets",
  PodTemplate: "podtemplates",
  PriorityClass: "priorityclasses",
  ReplicaSet: "replicasets",
  ReplicationController: "replicationcontrollers",
  ResourceQuota: "resourcequotas",
  ResourceSlice: "resourceslices",
  Role: "roles",
  RoleBinding: "rolebindings",
  RuntimeClass: "runtimeclasses",
  Secret: "secrets",
  Service: "services",
  ServiceAccount: "serviceaccounts",
  StatefulSet: "statefulsets",
  StorageClass: "storageclasses",
  VolumeAttachment: "volumeattachments",
};

const clusterScoped = new Set([
  "ClusterRole",
  "ClusterRoleBinding",
  "CSIDriver",
  "CSINode",
  "Namespace",
  "Node",
  "PersistentVolume",
  "PriorityClass",
  "ResourceSlice",
  "RuntimeClass",
  "StorageClass",
  "VolumeAttachment",
]);

/** @param members everything but apiVersion, kind and a metadata.name, which is "x" unless given */
export function manifest(
  title: string,
  apiVersion: string,
  kind: string,
  members: Readonly<Record<string, unknown>> = {},
): Manifest {
  const base = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = clusterScoped.has(kind) ? "" : "/namespaces/{ns}";
  const { metadata = {}, ...rest } = members;
  return {
    title: `${kind}: ${title}`,
    path: `${base}${scope}/${collections[kind]}`,
    body: { apiVersion, kind, metadata: { name: "x", ...(metadata as object) }, ...rest },
  };
}

/** A pod with one container, to which and around which more is said. */
export function podWith(title: string, container: object, spec: object = {}, metadata: object = {}): Manifest {
  const containers = [{ name: "c", image: "app:1", ...container }];
  return manifest(title, "v1", "Pod", { metadata, spec: { containers, ...spec } });
}

/** Selector and template of a workload that agree, with more said of either. */
export function workloadSpec(spec: object = {}, podSpec: object = {}): object {
  const containers = [{ name: "c", image: "app:1" }];
  return {
    selector: { matchLabels: { app: "a" } },
    template: { metadata: { labels: { app: "a" } }, spec: { containers, ...podSpec } },
    ...spec,
  };
}
