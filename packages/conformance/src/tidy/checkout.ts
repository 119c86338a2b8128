import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { PackageJson, TsConfig } from "./manifests.ts";

/** The repository that this file is part of. */
export const ROOT: string = resolve(fileURLToPath(import.meta.url), "../../../../..");

/** A file of the checkout; `path` is relative to its root. */
export interface CheckedFile {
  readonly path: string;
  readonly text: string;
}

/** A package of the workspace; `folder` is relative to the root. */
export interface CheckedPackage {
  readonly folder: string;
  readonly manifest: PackageJson;
  readonly tsconfig: TsConfig | undefined;
}

/** Every text file that is tracked or about to be: a fault shows before the commit, not after. */
export function textFiles(): CheckedFile[] {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"];
  return execFileSync("git", args, { cwd: ROOT, encoding: "utf8", maxBuffer: 1 << 26 })
    .split("\0")
    .filter((path) => path !== "" && existsSync(join(ROOT, path)))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }))
    .filter(({ text }) => !text.includes("\0"));
}

/** The hand-written sources among them. */
export function sourceFiles(files: readonly CheckedFile[]): CheckedFile[] {
  return files.filter(({ path }) => /^(?:packages\/[^/]+|bench)\/src\/.*\.(?:ts|mts|mjs)$/.test(path));
}

export function workspacePackages(files: readonly CheckedFile[]): CheckedPackage[] {
  return files
    .filter(({ path }) => /^(?:packages\/[^/]+|bench)\/package\.json$/.test(path))
    .map(({ path, text }) => {
      const folder = path.slice(0, -"/package.json".length);
      const tsconfig = files.find((file) => file.path === `${folder}/tsconfig.json`);
      return {
        folder,
        manifest: JSON.parse(text) as PackageJson,
        tsconfig: tsconfig === undefined ? undefined : (parseJsonWithComments(tsconfig.text) as TsConfig),
      };
    });
}

/** tsconfig.json as this repository writes it: comments on lines of their own, no trailing commas. */
export function parseJsonWithComments(text: string): unknown {
  return JSON.parse(text.replace(/^\s*\/\/.*$/gm, ""));
}
