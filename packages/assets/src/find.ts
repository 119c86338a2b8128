import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { AssetsError } from "./assets-error.ts";
import { type BinaryName, requiredBinaries } from "./binary.ts";
import { assetsRoot, type Environment } from "./cache-folder.ts";
import { checkFolder } from "./manifest.ts";
import { assetVersions } from "./versions.ts";

/** Which step of the search succeeded. */
export type FoundIn = "flag" | "HOLLOW_ASSETS" | "KUBEBUILDER_ASSETS" | "cache" | "PATH";

/** Binaries that a control plane can be started from. */
export interface FoundAssets {
  readonly foundIn: FoundIn;
  /** The folder of kube-apiserver. */
  readonly dir: string;
  readonly paths: Readonly<Record<Exclude<BinaryName, "kubectl">, string>>;
  readonly kubectl: string | undefined;
  /** Of kube-apiserver, without a leading "v". */
  readonly version: string;
}

export interface FindOptions {
  /** Folder that the user named. */
  readonly flag?: string;
  /** Wanted from the cache; default `defaultKubernetesVersion`. Other places have the version they have. */
  readonly version?: string;
  readonly env?: Environment;
}

type Paths = FoundAssets["paths"];

/**
 * Looks for binaries: the flag, HOLLOW_ASSETS, KUBEBUILDER_ASSETS, the cache, PATH. A folder that was named by the flag
 * or by HOLLOW_ASSETS must have all of them. KUBEBUILDER_ASSETS may lack the scheduler and the controller manager, as
 * the folders that envtest sets up do, and then the search goes on. Throws AssetsError "not-found".
 */
export async function findAssets(options: FindOptions = {}): Promise<FoundAssets> {
  const env = options.env ?? process.env;
  const named: readonly (readonly [FoundIn, string | undefined])[] = [
    ["flag", options.flag],
    ["HOLLOW_ASSETS", env["HOLLOW_ASSETS"]],
  ];
  for (const [foundIn, dir] of named) {
    if (dir === undefined || dir === "") continue;
    const { paths, missing } = binariesIn([dir]);
    if (paths === undefined) throw notFound(`${dir} has no ${missing.join(", no ")}`);
    return found(foundIn, paths, [dir]);
  }
  const kubebuilder = env["KUBEBUILDER_ASSETS"] ?? "";
  const envtest = kubebuilder === "" ? undefined : binariesIn([kubebuilder]).paths;
  if (envtest !== undefined) return found("KUBEBUILDER_ASSETS", envtest, [kubebuilder]);
  const { kubernetes } = assetVersions(options.version);
  const cached = join(assetsRoot(env), kubernetes);
  const states = await checkFolder(cached, false);
  const whole = requiredBinaries.every((name) => states[name] === "ok") ? binariesIn([cached]).paths : undefined;
  if (whole !== undefined) return found("cache", whole, [cached], kubernetes);
  const search = (env["PATH"] ?? "").split(delimiter).filter((dir) => dir !== "");
  const { paths, missing } = binariesIn(search);
  if (paths !== undefined && options.version === undefined) return found("PATH", paths, search);
  const changed = Object.entries(states).filter(([, state]) => state === "changed");
  if (changed.length > 0) throw notFound(`${changed.map(([name]) => join(cached, name)).join(", ")} changed since`);
  throw notFound(`Kubernetes ${kubernetes} is not installed (${missing.join(", ") || "PATH is not searched for it"})`);
}

function notFound(message: string): AssetsError {
  return new AssetsError("not-found", message, { remedy: "run: hollow assets install" });
}

/** The required binaries in the first of `dirs` that has each. */
function binariesIn(dirs: readonly string[]): {
  readonly paths: Paths | undefined;
  readonly missing: readonly string[];
} {
  const entries = requiredBinaries.map((name) => [name, executableIn(dirs, name)] as const);
  const missing = entries.filter(([, path]) => path === undefined).map(([name]) => name);
  return { paths: missing.length === 0 ? (Object.fromEntries(entries) as Paths) : undefined, missing };
}

function executableIn(dirs: readonly string[], name: string): string | undefined {
  return dirs
    .map((dir) => join(dir, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return statSync(path).isFile();
      } catch {
        return false;
      }
    });
}

async function found(foundIn: FoundIn, paths: Paths, dirs: readonly string[], version?: string): Promise<FoundAssets> {
  const apiserver = paths["kube-apiserver"];
  return {
    foundIn,
    dir: join(apiserver, ".."),
    paths,
    kubectl: executableIn(dirs, "kubectl"),
    version: version ?? (await askVersion(apiserver)),
  };
}

async function askVersion(apiserver: string): Promise<string> {
  const printed = await promisify(execFile)(apiserver, ["--version"]).catch((cause: unknown) => {
    throw doesNotRun(apiserver, cause);
  });
  const version = /v(\d+\.\d+\.\d+\S*)/.exec(printed.stdout)?.[1];
  if (version === undefined) throw doesNotRun(apiserver, new Error(`it printed "${printed.stdout.trim()}"`));
  return version;
}

function doesNotRun(path: string, cause: unknown): AssetsError {
  return new AssetsError("not-found", `${path} does not run on this machine`, {
    cause,
    remedy: "run: hollow assets install",
  });
}
