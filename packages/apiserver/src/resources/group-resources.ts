import type { ResourceInfo } from "./resource-info.ts";
import { part, resourcesOf, scale, status } from "./resource-rows.ts";

/** The named groups in the order of /apis, after api/discovery of Kubernetes 1.36. */
export const groupResources: readonly ResourceInfo[] = [
  ...resourcesOf("apps", "v1", [
    { resource: "controllerrevisions", kind: "ControllerRevision" },
    { resource: "daemonsets", kind: "DaemonSet", short: ["ds"], all: true, subresources: [status("DaemonSet")] },
    {
      resource: "deployments",
      kind: "Deployment",
      short: ["deploy"],
      all: true,
      subresources: [scale, status("Deployment")],
    },
    {
      resource: "replicasets",
      kind: "ReplicaSet",
      short: ["rs"],
      all: true,
      subresources: [scale, status("ReplicaSet")],
    },
    {
      resource: "statefulsets",
      kind: "StatefulSet",
      short: ["sts"],
      all: true,
      subresources: [scale, status("StatefulSet")],
    },
  ]),
  ...resourcesOf("events.k8s.io", "v1", [
    // One storage under two names: see verbs/event-forms.ts.
    { resource: "events", kind: "Event", short: ["ev"], storageKey: "events" },
  ]),
  ...resourcesOf("authentication.k8s.io", "v1", [
    { resource: "selfsubjectreviews", kind: "SelfSubjectReview", clusterScoped: true, verbs: ["create"] },
    { resource: "tokenreviews", kind: "TokenReview", clusterScoped: true, verbs: ["create"] },
  ]),
  ...resourcesOf("authorization.k8s.io", "v1", [
    { resource: "localsubjectaccessreviews", kind: "LocalSubjectAccessReview", verbs: ["create"] },
    { resource: "selfsubjectaccessreviews", kind: "SelfSubjectAccessReview", clusterScoped: true, verbs: ["create"] },
    { resource: "subjectaccessreviews", kind: "SubjectAccessReview", clusterScoped: true, verbs: ["create"] },
  ]),
  ...resourcesOf("batch", "v1", [
    { resource: "cronjobs", kind: "CronJob", short: ["cj"], all: true, subresources: [status("CronJob")] },
    { resource: "jobs", kind: "Job", all: true, subresources: [status("Job")] },
  ]),
  ...resourcesOf("certificates.k8s.io", "v1", [
    {
      resource: "certificatesigningrequests",
      kind: "CertificateSigningRequest",
      short: ["csr"],
      clusterScoped: true,
      subresources: [part("approval", "CertificateSigningRequest"), status("CertificateSigningRequest")],
    },
  ]),
  ...resourcesOf("policy", "v1", [
    {
      resource: "poddisruptionbudgets",
      kind: "PodDisruptionBudget",
      short: ["pdb"],
      subresources: [status("PodDisruptionBudget")],
    },
  ]),
  ...resourcesOf("rbac.authorization.k8s.io", "v1", [
    { resource: "clusterrolebindings", kind: "ClusterRoleBinding", clusterScoped: true },
    { resource: "clusterroles", kind: "ClusterRole", clusterScoped: true },
    { resource: "rolebindings", kind: "RoleBinding" },
    { resource: "roles", kind: "Role" },
  ]),
  ...resourcesOf("storage.k8s.io", "v1", [
    { resource: "csidrivers", kind: "CSIDriver", clusterScoped: true },
    { resource: "csinodes", kind: "CSINode", clusterScoped: true },
    { resource: "storageclasses", kind: "StorageClass", short: ["sc"], clusterScoped: true },
    {
      resource: "volumeattachments",
      kind: "VolumeAttachment",
      clusterScoped: true,
      subresources: [status("VolumeAttachment")],
    },
  ]),
  ...resourcesOf("scheduling.k8s.io", "v1", [
    { resource: "priorityclasses", kind: "PriorityClass", short: ["pc"], clusterScoped: true },
  ]),
  ...resourcesOf("coordination.k8s.io", "v1", [{ resource: "leases", kind: "Lease" }]),
  ...resourcesOf("node.k8s.io", "v1", [{ resource: "runtimeclasses", kind: "RuntimeClass", clusterScoped: true }]),
  ...resourcesOf("discovery.k8s.io", "v1", [{ resource: "endpointslices", kind: "EndpointSlice" }]),
  ...resourcesOf("resource.k8s.io", "v1", [{ resource: "resourceslices", kind: "ResourceSlice", clusterScoped: true }]),
];
