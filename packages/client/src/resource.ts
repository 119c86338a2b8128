import {
  type CertificateSigningRequest,
  type ClusterRole,
  type ClusterRoleBinding,
  type ConfigMap,
  type ControllerRevision,
  type CronJob,
  type CSIDriver,
  type CSINode,
  type DaemonSet,
  type Deployment,
  type EndpointSlice,
  type Endpoints,
  type Event,
  type EventsEvent,
  type Job,
  type Kind,
  kinds,
  type Lease,
  type LimitRange,
  type Namespace,
  type Node,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
  type PodDisruptionBudget,
  type PriorityClass,
  type ReplicaSet,
  type ReplicationController,
  type ResourceQuota,
  type ResourceSlice,
  type Role,
  type RoleBinding,
  type RuntimeClass,
  type Secret,
  type Service,
  type ServiceAccount,
  type StatefulSet,
  type StorageClass,
  type VolumeAttachment,
} from "@hollowfleet/wire";

/** One built-in REST resource. `T` is its message as decoded. */
export interface Resource<T> {
  /** "" for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly kind: Kind<T>;
}

/** The resources that have a codec, under their plural names; `eventsV1` are those of events.k8s.io. */
export interface Resources {
  readonly nodes: Resource<Node>;
  readonly pods: Resource<Pod>;
  readonly namespaces: Resource<Namespace>;
  readonly serviceaccounts: Resource<ServiceAccount>;
  readonly configmaps: Resource<ConfigMap>;
  readonly secrets: Resource<Secret>;
  readonly services: Resource<Service>;
  readonly events: Resource<Event>;
  readonly persistentvolumeclaims: Resource<PersistentVolumeClaim>;
  readonly persistentvolumes: Resource<PersistentVolume>;
  readonly endpoints: Resource<Endpoints>;
  readonly replicationcontrollers: Resource<ReplicationController>;
  readonly resourcequotas: Resource<ResourceQuota>;
  readonly limitranges: Resource<LimitRange>;
  readonly leases: Resource<Lease>;
  readonly csinodes: Resource<CSINode>;
  readonly csidrivers: Resource<CSIDriver>;
  readonly storageclasses: Resource<StorageClass>;
  readonly volumeattachments: Resource<VolumeAttachment>;
  readonly runtimeclasses: Resource<RuntimeClass>;
  readonly eventsV1: Resource<EventsEvent>;
  readonly endpointslices: Resource<EndpointSlice>;
  readonly deployments: Resource<Deployment>;
  readonly replicasets: Resource<ReplicaSet>;
  readonly statefulsets: Resource<StatefulSet>;
  readonly daemonsets: Resource<DaemonSet>;
  readonly controllerrevisions: Resource<ControllerRevision>;
  readonly jobs: Resource<Job>;
  readonly cronjobs: Resource<CronJob>;
  readonly poddisruptionbudgets: Resource<PodDisruptionBudget>;
  readonly resourceslices: Resource<ResourceSlice>;
  readonly priorityclasses: Resource<PriorityClass>;
  readonly certificatesigningrequests: Resource<CertificateSigningRequest>;
  readonly clusterroles: Resource<ClusterRole>;
  readonly clusterrolebindings: Resource<ClusterRoleBinding>;
  readonly roles: Resource<Role>;
  readonly rolebindings: Resource<RoleBinding>;
}

function namespaced<T>(plural: string, kind: Kind<T>): Resource<T> {
  return { ...groupVersion(kind.apiVersion), plural, namespaced: true, kind };
}

function cluster<T>(plural: string, kind: Kind<T>): Resource<T> {
  return { ...groupVersion(kind.apiVersion), plural, namespaced: false, kind };
}

function groupVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf("/");
  return { group: apiVersion.slice(0, Math.max(0, slash)), version: apiVersion.slice(slash + 1) };
}

export const resources: Resources = {
  nodes: cluster("nodes", kinds.Node),
  pods: namespaced("pods", kinds.Pod),
  namespaces: cluster("namespaces", kinds.Namespace),
  serviceaccounts: namespaced("serviceaccounts", kinds.ServiceAccount),
  configmaps: namespaced("configmaps", kinds.ConfigMap),
  secrets: namespaced("secrets", kinds.Secret),
  services: namespaced("services", kinds.Service),
  events: namespaced("events", kinds.Event),
  persistentvolumeclaims: namespaced("persistentvolumeclaims", kinds.PersistentVolumeClaim),
  persistentvolumes: cluster("persistentvolumes", kinds.PersistentVolume),
  endpoints: namespaced("endpoints", kinds.Endpoints),
  replicationcontrollers: namespaced("replicationcontrollers", kinds.ReplicationController),
  resourcequotas: namespaced("resourcequotas", kinds.ResourceQuota),
  limitranges: namespaced("limitranges", kinds.LimitRange),
  leases: namespaced("leases", kinds.Lease),
  csinodes: cluster("csinodes", kinds.CSINode),
  csidrivers: cluster("csidrivers", kinds.CSIDriver),
  storageclasses: cluster("storageclasses", kinds.StorageClass),
  volumeattachments: cluster("volumeattachments", kinds.VolumeAttachment),
  runtimeclasses: cluster("runtimeclasses", kinds.RuntimeClass),
  eventsV1: namespaced("events", kinds.EventsEvent),
  endpointslices: namespaced("endpointslices", kinds.EndpointSlice),
  deployments: namespaced("deployments", kinds.Deployment),
  replicasets: namespaced("replicasets", kinds.ReplicaSet),
  statefulsets: namespaced("statefulsets", kinds.StatefulSet),
  daemonsets: namespaced("daemonsets", kinds.DaemonSet),
  controllerrevisions: namespaced("controllerrevisions", kinds.ControllerRevision),
  jobs: namespaced("jobs", kinds.Job),
  cronjobs: namespaced("cronjobs", kinds.CronJob),
  poddisruptionbudgets: namespaced("poddisruptionbudgets", kinds.PodDisruptionBudget),
  resourceslices: cluster("resourceslices", kinds.ResourceSlice),
  priorityclasses: cluster("priorityclasses", kinds.PriorityClass),
  certificatesigningrequests: cluster("certificatesigningrequests", kinds.CertificateSigningRequest),
  clusterroles: cluster("clusterroles", kinds.ClusterRole),
  clusterrolebindings: cluster("clusterrolebindings", kinds.ClusterRoleBinding),
  roles: namespaced("roles", kinds.Role),
  rolebindings: namespaced("rolebindings", kinds.RoleBinding),
};

/**
 * The path of a collection, or of one object and its subresource
 * (k8s.io/apiserver/pkg/endpoints/installer.go: /api/v1 for the core group, else /apis/<group>/<version>).
 */
export function resourcePath(
  resource: Resource<unknown>,
  where: {
    readonly namespace?: string | undefined;
    readonly name?: string | undefined;
    readonly subresource?: string | undefined;
  },
): string {
  const base = resource.group === "" ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  const namespace = resource.namespaced && where.namespace ? `/namespaces/${segment(where.namespace)}` : "";
  const name = where.name === undefined ? "" : `/${segment(where.name)}`;
  const subresource = where.subresource ? `/${where.subresource}` : "";
  return `${base}${namespace}/${resource.plural}${name}${subresource}`;
}

/** Names of RBAC objects hold colons, which Go leaves as they are. */
function segment(text: string): string {
  // Nearly all names are DNS labels.
  return /^[a-z0-9.-]+$/.test(text) ? text : encodeURIComponent(text).replaceAll("%3A", ":");
}
