import type { json } from "@hollowfleet/wire";
import { type FieldErrors, forbidden, invalid, notFound, notSupported, required } from "../validation/field-error.ts";
import { validateDescendingPath } from "../validation/paths.ts";
import type { VolumesByName } from "./validate-volumes.ts";

// core/validation/validation.go, ValidateVolumeMounts and ValidateVolumeDevices. Some paths lack an index, as upstream.

export function validateMounts(field: string, container: json.Container, volumes: VolumesByName): FieldErrors {
  const devices = new Map(
    (container.volumeDevices ?? []).map(({ name, devicePath }) => [name ?? "", devicePath ?? ""]),
  );
  const devicePaths = new Set(devices.values());
  const seen = new Set<string>();
  return (container.volumeMounts ?? []).flatMap((mount, index) => {
    const path = `${field}[${index}]`;
    const { name = "", mountPath = "" } = mount;
    const isRepeated = seen.has(mountPath);
    seen.add(mountPath);
    return [
      ...(name === "" ? [required(`${path}.name`)] : []),
      ...(volumes.has(name) ? [] : [notFound(`${path}.name`, name)]),
      ...(mountPath === "" ? [required(`${path}.mountPath`)] : []),
      ...(isRepeated ? [invalid(`${path}.mountPath`, mountPath, "must be unique")] : []),
      ...(devices.has(name) ? [invalid(`${path}.name`, name, "must not already exist in volumeDevices")] : []),
      ...(devicePaths.has(mountPath)
        ? [invalid(`${path}.mountPath`, mountPath, "must not already exist as a path in volumeDevices")]
        : []),
      ...validateSubPaths(field, path, mount),
      ...validatePropagation(`${field}.mountPropagation`, mount.mountPropagation, container),
      ...validateRecursive(`${field}.recursiveReadOnly`, mount),
    ];
  });
}

function validateSubPaths(
  field: string,
  path: string,
  { subPath = "", subPathExpr = "" }: json.VolumeMount,
): FieldErrors {
  const both = subPath !== "" && subPathExpr !== "";
  return [
    ...(subPath === "" ? [] : validateDescendingPath(`${field}.subPath`, subPath)),
    ...(both ? [invalid(`${path}.subPathExpr`, subPathExpr, "subPathExpr and subPath are mutually exclusive")] : []),
    ...(subPathExpr === "" ? [] : validateDescendingPath(`${field}.subPathExpr`, subPathExpr)),
  ];
}

const propagations = ["Bidirectional", "HostToContainer", "None"];

function validatePropagation(field: string, propagation: string | undefined, container: json.Container): FieldErrors {
  if (propagation === undefined) return [];
  const isRefused = propagation === "Bidirectional" && container.securityContext?.privileged !== true;
  return [
    ...(propagations.includes(propagation) ? [] : [notSupported(field, propagation, propagations)]),
    ...(isRefused
      ? [forbidden(field, "Bidirectional mount propagation is available only to privileged containers")]
      : []),
  ];
}

function validateRecursive(field: string, mount: json.VolumeMount): FieldErrors {
  const { recursiveReadOnly, readOnly, mountPropagation = "None" } = mount;
  if (recursiveReadOnly === undefined || recursiveReadOnly === "Disabled") return [];
  if (recursiveReadOnly !== "Enabled" && recursiveReadOnly !== "IfPossible") {
    return [notSupported(field, recursiveReadOnly, ["Disabled", "Enabled", "IfPossible"])];
  }
  const onlyWhen = (what: string) => forbidden(field, `may only be specified when ${what}`);
  return [
    ...(readOnly === true ? [] : [onlyWhen("readOnly is true")]),
    ...(mountPropagation === "None" ? [] : [onlyWhen("mountPropagation is None or not specified")]),
  ];
}

export function validateDevices(field: string, container: json.Container, volumes: VolumesByName): FieldErrors {
  const mounts = new Map((container.volumeMounts ?? []).map(({ name, mountPath }) => [name ?? "", mountPath ?? ""]));
  const mountPaths = new Set(mounts.values());
  const names = new Set<string>();
  const paths = new Set<string>();
  return (container.volumeDevices ?? []).flatMap(({ name = "", devicePath = "" }, index) => {
    const at = `${field}[${index}]`;
    const volume = volumes.get(name);
    const isWrongSource = volume !== undefined && !volume.persistentVolumeClaim && !volume.ephemeral;
    const wrongSource = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode";
    const goesUp = devicePath.split("/").includes("..");
    const faults = [
      ...(name === "" ? [required(`${at}.name`)] : []),
      ...(names.has(name) ? [invalid(`${at}.name`, name, "must be unique")] : []),
      ...(isWrongSource ? [invalid(`${at}.name`, name, wrongSource)] : []),
      ...(volume === undefined ? [notFound(`${at}.name`, name)] : []),
      ...(devicePath === "" ? [required(`${at}.devicePath`)] : []),
      ...(paths.has(devicePath) ? [invalid(`${at}.devicePath`, devicePath, "must be unique")] : []),
      ...(goesUp ? [invalid(`${at}.devicePath`, devicePath, "can not contain backsteps ('..')")] : []),
      ...(mounts.has(name) ? [invalid(`${at}.name`, name, "must not already exist in volumeMounts")] : []),
      ...(mountPaths.has(devicePath)
        ? [invalid(`${at}.devicePath`, devicePath, "must not already exist as a path in volumeMounts")]
        : []),
    ];
    if (name !== "") names.add(name);
    if (!goesUp) paths.add(devicePath);
    return faults;
  });
}
