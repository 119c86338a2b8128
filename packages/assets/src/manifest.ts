import { createHash } from "node:crypto";
import { createReadStream, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { type BinaryName, binaryNames } from "./binary.ts";
import type { AssetVersions } from "./versions.ts";

export const sources = ["download", "go"] as const;
/** Where a binary came from. */
export type Source = (typeof sources)[number];

/** One installed binary. */
export interface InstalledFile {
  readonly source: Source;
  /** Hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
  /** Modification time, to notice a change without reading the file. */
  readonly mtimeMs: number;
}

/** `manifest.json` of one version's folder. */
export interface Manifest {
  readonly schema: 1;
  readonly versions: AssetVersions;
  readonly files: Readonly<Partial<Record<BinaryName, InstalledFile>>>;
}

const manifestName = "manifest.json";

/** Undefined when there is none that we understand. */
export function readManifest(dir: string): Manifest | undefined {
  try {
    const manifest = JSON.parse(readFileSync(join(dir, manifestName), "utf8")) as Manifest;
    return manifest.schema === 1 ? manifest : undefined;
  } catch {
    return undefined;
  }
}

/** Replaces it in one step. */
export function writeManifest(dir: string, manifest: Manifest): void {
  const temporary = join(dir, `.${manifestName}.${process.pid}`);
  writeFileSync(temporary, `${JSON.stringify(manifest, undefined, 2)}\n`);
  renameSync(temporary, join(dir, manifestName));
}

/** What the manifest says of a file, against what is there. */
export type FileState = "ok" | "missing" | "changed";

/** Compares size and modification time; with `thorough` the content too. */
export async function checkFile(path: string, expected: InstalledFile, thorough: boolean): Promise<FileState> {
  try {
    const { size, mtimeMs } = statSync(path);
    if (size !== expected.bytes || mtimeMs !== expected.mtimeMs) return "changed";
    return !thorough || (await sha256Of(path)) === expected.sha256 ? "ok" : "changed";
  } catch {
    return "missing";
  }
}

/** The manifest's entry for a file that is in its place. */
export function describeFile(path: string, source: Source, sha256: string): InstalledFile {
  const { size, mtimeMs } = statSync(path);
  return { source, sha256, bytes: size, mtimeMs };
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** The binaries of a folder that its manifest vouches for, by state. */
export async function checkFolder(dir: string, thorough: boolean): Promise<Partial<Record<BinaryName, FileState>>> {
  const manifest = readManifest(dir);
  const states: Partial<Record<BinaryName, FileState>> = {};
  for (const name of binaryNames) {
    const file = manifest?.files[name];
    if (file !== undefined) states[name] = await checkFile(join(dir, name), file, thorough);
  }
  return states;
}
