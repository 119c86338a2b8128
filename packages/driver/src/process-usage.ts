import { readFileSync } from "node:fs";

/** What a process used so far, from /proc. */
export interface ProcessUsage {
  readonly cpuSeconds: number;
  readonly rssBytes: number;
}

/** sysconf(_SC_CLK_TCK) on every Linux that Node runs on (proc(5)). */
const ticksPerSecond = 100;
const pageBytes = 4096;

/** CPU and resident memory of one process; undefined when it is gone or the system has no /proc. */
function processUsage(pid: number): ProcessUsage | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
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

/** Follows the processes of a control plane: CPU since the start, and the highest resident memory that was seen. */
export class ProcessMeter {
  readonly #first = new Map<string, ProcessUsage>();
  readonly #last = new Map<string, ProcessUsage>();
  readonly #peakRss = new Map<string, number>();

  sample(processes: readonly { readonly name: string; readonly pid: number }[]): void {
    for (const { name, pid } of processes) {
      const usage = processUsage(pid);
      if (usage === undefined) continue;
      if (!this.#first.has(name)) this.#first.set(name, usage);
      this.#last.set(name, usage);
      this.#peakRss.set(name, Math.max(usage.rssBytes, this.#peakRss.get(name) ?? 0));
    }
  }

  figures(): { readonly component: string; readonly cpuSeconds: number; readonly rssBytesMax: number }[] {
    return [...this.#last].map(([component, usage]) => ({
      component,
      cpuSeconds: usage.cpuSeconds - (this.#first.get(component)?.cpuSeconds ?? 0),
      rssBytesMax: this.#peakRss.get(component) ?? 0,
    }));
  }
}
