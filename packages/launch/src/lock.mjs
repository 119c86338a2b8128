import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 100;
/** A takeover is a read and an unlink; one that is older was killed in the middle. */
const TAKEOVER_MS = 5_000;

/**
 * Runs `work` while this process alone holds `path`. A lock whose owner is gone is taken over.
 *
 * @template T
 * @param {string} path
 * @param {(ownerPid: number) => void} onWait called once if another process holds the lock
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, onWait, work) {
  const self = describeProcess(process.pid);
  mkdirSync(dirname(path), { recursive: true });
  for (let told = false; !tryCreate(path, self); ) {
    const owner = read(path);
    if (owner === undefined) continue;
    if (!isAlive(owner)) {
      takeOver(path, owner);
      continue;
    }
    if (!told) onWait(Number.parseInt(owner, 10));
    told = true;
    await sleep(POLL_MS);
  }
  const release = () => read(path) === self && rmSync(path, { force: true });
  process.once("exit", release);
  try {
    return await work();
  } finally {
    process.off("exit", release);
    release();
  }
}

/**
 * A hard link appears with its content or not at all, so no other process reads a lock without an owner.
 *
 * @param {string} path
 * @param {string} content
 */
function tryCreate(path, content) {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content);
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Two processes may see the same dead owner. The guard lets one of them at a time look again and remove the lock;
 * without it the slower one would remove the lock that the faster one has just made.
 *
 * @param {string} path
 * @param {string} deadOwner
 */
function takeOver(path, deadOwner) {
  const guard = `${path}.takeover`;
  if (!tryCreate(guard, describeProcess(process.pid))) {
    if (ageMs(guard) > TAKEOVER_MS) rmSync(guard, { force: true });
    return;
  }
  if (read(path) === deadOwner) rmSync(path, { force: true });
  rmSync(guard, { force: true });
}

/** `pid startTime`: a pid alone may have been given to another process since. @param {number} pid */
function describeProcess(pid) {
  return `${pid} ${startTime(pid)}`;
}

/** @param {string} owner */
function isAlive(owner) {
  const pid = Number.parseInt(owner, 10);
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: alive, and another user's.
    if (codeOf(error) !== "EPERM") return false;
  }
  return owner === describeProcess(pid);
}

/** Field 22 of proc_pid_stat(5), counted after the command's name, which may hold blanks; "?" where there is no /proc. @param {number} pid */
function startTime(pid) {
  const stat = read(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "?";
}

/** @param {string} path */
function ageMs(path) {
  return Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
