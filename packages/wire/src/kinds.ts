import * as k8s from "../gen/k8s.js";
import { createKind, type Kind } from "./codec.ts";
import { CodecError } from "./codec-error.ts";

/** Every kind that has a codec, by name; the Event of events.k8s.io is EventsEvent. */
export interface Kinds {
  readonly Node: Kind<k8s.Node>;
  readonly Pod: Kind<k8s.Pod>;
  readonly Binding: Kind<k8s.Binding>;
  readonly Event: Kind<k8s.Event>;
  readonly Namespace: Kind<k8s.Namespace>;
  readonly ServiceAccount: Kind<k8s.ServiceAccount>;
  readonly ConfigMap: Kind<k8s.ConfigMap>;
  readonly Secret: Kind<k8s.Secret>;
  readonly Service: Kind<k8s.Service>;
  readonly Endpoints: Kind<k8s.Endpoints>;
  readonly ReplicationController: Kind<k8s.ReplicationController>;
  readonly PersistentVolumeClaim: Kind<k8s.PersistentVolumeClaim>;
  readonly PersistentVolume: Kind<k8s.PersistentVolume>;
  readonly PodTemplate: Kind<k8s.PodTemplate>;
  readonly ResourceQuota: Kind<k8s.ResourceQuota>;
  readonly LimitRange: Kind<k8s.LimitRange>;
  readonly Status: Kind<k8s.Status>;
  readonly Lease: Kind<k8s.Lease>;
  readonly CSINode: Kind<k8s.CSINode>;
  readonly CSIDriver: Kind<k8s.CSIDriver>;
  readonly StorageClass: Kind<k8s.StorageClass>;
  readonly VolumeAttachment: Kind<k8s.VolumeAttachment>;
  readonly RuntimeClass: Kind<k8s.RuntimeClass>;
  readonly EventsEvent: Kind<k8s.EventsEvent>;
  readonly TokenRequest: Kind<k8s.TokenRequest>;
  readonly TokenReview: Kind<k8s.TokenReview>;
  readonly SelfSubjectReview: Kind<k8s.SelfSubjectReview>;
  readonly SubjectAccessReview: Kind<k8s.SubjectAccessReview>;
  readonly LocalSubjectAccessReview: Kind<k8s.LocalSubjectAccessReview>;
  readonly SelfSubjectAccessReview: Kind<k8s.SelfSubjectAccessReview>;
  readonly SelfSubjectRulesReview: Kind<k8s.SelfSubjectRulesReview>;
  readonly CertificateSigningRequest: Kind<k8s.CertificateSigningRequest>;
  readonly EndpointSlice: Kind<k8s.EndpointSlice>;
  readonly Deployment: Kind<k8s.Deployment>;
  readonly ReplicaSet: Kind<k8s.ReplicaSet>;
  readonly StatefulSet: Kind<k8s.StatefulSet>;
  readonly DaemonSet: Kind<k8s.DaemonSet>;
  readonly ControllerRevision: Kind<k8s.ControllerRevision>;
  readonly Scale: Kind<k8s.Scale>;
  readonly Job: Kind<k8s.Job>;
  readonly CronJob: Kind<k8s.CronJob>;
  readonly Eviction: Kind<k8s.Eviction>;
  readonly PodDisruptionBudget: Kind<k8s.PodDisruptionBudget>;
  readonly ResourceSlice: Kind<k8s.ResourceSlice>;
  readonly PriorityClass: Kind<k8s.PriorityClass>;
  readonly ClusterRole: Kind<k8s.ClusterRole>;
  readonly ClusterRoleBinding: Kind<k8s.ClusterRoleBinding>;
  readonly Role: Kind<k8s.Role>;
  readonly RoleBinding: Kind<k8s.RoleBinding>;
  readonly PartialObjectMetadata: Kind<k8s.PartialObjectMetadata>;
  readonly DeleteOptions: Kind<k8s.DeleteOptions>;
}

/** The codecs: the only door to the generated code. */
export const kinds: Kinds = {
  Node: createKind("v1", "Node", k8s.encodeNode, k8s.decodeNode),
  Pod: createKind("v1", "Pod", k8s.encodePod, k8s.decodePod),
  Binding: createKind("v1", "Binding", k8s.encodeBinding, k8s.decodeBinding),
  Event: createKind("v1", "Event", k8s.encodeEvent, k8s.decodeEvent),
  Namespace: createKind("v1", "Namespace", k8s.encodeNamespace, k8s.decodeNamespace),
  ServiceAccount: createKind("v1", "ServiceAccount", k8s.encodeServiceAccount, k8s.decodeServiceAccount),
  ConfigMap: createKind("v1", "ConfigMap", k8s.encodeConfigMap, k8s.decodeConfigMap),
  Secret: createKind("v1", "Secret", k8s.encodeSecret, k8s.decodeSecret),
  Service: createKind("v1", "Service", k8s.encodeService, k8s.decodeService),
  Endpoints: createKind("v1", "Endpoints", k8s.encodeEndpoints, k8s.decodeEndpoints),
  ReplicationController: createKind(
    "v1",
    "ReplicationController",
    k8s.encodeReplicationController,
    k8s.decodeReplicationController,
  ),
  PersistentVolumeClaim: createKind(
    "v1",
    "PersistentVolumeClaim",
    k8s.encodePersistentVolumeClaim,
    k8s.decodePersistentVolumeClaim,
  ),
  PersistentVolume: createKind("v1", "PersistentVolume", k8s.encodePersistentVolume, k8s.decodePersistentVolume),
  PodTemplate: createKind("v1", "PodTemplate", k8s.encodePodTemplate, k8s.decodePodTemplate),
  ResourceQuota: createKind("v1", "ResourceQuota", k8s.encodeResourceQuota, k8s.decodeResourceQuota),
  LimitRange: createKind("v1", "LimitRange", k8s.encodeLimitRange, k8s.decodeLimitRange),
  Status: createKind("v1", "Status", k8s.encodeStatus, k8s.decodeStatus),
  Lease: createKind("coordination.k8s.io/v1", "Lease", k8s.encodeLease, k8s.decodeLease),
  CSINode: createKind("storage.k8s.io/v1", "CSINode", k8s.encodeCSINode, k8s.decodeCSINode),
  CSIDriver: createKind("storage.k8s.io/v1", "CSIDriver", k8s.encodeCSIDriver, k8s.decodeCSIDriver),
  StorageClass: createKind("storage.k8s.io/v1", "StorageClass", k8s.encodeStorageClass, k8s.decodeStorageClass),
  VolumeAttachment: createKind(
    "storage.k8s.io/v1",
    "VolumeAttachment",
    k8s.encodeVolumeAttachment,
    k8s.decodeVolumeAttachment,
  ),
  RuntimeClass: createKind("node.k8s.io/v1", "RuntimeClass", k8s.encodeRuntimeClass, k8s.decodeRuntimeClass),
  EventsEvent: createKind("events.k8s.io/v1", "Event", k8s.encodeEventsEvent, k8s.decodeEventsEvent),
  TokenRequest: createKind("authentication.k8s.io/v1", "TokenRequest", k8s.encodeTokenRequest, k8s.decodeTokenRequest),
  TokenReview: createKind("authentication.k8s.io/v1", "TokenReview", k8s.encodeTokenReview, k8s.decodeTokenReview),
  SelfSubjectReview: createKind(
    "authentication.k8s.io/v1",
    "SelfSubjectReview",
    k8s.encodeSelfSubjectReview,
    k8s.decodeSelfSubjectReview,
  ),
  SubjectAccessReview: createKind(
    "authorization.k8s.io/v1",
    "SubjectAccessReview",
    k8s.encodeSubjectAccessReview,
    k8s.decodeSubjectAccessReview,
  ),
  LocalSubjectAccessReview: createKind(
    "authorization.k8s.io/v1",
    "LocalSubjectAccessReview",
    k8s.encodeLocalSubjectAccessReview,
    k8s.decodeLocalSubjectAccessReview,
  ),
  SelfSubjectAccessReview: createKind(
    "authorization.k8s.io/v1",
    "SelfSubjectAccessReview",
    k8s.encodeSelfSubjectAccessReview,
    k8s.decodeSelfSubjectAccessReview,
  ),
  SelfSubjectRulesReview: createKind(
    "authorization.k8s.io/v1",
    "SelfSubjectRulesReview",
    k8s.encodeSelfSubjectRulesReview,
    k8s.decodeSelfSubjectRulesReview,
  ),
  CertificateSigningRequest: createKind(
    "certificates.k8s.io/v1",
    "CertificateSigningRequest",
    k8s.encodeCertificateSigningRequest,
    k8s.decodeCertificateSigningRequest,
  ),
  EndpointSlice: createKind("discovery.k8s.io/v1", "EndpointSlice", k8s.encodeEndpointSlice, k8s.decodeEndpointSlice),
  Deployment: createKind("apps/v1", "Deployment", k8s.encodeDeployment, k8s.decodeDeployment),
  ReplicaSet: createKind("apps/v1", "ReplicaSet", k8s.encodeReplicaSet, k8s.decodeReplicaSet),
  StatefulSet: createKind("apps/v1", "StatefulSet", k8s.encodeStatefulSet, k8s.decodeStatefulSet),
  DaemonSet: createKind("apps/v1", "DaemonSet", k8s.encodeDaemonSet, k8s.decodeDaemonSet),
  ControllerRevision: createKind(
    "apps/v1",
    "ControllerRevision",
    k8s.encodeControllerRevision,
    k8s.decodeControllerRevision,
  ),
  Scale: createKind("autoscaling/v1", "Scale", k8s.encodeScale, k8s.decodeScale),
  Job: createKind("batch/v1", "Job", k8s.encodeJob, k8s.decodeJob),
  CronJob: createKind("batch/v1", "CronJob", k8s.encodeCronJob, k8s.decodeCronJob),
  Eviction: createKind("policy/v1", "Eviction", k8s.encodeEviction, k8s.decodeEviction),
  PodDisruptionBudget: createKind(
    "policy/v1",
    "PodDisruptionBudget",
    k8s.encodePodDisruptionBudget,
    k8s.decodePodDisruptionBudget,
  ),
  ResourceSlice: createKind("resource.k8s.io/v1", "ResourceSlice", k8s.encodeResourceSlice, k8s.decodeResourceSlice),
  PriorityClass: createKind("scheduling.k8s.io/v1", "PriorityClass", k8s.encodePriorityClass, k8s.decodePriorityClass),
  ClusterRole: createKind("rbac.authorization.k8s.io/v1", "ClusterRole", k8s.encodeClusterRole, k8s.decodeClusterRole),
  ClusterRoleBinding: createKind(
    "rbac.authorization.k8s.io/v1",
    "ClusterRoleBinding",
    k8s.encodeClusterRoleBinding,
    k8s.decodeClusterRoleBinding,
  ),
  Role: createKind("rbac.authorization.k8s.io/v1", "Role", k8s.encodeRole, k8s.decodeRole),
  RoleBinding: createKind("rbac.authorization.k8s.io/v1", "RoleBinding", k8s.encodeRoleBinding, k8s.decodeRoleBinding),
  PartialObjectMetadata: createKind(
    "meta.k8s.io/v1",
    "PartialObjectMetadata",
    k8s.encodePartialObjectMetadata,
    k8s.decodePartialObjectMetadata,
  ),
  DeleteOptions: createKind("v1", "DeleteOptions", k8s.encodeDeleteOptions, k8s.decodeDeleteOptions),
};

const byType: ReadonlyMap<string, Kind<unknown>> = new Map(
  Object.values(kinds).map((kind: Kind<unknown>) => [typeKey(kind.apiVersion, kind.kind), kind]),
);

function typeKey(apiVersion: string, kind: string): string {
  return `${apiVersion}/${kind}`;
}

/** The codec for what an envelope names, if there is one. */
export function findKind(apiVersion: string, kind: string): Kind<unknown> | undefined {
  return byType.get(typeKey(apiVersion, kind));
}

/**
 * The codec for what an envelope names.
 * @throws CodecError `unknown-kind`
 */
export function kindFor(apiVersion: string, kind: string): Kind<unknown> {
  const found = findKind(apiVersion, kind);
  if (found === undefined) throw new CodecError("unknown-kind", `no codec for ${kind} of ${apiVersion}`);
  return found;
}
