import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LaunchError } from "./launch-error.mjs";

/**
 * What the launcher needs to know from the root package.json.
 *
 * @typedef {{ pnpmVersion: string, minNode: readonly [major: number, minor: number] }} Manifest
 */

/**
 * @param {string} root the repository's root folder
 * @returns {Manifest}
 */
export function readManifest(root) {
  const { packageManager, engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  // A `+sha512.…` suffix is Corepack's; npm does not take it.
  const pnpm = /^pnpm@(\d+\.\d+\.\d+)/.exec(packageManager ?? "");
  const node = /^>=(\d+)\.(\d+)/.exec(engines?.node ?? "");
  if (!pnpm?.[1] || !node?.[1] || !node[2]) {
    throw new LaunchError('package.json must name "packageManager": "pnpm@X.Y.Z" and "engines": { "node": ">=X.Y" }');
  }
  return { pnpmVersion: pnpm[1], minNode: [Number(node[1]), Number(node[2])] };
}

/**
 * @param {readonly [number, number]} minNode
 * @param {string} version as `process.versions.node` gives it
 */
export function checkNodeVersion([minMajor, minMinor], version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > minMajor || (major === minMajor && minor >= minMinor)) return;
  throw new LaunchError(
    `Node.js ${minMajor}.${minMinor} or newer is needed; this is ${version} (${process.execPath}). ` +
      "See https://nodejs.org/en/download, or run `nvm install 20`.",
  );
}
