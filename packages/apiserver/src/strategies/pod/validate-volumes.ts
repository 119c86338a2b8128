import type { json } from "@hollowfleet/wire";
import { nanosOf } from "../quantities.ts";
import { validateDnsLabel } from "../validation/common.ts";
import { duplicate, type FieldErrors, forbidden, invalid, notSupported, required } from "../validation/field-error.ts";
import { dnsSubdomainFaults } from "../validation/names.ts";
import { validateFileMode, validateNoBacksteps, validateUnreservedPath } from "../validation/paths.ts";
import { validateFieldRef, validateResourceFieldRef } from "./validate-env.ts";

// core/validation/validation.go, ValidateVolumes. Of the old in-tree drivers only their number is checked.

export type VolumesByName = ReadonlyMap<string, json.Volume>;

/** Faults, and those volumes that a container may mount: the ones without a fault. @param podName "" for templates */
export function validateVolumes(
  field: string,
  volumes: readonly json.Volume[],
  podName: string,
): { readonly faults: FieldErrors; readonly usable: VolumesByName } {
  const usable = new Map<string, json.Volume>();
  const createdClaims = new Set(
    podName === "" ? [] : volumes.filter((volume) => volume.ephemeral).map(({ name }) => `${podName}-${name}`),
  );
  const faults = volumes.flatMap((volume, index) => {
    const path = `${field}[${index}]`;
    const name = volume.name ?? "";
    const own = [
      ...validateSource(path, volume, podName),
      ...(name === "" ? [required(`${path}.name`)] : validateDnsLabel(`${path}.name`, name)),
      ...(usable.has(name) ? [duplicate(`${path}.name`, name)] : []),
    ];
    if (own.length === 0) usable.set(name, volume);
    const claim = volume.persistentVolumeClaim?.claimName;
    if (claim === undefined || !createdClaims.has(claim)) return own;
    const text = "must not reference a PVC that gets created for an ephemeral volume";
    return [...own, invalid(`${path}.persistentVolumeClaim.claimName`, claim, text)];
  });
  return { faults, usable };
}

/** In the order in which the real server looks for them. */
const sources = [
  "emptyDir",
  "hostPath",
  "gitRepo",
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "secret",
  "nfs",
  "iscsi",
  "glusterfs",
  "flocker",
  "persistentVolumeClaim",
  "rbd",
  "cinder",
  "cephfs",
  "quobyte",
  "downwardAPI",
  "fc",
  "flexVolume",
  "configMap",
  "azureFile",
  "vsphereVolume",
  "photonPersistentDisk",
  "portworxVolume",
  "azureDisk",
  "storageos",
  "projected",
  "scaleIO",
  "csi",
  "ephemeral",
  "image",
] as const satisfies readonly (keyof json.Volume)[];

/** Paths that the real server misspells. */
const misspelt: Readonly<Record<string, string>> = { cephfs: "cephFS", downwardAPI: "downwarAPI" };

function validateSource(field: string, volume: json.Volume, podName: string): FieldErrors {
  const given = sources.filter((source) => volume[source] !== undefined);
  if (given.length === 0) return [required(field, "must specify a volume type")];
  return given.flatMap((source, index) =>
    index === 0
      ? validateOneSource(field, volume, podName)
      : [forbidden(`${field}.${misspelt[source] ?? source}`, "may not specify more than 1 volume type")],
  );
}

function validateOneSource(field: string, volume: json.Volume, podName: string): FieldErrors {
  const { emptyDir, hostPath, secret, configMap, downwardAPI, projected, persistentVolumeClaim, csi, ephemeral } =
    volume;
  if (emptyDir) return validateEmptyDir(`${field}.emptyDir`, emptyDir);
  if (hostPath) return validateHostPath(`${field}.hostPath`, hostPath);
  if (secret) return validateKeyed(`${field}.secret`, secret, "secretName", secret.secretName);
  if (configMap) return validateKeyed(`${field}.configMap`, configMap, "name", configMap.name);
  if (downwardAPI) return validateDownwardApi(`${field}.downwardAPI`, downwardAPI);
  if (projected) return validateProjected(`${field}.projected`, projected);
  if (persistentVolumeClaim) {
    return persistentVolumeClaim.claimName ? [] : [required(`${field}.persistentVolumeClaim.claimName`)];
  }
  if (csi) return csi.driver ? [] : [required(`${field}.csi.driver`)];
  if (ephemeral) return validateEphemeral(field, ephemeral, volume.name ?? "", podName);
  return [];
}

function validateEmptyDir(field: string, { sizeLimit }: json.EmptyDirVolumeSource): FieldErrors {
  const isNegative = sizeLimit !== undefined && nanosOf(sizeLimit) < 0n;
  return isNegative ? [forbidden(`${field}.sizeLimit`, "SizeLimit field must be a valid resource quantity")] : [];
}

const hostPathTypes = [
  "",
  "BlockDevice",
  "CharDevice",
  "Directory",
  "DirectoryOrCreate",
  "File",
  "FileOrCreate",
  "Socket",
];

function validateHostPath(field: string, { path = "", type = "" }: json.HostPathVolumeSource): FieldErrors {
  if (path === "") return [required(`${field}.path`)];
  const unknown = hostPathTypes.includes(type) ? [] : [notSupported(`${field}.type`, type, hostPathTypes)];
  return [...validateNoBacksteps(`${field}.path`, path), ...unknown];
}

interface KeyedSource {
  readonly defaultMode?: number;
  readonly items?: readonly json.KeyToPath[];
}

/** A Secret or a ConfigMap. */
function validateKeyed(field: string, source: KeyedSource, nameMember: string, name = ""): FieldErrors {
  return [
    ...(name === "" ? [required(`${field}.${nameMember}`)] : []),
    ...validateFileMode(`${field}.defaultMode`, source.defaultMode),
    ...(source.items ?? []).flatMap((item, index) => validateKeyToPath(`${field}.items[${index}]`, item)),
  ];
}

function validateKeyToPath(field: string, { key = "", path = "", mode }: json.KeyToPath): FieldErrors {
  return [
    ...(key === "" ? [required(`${field}.key`)] : []),
    ...(path === "" ? [required(`${field}.path`)] : []),
    ...validateUnreservedPath(`${field}.path`, path),
    ...validateFileMode(`${field}.mode`, mode),
  ];
}

function validateDownwardApi(field: string, { defaultMode, items = [] }: json.DownwardAPIVolumeSource): FieldErrors {
  return [
    ...validateFileMode(`${field}.defaultMode`, defaultMode),
    ...items.flatMap((file) => validateDownwardFile(field, file)),
  ];
}

const volumeFieldPaths = [
  "metadata.annotations",
  "metadata.labels",
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
];

function validateDownwardFile(field: string, file: json.DownwardAPIVolumeFile): FieldErrors {
  const { path = "", fieldRef, resourceFieldRef, mode } = file;
  const both = fieldRef !== undefined && resourceFieldRef !== undefined;
  return [
    ...(path === "" ? [required(`${field}.path`)] : []),
    ...validateUnreservedPath(`${field}.path`, path),
    ...(fieldRef ? validateFieldRef(`${field}.fieldRef`, fieldRef, volumeFieldPaths) : []),
    ...(both ? [invalid(field, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously")] : []),
    ...(resourceFieldRef && !fieldRef
      ? validateResourceFieldRef(`${field}.resourceFieldRef`, resourceFieldRef, true)
      : []),
    ...(fieldRef || resourceFieldRef ? [] : [required(field, "one of fieldRef and resourceFieldRef is required")]),
    ...validateFileMode(`${field}.mode`, mode),
  ];
}

function validateProjected(field: string, projected: json.ProjectedVolumeSource): FieldErrors {
  const paths = new Set<string>();
  const conflict = (path: string, shown: string): FieldErrors => {
    if (path === "") return [];
    if (paths.has(path)) return [invalid(field, shown, "conflicting duplicate paths")];
    paths.add(path);
    return [];
  };
  return [
    ...validateFileMode(`${field}.defaultMode`, projected.defaultMode),
    ...(projected.sources ?? []).flatMap((source, index) =>
      validateProjection(field, `${field}.sources[${index}]`, source, conflict),
    ),
  ];
}

type Conflict = (path: string, shown: string) => FieldErrors;

function validateProjection(
  field: string,
  path: string,
  source: json.VolumeProjection,
  conflict: Conflict,
): FieldErrors {
  const { secret, configMap, downwardAPI, serviceAccountToken } = source;
  const count = Object.values(source).filter((one) => one !== undefined).length;
  const keyed = (member: string, from: json.SecretProjection | undefined): FieldErrors =>
    from === undefined
      ? []
      : [
          ...(from.name ? [] : [required(`${path}.${member}.name`)]),
          ...(from.items ?? []).flatMap((item, index) => [
            ...validateKeyToPath(`${path}.${member}.items[${index}]`, item),
            ...conflict(item.path ?? "", from.name ?? ""),
          ]),
        ];
  return [
    ...keyed("secret", secret),
    ...keyed("configMap", configMap),
    ...(downwardAPI?.items ?? []).flatMap((file) => [
      ...validateDownwardFile(`${path}.downwardAPI`, file),
      ...conflict(file.path ?? "", file.path ?? ""),
    ]),
    ...(serviceAccountToken ? validateToken(field, `${path}.serviceAccountToken`, serviceAccountToken) : []),
    ...(count > 1 ? [forbidden(path, "may not specify more than 1 volume type per source")] : []),
  ];
}

function validateToken(field: string, path: string, token: json.ServiceAccountTokenProjection): FieldErrors {
  const seconds = token.expirationSeconds ?? 0;
  const file = token.path ?? "";
  const at = `${path}.expirationSeconds`;
  return [
    ...(seconds < 600 ? [invalid(at, seconds, "may not specify a duration less than 10 minutes")] : []),
    ...(seconds > 2 ** 32 ? [invalid(at, seconds, "may not specify a duration larger than 2^32 seconds")] : []),
    ...(file === "" ? [required(`${field}.path`)] : validateUnreservedPath(`${field}.path`, file)),
  ];
}

function validateEphemeral(
  field: string,
  ephemeral: json.EphemeralVolumeSource,
  name: string,
  podName: string,
): FieldErrors {
  const claimName = `${podName}-${name}`;
  const faults = podName === "" || name === "" ? [] : dnsSubdomainFaults(claimName);
  return [
    ...(ephemeral.volumeClaimTemplate ? [] : [required(`${field}.ephemeral.volumeClaimTemplate`)]),
    ...faults.map((fault) => invalid(`${field}.name`, name, `PVC name ${JSON.stringify(claimName)}: ${fault}`)),
  ];
}
