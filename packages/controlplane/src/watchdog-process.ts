import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";

/** The process that cleans up when we cannot. */
export interface Watchdog {
  readonly pid: number | undefined;
  /** Tells it that nothing is left to do and waits for its end. */
  dismiss(): Promise<void>;
}

/** Starts the watchdog of a run; call it before the run's first component. */
export function startWatchdog(runId: string, runDir: string, logFile: string): Watchdog {
  const log = openSync(logFile, "a", 0o600);
  const program = fileURLToPath(new URL("./watchdog.js", import.meta.url));
  const child = spawn(process.execPath, [program, runId, runDir], {
    detached: true,
    stdio: ["pipe", log, log],
    // Options of ours (an inspector's port, a heap limit) are not for it.
    env: {},
  });
  closeSync(log);
  // On POSIX a child's pipes are sockets, and this one must not keep us alive.
  const pipe = child.stdin as Socket;
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  // A watchdog that died early makes a write fail; the run goes on without it.
  pipe.on("error", () => undefined);
  child.unref();
  pipe.unref();
  return {
    pid: child.pid,
    async dismiss() {
      child.ref();
      pipe.end("done\n");
      await ended;
    },
  };
}
