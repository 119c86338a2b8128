import type { BinaryName } from "./binary.ts";
import type { AssetVersions } from "./versions.ts";

/** Told while something is installed. */
export type InstallProgress =
  | { readonly kind: "source"; readonly source: "download" | "go"; readonly reason: string }
  | { readonly kind: "waiting"; readonly holder: string }
  | { readonly kind: "already"; readonly binary: BinaryName }
  | {
      readonly kind: "download";
      readonly binary: BinaryName;
      readonly bytes: number;
      readonly total: number | undefined;
    }
  /** `packages`: Go packages compiled for this binary so far; those in Go's build cache are not counted. */
  | { readonly kind: "build"; readonly binary: BinaryName; readonly packages: number }
  | { readonly kind: "installed"; readonly binary: BinaryName; readonly bytes: number };

/** What a source needs to produce one binary. */
export interface ProduceRequest {
  readonly binary: BinaryName;
  readonly versions: AssetVersions;
  /** The version's folder; what is in the making has a name of its own there. */
  readonly dir: string;
  readonly onProgress: (progress: InstallProgress) => void;
  readonly signal: AbortSignal | undefined;
}

/** Somewhere binaries come from. */
export interface AssetSource {
  readonly name: "download" | "go";
  /** Throws AssetsError when this source cannot serve these versions here. Cheap. */
  check(versions: AssetVersions, signal?: AbortSignal): Promise<void>;
  /** Puts the verified, executable binary at the returned path, in the same folder, not yet under its name. */
  produce(request: ProduceRequest): Promise<string>;
}
