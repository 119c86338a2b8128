import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunResult } from "@hollowfleet/metrics";

/** The command as a user runs it, built. */
export const hollowBin: string = join(import.meta.dirname, "../../../cli/dist/bin.js");

/** How one command ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when stderr or stdout shows the text; rejects when the command ends before. */
  shows(text: string | RegExp): Promise<void>;
  output(): string;
}

/** Starts `hollow` with its own process group, in a folder of its own. */
export function startHollow(args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(process.execPath, [hollowBin, ...args], {
    cwd: mkdtempSync(join(tmpdir(), "hollow-test-")),
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let stdout = "";
  let stderr = "";
  const watchers = new Set<() => void>();
  const told = (): void => {
    for (const watcher of watchers) watcher();
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    told();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    told();
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (code, signal) => {
      resolve({ code, signal, stdout, stderr });
      told();
    });
  });
  return {
    child,
    ended,
    output: () => stdout + stderr,
    shows(text) {
      return new Promise((resolve, reject) => {
        const look = (): void => {
          const all = stdout + stderr;
          if (typeof text === "string" ? all.includes(text) : text.test(all)) resolve();
          else if (child.exitCode !== null || child.signalCode !== null) {
            reject(new Error(`hollow ended without showing ${String(text)}:\n${all}`));
          } else return;
          watchers.delete(look);
        };
        watchers.add(look);
        look();
      });
    },
  };
}

/** Runs `hollow` to its end. */
export function runHollow(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return startHollow(args, env).ended;
}

export function readResult(dir: string): RunResult {
  return JSON.parse(readFileSync(join(dir, "run.json"), "utf8")) as RunResult;
}

/** Processes of this machine that carry a mark in their environment or on their command line. */
export function processesMarked(mark: string): { pid: number; command: string }[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        const command = readFileSync(`/proc/${entry}/cmdline`, "utf8").replaceAll("\0", " ");
        const environment = readFileSync(`/proc/${entry}/environ`, "utf8");
        return environment.includes(mark) || command.includes(mark) ? [{ pid: Number(entry), command }] : [];
      } catch {
        return [];
      }
    })
    .filter(({ pid }) => pid !== process.pid);
}
