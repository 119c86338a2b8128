import { join } from "node:path";
import { withLock } from "./lock.mjs";
import { checkNodeVersion, readManifest } from "./manifest.mjs";
import { runStep } from "./run-step.mjs";
import {
  buildStamp,
  buildStampPath,
  installStamp,
  installStampPath,
  isBuilt,
  isInstalled,
  writeStamp,
} from "./stamp.mjs";

/**
 * Brings a checkout to the state in which the packages' `dist` can be imported: dependencies as the lockfile says, sources
 * compiled. Does nothing, and says nothing, when both are up to date. Safe when several processes do it at once.
 *
 * @param {string} root the repository's root folder
 * @param {{ log?: (line: string) => void, npm?: readonly [string, ...string[]] }} [options] `log` defaults to stderr
 */
export async function prepare(root, { log = logToStderr, npm = npmCommand(process.env) } = {}) {
  const { pnpmVersion, minNode } = readManifest(root);
  checkNodeVersion(minNode, process.versions.node);
  if (isInstalled(root) && isBuilt(root)) return;

  const lockPath = join(root, "packages", "launch", "dist", "prepare.lock");
  const onWait = (/** @type {number} */ pid) => log(`waiting for process ${pid}, which is installing or building`);
  await withLock(lockPath, onWait, async () => {
    if (!isInstalled(root)) {
      log(`installing the dependencies with pnpm ${pnpmVersion}`);
      const stamp = installStamp(root);
      /** @type {readonly [string, ...string[]]} */
      const install = [...npm, ...PNPM_BY_NPM, `pnpm@${pnpmVersion}`, ...INSTALL];
      await runStep("Installing the dependencies", install, { cwd: root, env: installEnv(process.env) });
      writeStamp(installStampPath(root), stamp);
    }
    if (!isBuilt(root)) {
      log("building");
      const stamp = buildStamp(root);
      const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
      await runStep("The build", [process.execPath, tsc, "-b"], { cwd: root });
      writeStamp(buildStampPath(root), stamp);
    }
  });
}

/** npm keeps the pinned pnpm in its own cache, so it is downloaded once per machine and installed nowhere. */
const PNPM_BY_NPM = ["exec", "--yes", "--prefer-offline", "--loglevel=error", "--"];

// append-only: the project's .npmrc silences pnpm as well as npm, and a failure must say why. Without a terminal pnpm
// would ask before it replaces a node_modules that another tool or platform made, and end there.
const INSTALL = [
  "install",
  "--frozen-lockfile",
  "--prefer-offline",
  "--reporter=append-only",
  "--loglevel=warn",
  "--config.confirm-modules-purge=false",
];

/**
 * npm's own defaults wait 10 s and then 60 s before they say that there is no network.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
function installEnv(env) {
  const { npm_config_loglevel: _, ...rest } = env;
  return { npm_config_fetch_retry_mintimeout: "1000", npm_config_fetch_retry_maxtimeout: "5000", ...rest };
}

/**
 * The npm that runs us, or the one on PATH.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {readonly [string, ...string[]]}
 */
function npmCommand({ npm_execpath: path }) {
  return path?.endsWith("npm-cli.js") ? [process.execPath, path] : ["npm"];
}

/** @param {string} line */
function logToStderr(line) {
  process.stderr.write(`hollowfleet: ${line}\n`);
}
