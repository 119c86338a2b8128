import { readFileSync } from "node:fs";
import { CollectedFamily, type Family } from "./families.ts";

/** Families about the process, under the names of client_golang's process collector. */
export function processFamilies(): readonly Family[] {
  return [
    new CollectedFamily(
      "counter",
      { name: "process_cpu_seconds_total", help: "CPU time of the API server's thread in seconds.", labels: [] },
      () => [[[], threadCpuSeconds()]],
    ),
    new CollectedFamily(
      "gauge",
      { name: "process_resident_memory_bytes", help: "Resident memory of the whole process in bytes.", labels: [] },
      () => [[[], process.memoryUsage.rss()]],
    ),
  ];
}

/**
 * CPU time of the calling thread: the API server's own, the simulator beside it not counted. Where the system does not
 * tell it is that of the process.
 */
function threadCpuSeconds(): number {
  try {
    const nanoseconds = Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ", 1)[0]);
    if (Number.isFinite(nanoseconds)) return nanoseconds / 1e9;
  } catch {
    // No Linux, or no schedstat in this kernel.
  }
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
