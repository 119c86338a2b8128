import { readdirSync, readFileSync } from "node:fs";
import { componentVariable, runVariable } from "./stop-order.ts";

/** A process that belongs to a run. */
export interface MarkedProcess {
  readonly pid: number;
  /** What it is, as its environment says. */
  readonly component: string;
  /** Clock ticks after boot at which it started: with the id, it names one process for good. */
  readonly startTicks: string;
}

/** The processes whose environment carries this run's id. Other users' cannot be read and are not ours. */
export function processesOfRun(runId: string, procDir = "/proc"): MarkedProcess[] {
  const wanted = `${runVariable}=${runId}`;
  return readdirSync(procDir)
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      const variables = read(`${procDir}/${entry}/environ`)?.split("\0");
      const startTicks = startTicksOf(Number(entry), procDir);
      if (startTicks === undefined || variables?.includes(wanted) !== true) return [];
      const component = variables.find((variable) => variable.startsWith(`${componentVariable}=`)) ?? "";
      return [{ pid: Number(entry), component: component.slice(componentVariable.length + 1), startTicks }];
    });
}

/**
 * Field 22 of /proc/PID/stat; undefined when there is no such process, or only what is left of it for its parent to
 * collect (state Z). The second field may hold anything, spaces and parentheses too.
 */
export function startTicksOf(pid: number, procDir = "/proc"): string | undefined {
  const stat = read(`${procDir}/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields === undefined || fields[0] === "Z" ? undefined : fields[22 - 3];
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
