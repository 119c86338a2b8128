import { readFileSync } from "node:fs";
import type { ControlPlane } from "@hollowfleet/controlplane";

/** sysconf(_SC_CLK_TCK) on every Linux that Node runs on (proc(5)). */
const ticksPerSecond = 100;

/** CPU that each part of a control plane has used since it began, in seconds. */
export function planeCpu(plane: ControlPlane): Map<string, number> {
  return new Map(
    plane.processes().map(({ name, pid, threadId }) => {
      const path = threadId === undefined ? `/proc/${pid}/stat` : `/proc/${pid}/task/${threadId}/stat`;
      const stat = readFileSync(path, "utf8");
      // utime and stime, fields 14 and 15; the name in field 2 may hold spaces.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return [name, (Number(fields[11]) + Number(fields[12])) / ticksPerSecond];
    }),
  );
}

/** What was used from one reading to the next. */
export function cpuBetween(before: Map<string, number>, after: Map<string, number>): Map<string, number> {
  return new Map([...after].map(([name, seconds]) => [name, seconds - (before.get(name) ?? 0)]));
}
