import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { processesMarked, type Running, startHollow } from "./hollow.ts";

/** A folder for temporary files of one `hollow`: what it starts can be told from everybody else's by it. */
export interface OwnFolder {
  readonly dir: string;
  /** For `--out`. */
  readonly out: string;
  start(args: readonly string[], env?: NodeJS.ProcessEnv): Running;
  /** What still runs of it, watchdog and `hollow` included. */
  processes(): { pid: number; command: string }[];
  /** The pid of a component, by the name of its binary. */
  pidOf(component: string): number;
  /** Nothing is left within the ten seconds that are promised. */
  nothingLeft(): Promise<void>;
  remove(): void;
}

export function ownFolder(): OwnFolder {
  const dir = mkdtempSync(join(tmpdir(), "hollow-own-"));
  const processes = () => processesMarked(dir);
  return {
    dir,
    out: join(dir, "out"),
    // TMPDIR is one of the few variables that components get to see.
    start: (args, env) => startHollow(args, { TMPDIR: dir, ...env }),
    processes,
    pidOf(component) {
      const found = processes().find(({ command }) => command.split(" ")[0]?.endsWith(`/${component}`));
      if (found === undefined) throw new Error(`${component} does not run`);
      return found.pid;
    },
    async nothingLeft() {
      await expect.poll(processes, { timeout: 10_000, interval: 100 }).toEqual([]);
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
