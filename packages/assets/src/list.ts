import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type BinaryName, binaryNames } from "./binary.ts";
import { assetsRoot, type Environment } from "./cache-folder.ts";
import { checkFolder, type FileState, type InstalledFile, readManifest } from "./manifest.ts";
import type { AssetVersions } from "./versions.ts";

export interface ListedFile extends InstalledFile {
  readonly name: BinaryName;
  readonly path: string;
  readonly state: FileState;
}

/** One installed version. */
export interface ListedAssets {
  readonly dir: string;
  readonly versions: AssetVersions;
  /** Every binary is there and as it was installed. */
  readonly complete: boolean;
  readonly files: readonly ListedFile[];
}

/**
 * What the cache holds, oldest version first.
 * @param options.verify read and hash every file (a second or two) instead of trusting size and modification time
 */
export async function listAssets(
  options: { readonly env?: Environment; readonly verify?: boolean } = {},
): Promise<ListedAssets[]> {
  const root = assetsRoot(options.env);
  const listed: ListedAssets[] = [];
  for (const entry of foldersIn(root)) {
    const dir = join(root, entry);
    const manifest = readManifest(dir);
    if (manifest === undefined) continue;
    const states = await checkFolder(dir, options.verify === true);
    const files = binaryNames.flatMap((name) => {
      const file = manifest.files[name];
      return file === undefined ? [] : [{ ...file, name, path: join(dir, name), state: states[name] ?? "missing" }];
    });
    const complete = files.length === binaryNames.length && files.every(({ state }) => state === "ok");
    listed.push({ dir, versions: manifest.versions, complete, files });
  }
  return listed;
}

function foldersIn(root: string): string[] {
  try {
    const names = readdirSync(root).filter((name) => /^\d/.test(name));
    return names.sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  } catch {
    return [];
  }
}
