import { readFileSync } from "node:fs";
import type { ComponentUsage } from "@hollowfleet/metrics";

/** What a process or thread used so far, from /proc. */
export interface ProcessUsage {
  readonly cpuSeconds: number;
  /** Absent for a thread. */
  readonly rssBytes?: number;
}

/** sysconf(_SC_CLK_TCK) on every Linux that Node runs on (proc(5)). */
const ticksPerSecond = 100;
const pageBytes = 4096;

/** A process, or one thread of it. */
export interface Measured {
  readonly name: string;
  readonly pid: number;
  readonly threadId?: number;
}

/** CPU and resident memory of one process; undefined when it is gone or the system has no /proc. */
function usageOf({ pid, threadId }: Measured): ProcessUsage | undefined {
  try {
    const path = threadId === undefined ? `/proc/${pid}/stat` : `/proc/${pid}/task/${threadId}/stat`;
    const usage = parseStat(readFileSync(path, "utf8"));
    // The kernel gives every thread its process's memory; none of it is the thread's own.
    return threadId === undefined ? usage : { cpuSeconds: usage.cpuSeconds };
  } catch {
    return undefined;
  }
}

/** Fields 14, 15 (utime, stime in ticks) and 24 (rss in pages) of proc(5); the name in field 2 may hold spaces. */
function parseStat(stat: string): ProcessUsage {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const field = (number: number): number => Number(fields[number - 3] ?? 0);
  return { cpuSeconds: (field(14) + field(15)) / ticksPerSecond, rssBytes: field(24) * pageBytes };
}

/** Follows the parts of a control plane: CPU since the start, and the highest resident memory that was seen. */
export class ProcessMeter {
  readonly #first = new Map<string, ProcessUsage>();
  readonly #last = new Map<string, ProcessUsage>();
  readonly #peakRss = new Map<string, number>();
  readonly #inOurs = new Set<string>();

  sample(parts: readonly Measured[]): void {
    for (const part of parts) {
      const { name } = part;
      const usage = usageOf(part);
      if (usage === undefined) continue;
      if (part.pid === process.pid) this.#inOurs.add(name);
      if (!this.#first.has(name)) this.#first.set(name, usage);
      this.#last.set(name, usage);
      if (usage.rssBytes !== undefined) {
        this.#peakRss.set(name, Math.max(usage.rssBytes, this.#peakRss.get(name) ?? 0));
      }
    }
  }

  figures(): ComponentUsage[] {
    return [...this.#last].map(([component, usage]) => {
      const rssBytesMax = this.#peakRss.get(component);
      return {
        component,
        cpuSeconds: usage.cpuSeconds - (this.#first.get(component)?.cpuSeconds ?? 0),
        ...(rssBytesMax !== undefined && { rssBytesMax }),
      };
    });
  }

  /** CPU of the parts that run in our own process: part of its total, but not the simulator's. */
  cpuSecondsInOurs(): number {
    const ours = this.figures().filter(({ component }) => this.#inOurs.has(component));
    return ours.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  }
}
