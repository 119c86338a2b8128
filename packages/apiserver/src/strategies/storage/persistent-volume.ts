import type { json } from "@hollowfleet/wire";
import type { KubeObject } from "../../object.ts";
import { validateNodeSelector } from "../pod/validate-affinity.ts";
import { nanosOf, setResourceListDefaults } from "../quantities.ts";
import type { Strategy } from "../strategy.ts";
import { validateImmutable } from "../validation/common.ts";
import { differenceText } from "../validation/difference-text.ts";
import { type FieldErrors, forbidden, invalid, notSupported, required } from "../validation/field-error.ts";
import { sortedMap } from "../validation/labels.ts";
import { as, keep, timeText } from "../views.ts";
import {
  validateAccessModes,
  validateClassName,
  validatePositiveQuantity,
  validateVolumeMode,
} from "./validate-claim.ts";

// pkg/registry/core/persistentvolume/strategy.go; core/v1/defaults.go; core/validation/validation.go

/** Members of the spec that say where the volume is; of the drivers only their number is checked. */
const sources = [
  "hostPath",
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "glusterfs",
  "flocker",
  "nfs",
  "rbd",
  "quobyte",
  "cephfs",
  "iscsi",
  "cinder",
  "fc",
  "flexVolume",
  "azureFile",
  "vsphereVolume",
  "photonPersistentDisk",
  "portworxVolume",
  "azureDisk",
  "scaleIO",
  "local",
  "storageos",
  "csi",
] as const satisfies readonly (keyof json.PersistentVolumeSpec)[];

const reclaimPolicies = ["Delete", "Recycle", "Retain"];

function defaults(object: KubeObject): void {
  const volume = as<json.PersistentVolume>(object);
  volume.status ??= {};
  volume.status.phase ||= "Pending";
  volume.spec ??= {};
  const { spec } = volume;
  spec.persistentVolumeReclaimPolicy ||= "Retain";
  spec.volumeMode ??= "Filesystem";
  setResourceListDefaults(spec.capacity);
  if (spec.hostPath) spec.hostPath.type ??= "";
}

function specOf(object: KubeObject): json.PersistentVolumeSpec {
  return as<json.PersistentVolume>(object).spec ?? {};
}

/** Of a volume of its own. Inline ones, of VolumeAttachments, have fewer members. @param field e.g. "spec" */
function validateVolumeSpec(field: string, spec: json.PersistentVolumeSpec): FieldErrors {
  const { capacity = {}, persistentVolumeReclaimPolicy: policy = "" } = spec;
  const storage = capacity["storage"];
  const others = Object.keys(capacity).length > 1 || storage === undefined;
  const isKnown = policy === "" || reclaimPolicies.includes(policy);
  return [
    ...validateAccessModes(`${field}.accessModes`, spec.accessModes ?? [], ""),
    ...(Object.keys(capacity).length === 0 ? [required(`${field}.capacity`)] : []),
    ...(others ? [notSupported(`${field}.capacity`, sortedMap(spec.capacity), ["storage"])] : []),
    ...Object.entries(capacity).flatMap(([name, amount]) => validateCapacity(`${field}.capacity[${name}]`, amount)),
    ...(isKnown ? [] : [notSupported(`${field}.persistentVolumeReclaimPolicy`, policy, reclaimPolicies)]),
    ...validateNodeAffinity(`${field}.nodeAffinity`, spec),
    ...validateSources(field, spec),
    ...validateClassName(`${field}.storageClassName`, spec.storageClassName),
    ...validateVolumeMode(`${field}.volumeMode`, spec.volumeMode),
  ];
}

function validateCapacity(field: string, amount: unknown): FieldErrors {
  const units = Math.ceil(Number(nanosOf(amount)) / 1e9);
  return [
    ...(units < 0 ? [invalid(field, units, "must be a valid resource quantity")] : []),
    ...validatePositiveQuantity(field, amount),
  ];
}

function validateNodeAffinity(field: string, { nodeAffinity }: json.PersistentVolumeSpec): FieldErrors {
  if (nodeAffinity === undefined) return [];
  const selector = nodeAffinity.required;
  const path = `${field}.required`;
  return selector ? validateNodeSelector(path, selector) : [required(path, "must specify required node constraints")];
}

function validateSources(field: string, spec: json.PersistentVolumeSpec): FieldErrors {
  const given = sources.filter((source) => spec[source] !== undefined);
  if (given.length === 0) return [required(field, "must specify a volume type")];
  const isUnbound = given[0] === "local" && spec.nodeAffinity === undefined;
  return [
    ...(isUnbound ? [required(`${field}.nodeAffinity`, "Local volume requires node affinity")] : []),
    ...given.slice(1).map((source) => forbidden(`${field}.${source}`, "may not specify more than 1 volume type")),
  ];
}

function validateChange(spec: json.PersistentVolumeSpec, before: json.PersistentVolumeSpec): FieldErrors {
  const source = (one: json.PersistentVolumeSpec) => Object.fromEntries(sources.map((member) => [member, one[member]]));
  const difference = differenceText(source(spec), source(before));
  const text = "spec.persistentvolumesource is immutable after creation";
  return [
    ...(difference === "" ? [] : [forbidden("spec.persistentvolumesource", `${text}\n${difference}`)]),
    ...validateImmutable("volumeMode", spec.volumeMode, before.volumeMode),
  ];
}

export const persistentVolumeStrategy: Strategy = {
  defaults,
  prepareForCreate(object, { nowMs }) {
    object["status"] = { phase: "Pending", lastPhaseTransitionTime: timeText(nowMs) };
  },
  validate: (object) => validateVolumeSpec("spec", specOf(object)),
  prepareForUpdate: (object, old) => keep("status", object, old),
  validateUpdate: (object, old) => [
    ...validateVolumeSpec("spec", specOf(object)),
    ...validateChange(specOf(object), specOf(old)),
  ],
  prepareForStatusUpdate: (object, old) => keep("spec", object, old),
};
