import { cronJobPrinter, jobPrinter } from "./batch-tables.ts";
import { configMapPrinter, namePrinter, namespacePrinter, resourceQuotaPrinter, secretPrinter } from "./core-tables.ts";
import { eventPrinter } from "./event-table.ts";
import { endpointSlicePrinter, endpointsPrinter, servicePrinter } from "./network-tables.ts";
import { nodePrinter } from "./node-table.ts";
import { podPrinter, podTemplatePrinter } from "./pod-table.ts";
import {
  certificateSigningRequestPrinter,
  leasePrinter,
  podDisruptionBudgetPrinter,
  priorityClassPrinter,
  resourceSlicePrinter,
  roleBindingPrinter,
  runtimeClassPrinter,
  scalePrinter,
} from "./policy-tables.ts";
import { type AnyPrinter, column, nameColumn } from "./printer.ts";
import {
  csiDriverPrinter,
  csiNodePrinter,
  persistentVolumeClaimPrinter,
  persistentVolumePrinter,
  storageClassPrinter,
  volumeAttachmentPrinter,
} from "./storage-tables.ts";
import {
  controllerRevisionPrinter,
  daemonSetPrinter,
  deploymentPrinter,
  replicaSetPrinter,
  replicationControllerPrinter,
  statefulSetPrinter,
} from "./workload-tables.ts";

/** By kind: the same kind of two groups, as Event, is shown in the same way. */
const printers: ReadonlyMap<string, AnyPrinter> = new Map<string, AnyPrinter>([
  ["CertificateSigningRequest", certificateSigningRequestPrinter],
  ["ClusterRoleBinding", roleBindingPrinter],
  ["ConfigMap", configMapPrinter],
  ["ControllerRevision", controllerRevisionPrinter],
  ["CronJob", cronJobPrinter],
  ["CSIDriver", csiDriverPrinter],
  ["CSINode", csiNodePrinter],
  ["DaemonSet", daemonSetPrinter],
  ["Deployment", deploymentPrinter],
  ["DeviceClass", namePrinter],
  ["Endpoints", endpointsPrinter],
  ["EndpointSlice", endpointSlicePrinter],
  ["Event", eventPrinter],
  ["Job", jobPrinter],
  ["Lease", leasePrinter],
  ["Namespace", namespacePrinter],
  ["Node", nodePrinter],
  ["PersistentVolume", persistentVolumePrinter],
  ["PersistentVolumeClaim", persistentVolumeClaimPrinter],
  ["Pod", podPrinter],
  ["PodDisruptionBudget", podDisruptionBudgetPrinter],
  ["PodTemplate", podTemplatePrinter],
  ["PriorityClass", priorityClassPrinter],
  ["ReplicaSet", replicaSetPrinter],
  ["ReplicationController", replicationControllerPrinter],
  ["ResourceClaimTemplate", namePrinter],
  ["ResourceQuota", resourceQuotaPrinter],
  ["ResourceSlice", resourceSlicePrinter],
  ["RoleBinding", roleBindingPrinter],
  ["RuntimeClass", runtimeClassPrinter],
  ["Scale", scalePrinter],
  ["Secret", secretPrinter],
  ["Service", servicePrinter],
  ["ServiceAccount", namePrinter],
  ["StatefulSet", statefulSetPrinter],
  ["StorageClass", storageClassPrinter],
  ["VolumeAttachment", volumeAttachmentPrinter],
]);

/** For kinds without columns of their own (apiserver, pkg/registry/rest/table.go): the time itself, not an age. */
const defaultPrinter: AnyPrinter = {
  columns: [nameColumn, column("Created At", "Time at which the object was created.", { type: "date" })],
  cells: ({ metadata = {} }) => [metadata.name ?? "", metadata.creationTimestamp ?? "0001-01-01T00:00:00Z"],
};

export function printerOf(kind: string): AnyPrinter {
  return printers.get(kind) ?? defaultPrinter;
}
