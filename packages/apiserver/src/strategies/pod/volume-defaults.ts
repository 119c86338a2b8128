import type { json } from "@hollowfleet/wire";
import { setClaimSpecDefaults } from "../storage/claim-defaults.ts";
import { defaultPullPolicy } from "./image-tag.ts";

/** 0644 */
const defaultFileMode = 420;

/** pkg/apis/core/v1/defaults.go and zz_generated.defaults.go; a volume without a source becomes an emptyDir. */
export function setVolumeDefaults(volume: json.Volume): void {
  const hasSource = Object.entries(volume).some(([member, value]) => member !== "name" && value !== undefined);
  if (!hasSource) volume.emptyDir = {};
  if (volume.hostPath) volume.hostPath.type ??= "";
  if (volume.secret) volume.secret.defaultMode ??= defaultFileMode;
  if (volume.configMap) volume.configMap.defaultMode ??= defaultFileMode;
  if (volume.image) volume.image.pullPolicy ||= defaultPullPolicy(volume.image.reference ?? "");
  if (volume.ephemeral?.volumeClaimTemplate?.spec) setClaimSpecDefaults(volume.ephemeral.volumeClaimTemplate.spec);
  if (volume.downwardAPI) {
    volume.downwardAPI.defaultMode ??= defaultFileMode;
    setDownwardFileDefaults(volume.downwardAPI.items);
  }
  if (volume.projected) setProjectedDefaults(volume.projected);
  setDriverDefaults(volume);
}

function setProjectedDefaults(projected: json.ProjectedVolumeSource): void {
  projected.defaultMode ??= defaultFileMode;
  for (const source of projected.sources ?? []) {
    setDownwardFileDefaults(source.downwardAPI?.items);
    if (source.serviceAccountToken) source.serviceAccountToken.expirationSeconds ??= 3600;
  }
}

function setDownwardFileDefaults(files: json.DownwardAPIVolumeFile[] | undefined): void {
  for (const { fieldRef, resourceFieldRef } of files ?? []) {
    if (fieldRef) fieldRef.apiVersion ||= "v1";
    if (resourceFieldRef) resourceFieldRef.divisor ||= "0";
  }
}

/** The old in-tree drivers. */
function setDriverDefaults({ iscsi, rbd, azureDisk, scaleIO }: json.Volume): void {
  if (iscsi) iscsi.iscsiInterface ||= "default";
  if (rbd) {
    rbd.pool ||= "rbd";
    rbd.user ||= "admin";
    rbd.keyring ||= "/etc/ceph/keyring";
  }
  if (azureDisk) {
    azureDisk.cachingMode ??= "ReadWrite";
    azureDisk.fsType ??= "ext4";
    azureDisk.readOnly ??= false;
    azureDisk.kind ??= "Shared";
  }
  if (scaleIO) {
    scaleIO.storageMode ||= "ThinProvisioned";
    scaleIO.fsType ||= "xfs";
  }
}
