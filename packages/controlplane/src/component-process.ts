import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { ComponentName } from "./components/component.ts";
import { componentVariable, runVariable } from "./stop-order.ts";

export interface SpawnOptions {
  readonly name: ComponentName;
  /** The binary. */
  readonly path: string;
  readonly argv: readonly string[];
  /** Receives stdout and stderr. */
  readonly logFile: string;
  /** Marks the process as one of this run, for the watchdog. */
  readonly runId: string;
}

/** One running component. */
export interface ComponentProcess {
  readonly name: ComponentName;
  /** Undefined when it could not be started. */
  readonly pid: number | undefined;
  /** Why it ended, e.g. "exit code 1"; undefined while it runs. */
  readonly endCause: () => string | undefined;
  /** Resolves with the cause when it has ended. */
  readonly ended: Promise<string>;
  /** The last lines of its log, oldest first. */
  logTail(): readonly string[];
  /** TERM, and KILL when it still runs after `graceMs`. Resolves when it has ended. */
  stop(graceMs: number): Promise<void>;
}

/** What Go reads from the environment and a caller may want to set. Nothing else passes: etcd takes ETCD_* for flags. */
const passedVariables = ["PATH", "HOME", "TMPDIR", "GOMAXPROCS", "GOGC", "GOMEMLIMIT"];

/**
 * Starts a component in a process group of its own, so that Ctrl-C does not reach it, with its output in a file, so that
 * it neither blocks nor breaks when we are gone.
 */
export function spawnComponent(options: SpawnOptions): ComponentProcess {
  const passed = passedVariables.flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]]],
  );
  const log = openSync(options.logFile, "a", 0o600);
  const child = spawn(options.path, options.argv, {
    detached: true,
    stdio: ["ignore", log, log],
    env: { ...Object.fromEntries(passed), [runVariable]: options.runId, [componentVariable]: options.name },
  });
  closeSync(log);
  child.unref();
  let cause: string | undefined;
  const ended = new Promise<string>((resolve) => {
    const end = (text: string) => {
      cause ??= text;
      resolve(cause);
    };
    child.once("error", (error) => end(`cannot start: ${error.message}`));
    child.once("exit", (code, signal) => end(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
  return {
    name: options.name,
    pid: child.pid,
    endCause: () => cause,
    ended,
    logTail: () => lastLines(options.logFile, 20),
    stop: (graceMs) => stopChild(child, ended, graceMs),
  };
}

/** Signals go through the child object, which sends none once the process was reaped: its id may be another's by then. */
async function stopChild(child: ChildProcess, ended: Promise<string>, graceMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.ref();
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
  await ended;
  clearTimeout(timer);
}

const tailBytes = 64 * 1024;

/** The last `count` lines of a file, at most the last 64 KiB; none when it cannot be read. */
export function lastLines(path: string, count: number): string[] {
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, tailBytes));
    const read = readSync(file, bytes, 0, bytes.length, size - bytes.length);
    const lines = bytes.toString("utf8", 0, read).split("\n");
    if (size > tailBytes) lines.shift();
    if (lines.at(-1) === "") lines.pop();
    return lines.slice(-count);
  } catch {
    return [];
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
