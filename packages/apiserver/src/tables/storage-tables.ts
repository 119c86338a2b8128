import type { json } from "@hollowfleet/wire";
import { ageColumn, booleanColumn, column, integerColumn, nameColumn, type Printer, wideColumn } from "./printer.ts";

// Columns and cells of volumes and their drivers (pkg/printers/internalversion/printers.go).

const accessModes: readonly (readonly [mode: string, short: string])[] = [
  ["ReadWriteOnce", "RWO"],
  ["ReadOnlyMany", "ROX"],
  ["ReadWriteMany", "RWX"],
  ["ReadWriteOncePod", "RWOP"],
];

function accessModesText(modes: readonly string[] = []): string {
  return accessModes
    .filter(([mode]) => modes.includes(mode))
    .map(([, short]) => short)
    .join(",");
}

const betaClassAnnotation = "volume.beta.kubernetes.io/storage-class";

function classOf({ annotations = {} }: json.ObjectMeta, storageClassName: string | undefined): string {
  return annotations[betaClassAnnotation] ?? storageClassName ?? "";
}

const accessColumn = column("Access Modes", "How nodes may mount the volume.");
const classColumn = column("StorageClass", "Storage class of the volume.");
const attributesColumn = column("VolumeAttributesClass", "Attributes class of the volume.");
const modeColumn = wideColumn("VolumeMode", "Whether the volume is a filesystem or a block device.");

/** printPersistentVolume */
export const persistentVolumePrinter: Printer<json.PersistentVolume> = {
  columns: [
    nameColumn,
    column("Capacity", "Size of the volume."),
    accessColumn,
    column("Reclaim Policy", "What becomes of the volume when its claim is gone."),
    column("Status", "Phase of the volume."),
    column("Claim", "Claim to which the volume is bound."),
    classColumn,
    attributesColumn,
    column("Reason", "Why the volume is in its phase."),
    ageColumn,
    modeColumn,
  ],
  cells: ({ metadata = {}, spec = {}, status }, now) => [
    metadata.name ?? "",
    spec.capacity?.["storage"] ?? "0",
    accessModesText(spec.accessModes),
    spec.persistentVolumeReclaimPolicy ?? "",
    metadata.deletionTimestamp === undefined ? (status?.phase ?? "") : "Terminating",
    spec.claimRef === undefined ? "" : `${spec.claimRef.namespace ?? ""}/${spec.claimRef.name ?? ""}`,
    classOf(metadata, spec.storageClassName),
    spec.volumeAttributesClassName ?? "<unset>",
    status?.reason ?? "",
    now.since(metadata.creationTimestamp),
    spec.volumeMode ?? "<unset>",
  ],
};

/** printPersistentVolumeClaim */
export const persistentVolumeClaimPrinter: Printer<json.PersistentVolumeClaim> = {
  columns: [
    nameColumn,
    column("Status", "Phase of the claim."),
    column("Volume", "Volume to which the claim is bound."),
    column("Capacity", "Size of the volume."),
    accessColumn,
    classColumn,
    attributesColumn,
    ageColumn,
    modeColumn,
  ],
  cells: ({ metadata = {}, spec = {}, status }, now) => [
    metadata.name ?? "",
    metadata.deletionTimestamp === undefined ? (status?.phase ?? "") : "Terminating",
    spec.volumeName ?? "",
    spec.volumeName ? (status?.capacity?.["storage"] ?? "0") : "",
    spec.volumeName ? accessModesText(status?.accessModes) : "",
    classOf(metadata, spec.storageClassName),
    spec.volumeAttributesClassName ?? "<unset>",
    now.since(metadata.creationTimestamp),
    spec.volumeMode ?? "<unset>",
  ],
};

const defaultAnnotations = [
  "storageclass.kubernetes.io/is-default-class",
  "storageclass.beta.kubernetes.io/is-default-class",
];

/** printStorageClass */
export const storageClassPrinter: Printer<json.StorageClass> = {
  columns: [
    nameColumn,
    column("Provisioner", "What makes volumes of the class."),
    column("ReclaimPolicy", "What becomes of a volume when its claim is gone."),
    column("VolumeBindingMode", "When volumes are made and bound."),
    column("AllowVolumeExpansion", "Whether volumes may grow."),
    ageColumn,
  ],
  cells: ({ metadata = {}, provisioner, reclaimPolicy, volumeBindingMode, allowVolumeExpansion }, now) => {
    const isDefault = defaultAnnotations.some((annotation) => metadata.annotations?.[annotation] === "true");
    return [
      `${metadata.name ?? ""}${isDefault ? " (default)" : ""}`,
      provisioner ?? "",
      reclaimPolicy ?? "Delete",
      volumeBindingMode ?? "Immediate",
      allowVolumeExpansion ?? false,
      now.since(metadata.creationTimestamp),
    ];
  },
};

/** printVolumeAttachment */
export const volumeAttachmentPrinter: Printer<json.VolumeAttachment> = {
  columns: [
    nameColumn,
    column("Attacher", "Driver that attaches the volume.", { format: "name" }),
    column("PV", "Volume that is attached."),
    column("Node", "Node to which the volume is attached."),
    booleanColumn("Attached", "Whether the volume is attached."),
    ageColumn,
  ],
  cells: ({ metadata = {}, spec, status }, now) => [
    metadata.name ?? "",
    spec?.attacher ?? "",
    spec?.source?.persistentVolumeName ?? "",
    spec?.nodeName ?? "",
    status?.attached ?? false,
    now.since(metadata.creationTimestamp),
  ],
};

/** printCSINode */
export const csiNodePrinter: Printer<json.CSINode> = {
  columns: [nameColumn, integerColumn("Drivers", "CSI drivers that the node has."), ageColumn],
  cells: ({ metadata = {}, spec }, now) => [
    metadata.name ?? "",
    spec?.drivers?.length ?? 0,
    now.since(metadata.creationTimestamp),
  ],
};

/** printCSIDriver */
export const csiDriverPrinter: Printer<json.CSIDriver> = {
  columns: [
    nameColumn,
    booleanColumn("AttachRequired", "Whether volumes must be attached before they are mounted."),
    booleanColumn("PodInfoOnMount", "Whether the driver is told of the pod."),
    booleanColumn("StorageCapacity", "Whether the driver publishes free capacity."),
    column("TokenRequests", "Audiences of the tokens that the driver gets."),
    booleanColumn("RequiresRepublish", "Whether the driver is called again and again."),
    column("Modes", "Kinds of volumes that the driver has."),
    ageColumn,
  ],
  cells: ({ metadata = {}, spec = {} }, now) => [
    metadata.name ?? "",
    spec.attachRequired ?? true,
    spec.podInfoOnMount ?? false,
    spec.storageCapacity ?? false,
    spec.tokenRequests?.map(({ audience }) => audience ?? "").join(",") ?? "<unset>",
    spec.requiresRepublish ?? false,
    spec.volumeLifecycleModes?.join(",") || "<none>",
    now.since(metadata.creationTimestamp),
  ],
};
