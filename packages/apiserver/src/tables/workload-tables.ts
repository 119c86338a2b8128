import {
  formatLabelRequirements,
  formatLabelSelector,
  type json,
  labelSelectorRequirements,
  SelectorError,
} from "@hollowfleet/wire";
import {
  ageColumn,
  column,
  containersColumn,
  imagesColumn,
  integerColumn,
  labelsText,
  nameColumn,
  type Printer,
  selectorColumn,
} from "./printer.ts";

// Columns and cells of what runs pods (pkg/printers/internalversion/printers.go).

/** Cells of the columns Containers and Images. */
export function templateCells(template: json.PodTemplateSpec | undefined): [names: string, images: string] {
  const containers = template?.spec?.containers ?? [];
  return [containers.map(({ name }) => name ?? "").join(","), containers.map(({ image }) => image ?? "").join(",")];
}

const templateColumns = [containersColumn, imagesColumn, selectorColumn];

/** printDeployment */
export const deploymentPrinter: Printer<json.Deployment> = {
  columns: [
    nameColumn,
    column("Ready", "Ready pods, of those that are wanted."),
    column("Up-to-date", "Pods made of the current template."),
    column("Available", "Pods that have been ready long enough."),
    ageColumn,
    ...templateColumns,
  ],
  cells({ metadata = {}, spec, status = {} }, now) {
    return [
      metadata.name ?? "",
      `${status.readyReplicas ?? 0}/${spec?.replicas ?? 0}`,
      status.updatedReplicas ?? 0,
      status.availableReplicas ?? 0,
      now.since(metadata.creationTimestamp),
      ...templateCells(spec?.template),
      deploymentSelector(spec?.selector),
    ];
  },
};

/** Unlike other kinds, deployments show nothing for an empty selector. */
function deploymentSelector(selector: json.LabelSelector | undefined): string {
  if (selector === undefined) return "";
  try {
    return formatLabelRequirements(labelSelectorRequirements(selector));
  } catch (error) {
    if (error instanceof SelectorError) return "<invalid>";
    throw error;
  }
}

const replicaColumns = [
  nameColumn,
  integerColumn("Desired", "Pods that are wanted."),
  integerColumn("Current", "Pods that exist."),
  integerColumn("Ready", "Pods that are ready."),
  ageColumn,
  ...templateColumns,
];

/** printReplicaSet */
export const replicaSetPrinter: Printer<json.ReplicaSet> = {
  columns: replicaColumns,
  cells: ({ metadata = {}, spec, status }, now) => [
    metadata.name ?? "",
    spec?.replicas ?? 0,
    status?.replicas ?? 0,
    status?.readyReplicas ?? 0,
    now.since(metadata.creationTimestamp),
    ...templateCells(spec?.template),
    formatLabelSelector(spec?.selector),
  ],
};

/** printReplicationController */
export const replicationControllerPrinter: Printer<json.ReplicationController> = {
  columns: replicaColumns,
  cells: ({ metadata = {}, spec, status }, now) => [
    metadata.name ?? "",
    spec?.replicas ?? 0,
    status?.replicas ?? 0,
    status?.readyReplicas ?? 0,
    now.since(metadata.creationTimestamp),
    ...templateCells(spec?.template),
    labelsText(spec?.selector),
  ],
};

/** printStatefulSet */
export const statefulSetPrinter: Printer<json.StatefulSet> = {
  columns: [
    nameColumn,
    column("Ready", "Ready pods, of those that are wanted."),
    ageColumn,
    containersColumn,
    imagesColumn,
  ],
  cells: ({ metadata = {}, spec, status }, now) => [
    metadata.name ?? "",
    `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`,
    now.since(metadata.creationTimestamp),
    ...templateCells(spec?.template),
  ],
};

/** printDaemonSet */
export const daemonSetPrinter: Printer<json.DaemonSet> = {
  columns: [
    nameColumn,
    integerColumn("Desired", "Nodes that should run a pod."),
    integerColumn("Current", "Nodes that run a pod and should."),
    integerColumn("Ready", "Nodes whose pod is ready."),
    integerColumn("Up-to-date", "Nodes whose pod is made of the current template."),
    integerColumn("Available", "Nodes whose pod has been ready long enough."),
    column("Node Selector", "Labels by which nodes are chosen."),
    ageColumn,
    ...templateColumns,
  ],
  cells: ({ metadata = {}, spec, status }, now) => [
    metadata.name ?? "",
    status?.desiredNumberScheduled ?? 0,
    status?.currentNumberScheduled ?? 0,
    status?.numberReady ?? 0,
    status?.updatedNumberScheduled ?? 0,
    status?.numberAvailable ?? 0,
    labelsText(spec?.template?.spec?.nodeSelector),
    now.since(metadata.creationTimestamp),
    ...templateCells(spec?.template),
    formatLabelSelector(spec?.selector),
  ],
};

/** printControllerRevision */
export const controllerRevisionPrinter: Printer<json.ControllerRevision> = {
  columns: [
    nameColumn,
    column("Controller", "What the revision belongs to."),
    column("Revision", "Number of the revision."),
    ageColumn,
  ],
  cells: ({ metadata = {}, revision }, now) => [
    metadata.name ?? "",
    ownerText(metadata.ownerReferences),
    revision ?? 0,
    now.since(metadata.creationTimestamp),
  ],
};

/** `daemonset.apps/web` */
function ownerText(owners: readonly json.OwnerReference[] | undefined): string {
  const owner = owners?.find(({ controller }) => controller);
  if (owner === undefined) return "<none>";
  const { apiVersion = "", kind = "", name = "" } = owner;
  const group = apiVersion.includes("/") ? `.${apiVersion.slice(0, apiVersion.indexOf("/"))}` : "";
  return `${kind}${group}`.toLowerCase() + (kind === "" && group === "" ? name : `/${name}`);
}
