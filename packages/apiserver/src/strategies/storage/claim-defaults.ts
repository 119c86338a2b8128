import type { json } from "@hollowfleet/wire";
import { setResourceListDefaults } from "../quantities.ts";

/** pkg/apis/core/v1/defaults.go, SetDefaults_PersistentVolumeClaimSpec */
export function setClaimSpecDefaults(spec: json.PersistentVolumeClaimSpec): void {
  spec.volumeMode ??= "Filesystem";
  spec.resources ??= {};
  setResourceListDefaults(spec.resources.limits);
  setResourceListDefaults(spec.resources.requests);
}
