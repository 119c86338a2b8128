import type { json } from "@hollowfleet/wire";
import type { KubeObject } from "../../object.ts";
import { semanticEqual } from "../semantic-equal.ts";
import type { Strategy } from "../strategy.ts";
import { validateImmutable, validateNonNegative, validateQualifiedName } from "../validation/common.ts";
import {
  duplicate,
  type FieldErrors,
  forbidden,
  invalid,
  invalidEach,
  notSupported,
  required,
  tooLong,
} from "../validation/field-error.ts";
import { dnsSubdomainFaults } from "../validation/names.ts";
import { as, countGeneration, keep } from "../views.ts";

// pkg/registry/storage/{csinode,csidriver,volumeattachment}/strategy.go; storage/v1/defaults.go;
// storage/validation/validation.go

function validateDriverName(field: string, name: string): FieldErrors {
  if (name === "") return [required(field)];
  return [
    ...(name.length > 63 ? [tooLong(field, 63)] : []),
    ...invalidEach(field, name, dnsSubdomainFaults(name.toLowerCase())),
  ];
}

function validateNode(object: KubeObject): FieldErrors {
  const names = new Set<string>();
  return (as<json.CSINode>(object).spec?.drivers ?? []).flatMap((driver, index) => {
    const path = `spec.drivers[${index}]`;
    const { name = "", nodeID = "", allocatable } = driver;
    const topologyKeys = driver.topologyKeys ?? [];
    const isRepeated = names.has(name);
    names.add(name);
    return [
      ...validateDriverName(`${path}.name`, name),
      ...(nodeID === "" ? [required(`${path}.nodeID`)] : []),
      ...(nodeID.length > 256 ? [invalid(`${path}.nodeID`, nodeID, "must be 256 characters or less")] : []),
      ...validateNonNegative(`${path}.allocatable.count`, allocatable?.count),
      ...(isRepeated ? [duplicate(`${path}.name`, name)] : []),
      ...topologyKeys.flatMap((key, at) => [
        ...(key === "" ? [required(path)] : []),
        ...(topologyKeys.indexOf(key) < at ? [duplicate(path, key)] : []),
        ...validateQualifiedName(path, key),
      ]),
    ];
  });
}

/** A driver's entry may only change how many volumes it can take. */
function validateNodeChange(object: KubeObject, old: KubeObject): FieldErrors {
  const drivers = as<json.CSINode>(object).spec?.drivers ?? [];
  const fixed = ({ allocatable: _, ...rest }: json.CSINodeDriver) => rest;
  return (as<json.CSINode>(old).spec?.drivers ?? []).flatMap((before) => {
    const now = drivers.find(({ name }) => name === before.name);
    if (now === undefined || semanticEqual(fixed(now), fixed(before))) return [];
    const shown = {
      Name: now.name ?? "",
      NodeID: now.nodeID ?? "",
      TopologyKeys: now.topologyKeys ?? null,
      Allocatable: null,
    };
    return [invalid("spec.drivers", shown, "field is immutable")];
  });
}

export const csiNodeStrategy: Strategy = {
  validate: validateNode,
  validateUpdate: (object, old) => [...validateNode(object), ...validateNodeChange(object, old)],
  allowUnconditionalUpdate: false,
};

function setDriverDefaults(object: KubeObject): void {
  const driver = as<json.CSIDriver>(object);
  driver.spec ??= {};
  const { spec } = driver;
  spec.attachRequired ??= true;
  spec.podInfoOnMount ??= false;
  spec.storageCapacity ??= false;
  spec.fsGroupPolicy ??= "ReadWriteOnceWithFSType";
  if (!spec.volumeLifecycleModes?.length) spec.volumeLifecycleModes = ["Persistent"];
  spec.requiresRepublish ??= false;
  spec.seLinuxMount ??= false;
}

const groupPolicies = ["File", "None", "ReadWriteOnceWithFSType"];
const lifecycleModes = ["Persistent", "Ephemeral"];

function validateDriver(object: KubeObject): FieldErrors {
  const spec = as<json.CSIDriver>(object).spec ?? {};
  const { fsGroupPolicy: policy, volumeLifecycleModes: modes = [], nodeAllocatableUpdatePeriodSeconds: period } = spec;
  return [
    ...(policy === undefined || groupPolicies.includes(policy)
      ? []
      : [notSupported("spec.fsGroupPolicy", policy, groupPolicies)]),
    ...validateTokenRequests(spec.tokenRequests ?? []),
    ...modes.flatMap((mode) =>
      lifecycleModes.includes(mode) ? [] : [notSupported("spec.volumeLifecycleModes", mode, lifecycleModes)],
    ),
    ...(period !== undefined && period < 10
      ? [invalid("spec.nodeAllocatableUpdatePeriodSeconds", period, "must be greater than or equal to 10 seconds")]
      : []),
  ];
}

/** A TokenRequest of storage.k8s.io. */
type DriverTokenRequest = NonNullable<NonNullable<json.CSIDriver["spec"]>["tokenRequests"]>[number];

function validateTokenRequests(requests: readonly DriverTokenRequest[]): FieldErrors {
  const audiences = new Set<string>();
  return requests.flatMap(({ audience = "", expirationSeconds: seconds = 3600 }, index) => {
    const path = `spec.tokenRequests[${index}]`;
    const at = `${path}.expirationSeconds`;
    if (audiences.has(audience)) return [duplicate(`${path}.audience`, audience)];
    audiences.add(audience);
    if (seconds < 600) return [invalid(at, seconds, "may not specify a duration less than 10 minutes")];
    return seconds > 2 ** 32 ? [invalid(at, seconds, "may not specify a duration larger than 2^32 seconds")] : [];
  });
}

export const csiDriverStrategy: Strategy = {
  defaults: setDriverDefaults,
  prepareForCreate(object) {
    // Of an alpha feature.
    delete as<{ spec?: { preventPodSchedulingIfMissing?: boolean } }>(object).spec?.preventPodSchedulingIfMissing;
  },
  validate: validateDriver,
  prepareForUpdate: (object, old) => countGeneration(object, old),
  validateUpdate(object, old) {
    const [spec, before] = [as<json.CSIDriver>(object).spec ?? {}, as<json.CSIDriver>(old).spec ?? {}];
    return [
      ...validateDriver(object),
      // Upstream misspells the member.
      ...validateImmutable("spec.attachedRequired", spec.attachRequired, before.attachRequired),
      ...validateImmutable("spec.volumeLifecycleModes", spec.volumeLifecycleModes, before.volumeLifecycleModes),
    ];
  },
  allowUnconditionalUpdate: false,
};

function validateAttachment(object: KubeObject): FieldErrors {
  const { attacher = "", nodeName = "", source = {} } = as<json.VolumeAttachment>(object).spec ?? {};
  const { inlineVolumeSpec: inline, persistentVolumeName: name } = source;
  const exactlyOne = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
  const field = "spec.source";
  return [
    ...validateDriverName("spec.attacher", attacher),
    ...(inline === undefined && name === undefined ? [required(field, exactlyOne)] : []),
    ...(inline !== undefined && name !== undefined ? [forbidden(field, exactlyOne)] : []),
    ...(name === "" && inline === undefined
      ? [required(`${field}.persistentVolumeName`, "must specify non empty persistentVolumeName")]
      : []),
    ...invalidEach("spec.nodeName", nodeName, dnsSubdomainFaults(nodeName)),
    ...(name === undefined ? [] : invalidEach(`${field}.persistentVolumeName`, name, dnsSubdomainFaults(name))),
  ];
}

export const volumeAttachmentStrategy: Strategy = {
  prepareForCreate(object) {
    object["status"] = { attached: false };
  },
  validate: validateAttachment,
  prepareForUpdate: (object, old) => keep("status", object, old),
  validateUpdate: (object, old) => [
    ...validateAttachment(object),
    ...validateImmutable("spec", object["spec"], old["spec"]),
  ],
  prepareForStatusUpdate: (object, old) => keep("spec", object, old),
  allowUnconditionalUpdate: false,
};
