import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ControlPlaneError } from "./control-plane-error.ts";

/** Where one run keeps its files; readable by its owner alone. */
export interface RunFolder {
  readonly dir: string;
  readonly dataDir: string;
  readonly pkiDir: string;
  readonly logsDir: string;
  /** Writes a file into the folder's top and returns its path. */
  write(name: string, content: string): string;
  /** Removes data and keys, and with `everything` the logs and the folder too. */
  remove(everything: boolean): void;
}

/** Makes a new folder below `parent`; default: the system's folder for temporary files. */
export function createRunFolder(parent: string = tmpdir()): RunFolder {
  try {
    mkdirSync(parent, { recursive: true });
    // mkdtemp makes the folder with mode 0700.
    const dir = mkdtempSync(join(parent, "hollowfleet-"));
    const [dataDir, pkiDir, logsDir] = [join(dir, "data"), join(dir, "pki"), join(dir, "logs")];
    for (const folder of [dataDir, pkiDir, logsDir]) mkdirSync(folder, { mode: 0o700 });
    return {
      dir,
      dataDir,
      pkiDir,
      logsDir,
      write(name, content) {
        const path = join(dir, name);
        writeFileSync(path, content, { mode: 0o600 });
        return path;
      },
      remove: (everything) => removeRunFolder(dir, everything),
    };
  } catch (cause) {
    throw runFolderError(parent, cause);
  }
}

/** A folder that cannot be made or filled. */
export function runFolderError(path: string, cause: unknown): ControlPlaneError {
  return new ControlPlaneError("run-folder", `the files of the run cannot be written to ${path}`, {
    cause,
    remedy: "free some space there, or set TMPDIR to a folder on another disk",
  });
}

/** Removes data and keys of a run, the kubeconfig's included, and with `everything` the logs and the folder too. Missing ones do not matter. */
export function removeRunFolder(dir: string, everything: boolean): void {
  const doomed = everything ? [dir] : ["data", "pki", "kubeconfig"].map((name) => join(dir, name));
  for (const path of doomed) rmSync(path, { recursive: true, force: true, maxRetries: 3 });
}

/** Magic numbers of statfs(2). */
const filesystems: Readonly<Record<number, string>> = {
  61267: "ext4",
  1481003842: "xfs",
  2435016766: "btrfs",
  2035054128: "overlay",
  801189825: "zfs",
  16914836: "tmpfs",
};

/** The file system that holds a folder. On tmpfs an fsync costs nothing, so etcd is faster than on any disk. */
export function filesystemOf(path: string): string {
  const { type } = statfsSync(path);
  return filesystems[type] ?? `0x${type.toString(16)}`;
}
