import { chmodSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { AssetsError, fromFileError } from "./assets-error.ts";
import { type BinaryName, binaryNames } from "./binary.ts";
import { assetsRoot, type Environment } from "./cache-folder.ts";
import { downloadSource, type ReleaseUrls, releaseUrls } from "./download-source.ts";
import { goSource } from "./go-source.ts";
import { withInstallLock } from "./install-lock.ts";
import { checkFile, describeFile, type Manifest, readManifest, sha256Of, writeManifest } from "./manifest.ts";
import type { AssetSource, InstallProgress } from "./source.ts";
import { type AssetVersions, assetVersions } from "./versions.ts";

export interface InstallOptions {
  /** Kubernetes version; default `defaultKubernetesVersion`. */
  readonly version?: string;
  /** Default "auto": download, and build where the host of the releases cannot be reached and Go is there. */
  readonly from?: "auto" | "download" | "go";
  /** Places of the releases; default: from the environment, else the official ones. */
  readonly mirror?: Partial<ReleaseUrls>;
  readonly onProgress?: (progress: InstallProgress) => void;
  readonly signal?: AbortSignal;
  /** Default the process's. */
  readonly env?: Environment;
  /** Instead of `from`: where the binaries come from. */
  readonly source?: AssetSource;
}

export interface InstallResult {
  readonly dir: string;
  readonly versions: AssetVersions;
  /** What was not there before. */
  readonly installed: readonly BinaryName[];
}

/**
 * Puts the binaries of one version into the cache. What is there and whole is left alone, so that an interrupted
 * installation goes on where it was. Rejects with AssetsError.
 */
export async function installAssets(options: InstallOptions = {}): Promise<InstallResult> {
  const env = options.env ?? process.env;
  const versions = assetVersions(options.version);
  const dir = join(assetsRoot(env), versions.kubernetes);
  const tell = options.onProgress ?? (() => undefined);
  const signal = options.signal;
  try {
    mkdirSync(dir, { recursive: true });
    return await withInstallLock(dir, () => installMissing(dir, versions, env, options), {
      onWait: (holder) => tell({ kind: "waiting", holder }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    throw fromFileError(error, dir);
  }
}

async function installMissing(
  dir: string,
  versions: AssetVersions,
  env: Environment,
  options: InstallOptions,
): Promise<InstallResult> {
  const tell = options.onProgress ?? (() => undefined);
  const missing = await missingBinaries(dir, versions, tell);
  if (missing.length === 0) return { dir, versions, installed: [] };
  const source = options.source ?? (await chooseSource(versions, env, options, tell));
  if (options.source !== undefined) await source.check(versions, options.signal);
  for (const binary of missing) {
    const made = await source.produce({ binary, versions, dir, onProgress: tell, signal: options.signal });
    const path = join(dir, binary);
    const sha256 = await sha256Of(made);
    chmodSync(made, 0o755);
    renameSync(made, path);
    const entry = describeFile(path, source.name, sha256);
    const files = currentManifest(dir, versions)?.files ?? {};
    writeManifest(dir, { schema: 1, versions, files: { ...files, [binary]: entry } });
    tell({ kind: "installed", binary, bytes: entry.bytes });
  }
  return { dir, versions, installed: missing };
}

/** The folder's manifest, unless it is of other versions: then nothing in the folder counts. */
function currentManifest(dir: string, versions: AssetVersions): Manifest | undefined {
  const manifest = readManifest(dir);
  const same = manifest?.versions.etcd === versions.etcd && manifest.versions.kubernetes === versions.kubernetes;
  return same ? manifest : undefined;
}

async function missingBinaries(
  dir: string,
  versions: AssetVersions,
  tell: (progress: InstallProgress) => void,
): Promise<BinaryName[]> {
  const manifest = currentManifest(dir, versions);
  const missing: BinaryName[] = [];
  for (const binary of binaryNames) {
    const file = manifest?.files[binary];
    if (file !== undefined && (await checkFile(join(dir, binary), file, true)) === "ok") {
      tell({ kind: "already", binary });
    } else missing.push(binary);
  }
  return missing;
}

/** For "auto" the first small request decides: it tells within seconds whether the host can be reached. */
async function chooseSource(
  versions: AssetVersions,
  env: Environment,
  options: InstallOptions,
  tell: (progress: InstallProgress) => void,
): Promise<AssetSource> {
  const from = options.from ?? "auto";
  const go = goSource(env);
  if (from === "go") {
    await go.check(versions);
    return go;
  }
  const download = downloadSource(releaseUrls(env, options.mirror));
  try {
    await download.check(versions, options.signal);
    return download;
  } catch (error) {
    if (from === "download" || !(error instanceof AssetsError) || error.code !== "unreachable") throw error;
    await go.check(versions).catch((goError: unknown) => {
      throw combined(error, goError);
    });
    tell({ kind: "source", source: "go", reason: error.message });
    return go;
  }
}

/** Both ways are closed: say so in one error. */
function combined(download: AssetsError, go: unknown): AssetsError {
  const text = go instanceof Error ? go.message : String(go);
  return new AssetsError("unreachable", `${download.message}, and building instead is not possible: ${text}`, {
    cause: download,
    remedy: "name a mirror with HOLLOW_KUBERNETES_URL and HOLLOW_ETCD_URL, or install Go from https://go.dev/dl",
  });
}
