import { type LocalControlPlane, type LocalOptions, startLocal } from "@hollowfleet/controlplane";
import { requireAssets } from "./assets.ts";

/** A real control plane for one test file; whoever starts it stops it. */
export function startPlane(options: Omit<LocalOptions, "binaries"> = {}): Promise<LocalControlPlane> {
  return startLocal({ binaries: requireAssets().paths, ...options });
}
