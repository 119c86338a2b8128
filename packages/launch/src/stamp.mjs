import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/*
 * A stamp is a digest of everything that one step depends on. It is computed before the step and stored after it, so a
 * file that changes during the step makes the next start repeat it.
 */

/** Removed together with node_modules. @param {string} root */
export const installStampPath = (root) => join(root, "node_modules", ".hollowfleet-install");

/** Removed together with the build output. @param {string} root */
export const buildStampPath = (root) => join(root, "packages", "launch", "dist", "build.stamp");

/**
 * By content: a `git checkout` that touches a manifest without changing it costs no install.
 * Platform and Node major are in it, since the compiler and the linter are native packages.
 *
 * @param {string} root
 */
export function installStamp(root) {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch} ${process.versions.modules}\n`);
  for (const path of ["pnpm-lock.yaml", "pnpm-workspace.yaml", ".npmrc", "package.json", ...manifests(root)]) {
    hash.update(`${path}\n`).update(readFileSync(join(root, path)));
  }
  return hash.digest("hex");
}

/**
 * By size and modification time: reading every source would cost more than the whole check may.
 *
 * @param {string} root
 */
export function buildStamp(root) {
  const hash = createHash("sha256").update(readIfThere(installStampPath(root)));
  for (const path of ["tsconfig.json", "tsconfig.base.json", ...packages(root).flatMap((p) => buildInputs(root, p))]) {
    const { size, mtimeMs } = statSync(join(root, path));
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  }
  return hash.digest("hex");
}

/** @param {string} root */
export function isInstalled(root) {
  if (!existsSync(join(root, "node_modules", ".modules.yaml"))) return false;
  const complete = manifests(root).every((path) => {
    const { dependencies } = JSON.parse(readFileSync(join(root, path), "utf8"));
    return dependencies === undefined || existsSync(join(root, dirname(path), "node_modules"));
  });
  return complete && readIfThere(installStampPath(root)) === installStamp(root);
}

/** @param {string} root */
export function isBuilt(root) {
  const complete = packages(root).every(
    (path) => !existsSync(join(root, path, "tsconfig.json")) || existsSync(join(root, path, "dist", ".tsbuildinfo")),
  );
  return complete && readIfThere(buildStampPath(root)) === buildStamp(root);
}

/**
 * Atomic: another process sees the old stamp or the new one, never half of one.
 *
 * @param {string} path
 * @param {string} stamp
 */
export function writeStamp(path, stamp) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}`, stamp);
  renameSync(`${path}.${process.pid}`, path);
}

/** @param {string} path */
function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

/** @param {string} root */
function packages(root) {
  return readdirSync(join(root, "packages"))
    .sort()
    .map((name) => `packages/${name}`)
    .filter((path) => existsSync(join(root, path, "package.json")));
}

/** @param {string} root */
function manifests(root) {
  return [...packages(root), "bench"]
    .map((path) => `${path}/package.json`)
    .filter((path) => existsSync(join(root, path)));
}

/**
 * @param {string} root
 * @param {string} path of a package
 * @returns {string[]}
 */
function buildInputs(root, path) {
  const config = `${path}/tsconfig.json`;
  if (!existsSync(join(root, config))) return [];
  return [config, ...filesBelow(root, `${path}/src`), ...filesBelow(root, `${path}/gen`)];
}

/**
 * @param {string} root
 * @param {string} path
 * @returns {string[]}
 */
function filesBelow(root, path) {
  if (!existsSync(join(root, path))) return [];
  return readdirSync(join(root, path), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(root, `${path}/${entry.name}`) : [`${path}/${entry.name}`],
  );
}
