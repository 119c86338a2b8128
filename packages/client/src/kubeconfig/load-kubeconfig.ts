import { readFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { type Kubeconfig, mergeKubeconfigs } from "./kubeconfig.ts";
import { KubeconfigError, unreadable } from "./kubeconfig-error.ts";
import { parseKubeconfig } from "./parse-kubeconfig.ts";

/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface LoadOptions {
  /** The one file to read; then neither KUBECONFIG nor the home folder is looked at. */
  readonly explicitPath?: string;
  /** `KUBECONFIG` is a list of paths, separated as PATH is. */
  readonly env: Environment;
  /** The home folder; `.kube/config` in it is read when KUBECONFIG is not set. */
  readonly home: string;
}

/**
 * Finds, reads and merges kubeconfig files in kubectl's order (k8s.io/client-go/tools/clientcmd/loader.go). Files of
 * KUBECONFIG that do not exist are skipped and listed in `missingFiles`; a missing explicit file is an error. Without any
 * file the result is empty.
 */
export function loadKubeconfig(options: LoadOptions): Kubeconfig {
  if (options.explicitPath !== undefined) return requireFile(resolve(options.explicitPath));
  return mergeKubeconfigs(candidatePaths(options.env, options.home).map((path) => readFile(path) ?? missing(path)));
}

/** The paths that kubectl would try without an explicit one. */
function candidatePaths(env: Environment, home: string): readonly string[] {
  const list = env["KUBECONFIG"];
  if (list === undefined || list === "") return [join(home, ".kube", "config")];
  const paths = list.split(delimiter).filter((path) => path !== "");
  return [...new Set(paths)].map((path) => resolve(path));
}

function requireFile(path: string): Kubeconfig {
  const found = readFile(path);
  if (found !== undefined) return found;
  throw new KubeconfigError("file-unreadable", { file: path }, "the file does not exist", {
    remedy: "Name an existing kubeconfig, or leave the path out to use KUBECONFIG or ~/.kube/config.",
  });
}

function readFile(path: string): Kubeconfig | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unreadable({ file: path }, "Give this user the right to read the file, or name another one.", cause);
  }
  return parseKubeconfig(text, path);
}

function missing(path: string): Kubeconfig {
  return { ...mergeKubeconfigs([]), missingFiles: [path] };
}
