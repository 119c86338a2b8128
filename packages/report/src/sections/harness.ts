import type { RunResult } from "@hollowfleet/metrics";
import { bytes, count, duration, percent, span } from "../figures.ts";
import type { Page } from "../section.ts";
import { type Cell, definitions, table, wrap } from "../table.ts";

/** Whether the simulator kept up. The reasons of an invalid run stand in the headline. */
export function selfCheck({ selfCheck: check }: RunResult, page: Page): readonly string[] {
  const { figures, valid, machineFull } = check;
  const busiest = Math.max(0, ...figures.threads.map((thread) => thread.busyMax10s));
  const seen = figures.heartbeatsPlanned === 0 ? 1 : figures.heartbeatsSeen / figures.heartbeatsPlanned;
  const dropped = figures.startsDue === 0 ? 0 : figures.startsDropped / figures.startsDue;
  const entries: [string, string][] = [
    ["lag", `p99 ${span(figures.lagP99Us)}, up to ${span(figures.smallestLimitUs / 10)} is valid`],
    ["load", `${count(figures.startsDue)} starts due, ${percent(dropped)} dropped, up to 0.1 % is valid`],
    ["threads", `${percent(busiest)} busy at most in 10 s, up to 85 % is valid; ${figures.deadWorkers.length} died`],
    ["beats", `${percent(Math.min(1, seen))} of the lease renewals due were seen, from 95 % is valid`],
  ];
  if (machineFull) {
    const waited = percent(figures.runQueueWaitShare);
    entries.push(["machine", `FULL: a thread waited for a free CPU ${waited} of its time`]);
  }
  const word = page.paint(valid ? "valid" : "INVALID", valid ? "good" : "warn");
  return [`${page.paint("Self-check", "heading")}  ${word}`, ...definitions(entries, page.width)];
}

/** What simulator and control plane used. */
export function resources({ resources: used, manifest }: RunResult, page: Page): readonly string[] {
  const { simulator, controlPlane } = used;
  const seconds = Math.max(0.001, manifest.durationMs / 1000);
  const total = simulator.cpuSeconds + controlPlane.reduce((sum, each) => sum + each.cpuSeconds, 0);
  const row = (name: string, cpuSeconds: number, ...rest: string[]): Cell[] =>
    [name, duration(cpuSeconds * 1000), (cpuSeconds / seconds).toFixed(2), ...rest].map((text) => ({ text }));
  const head = ["", "CPU time", "cores", "memory", "busiest 10 s", "no free CPU"].map(
    (text): Cell => ({ text, style: "faint" }),
  );
  const rows = [
    row("simulator", simulator.cpuSeconds, bytes(simulator.rssBytesMax)),
    ...simulator.threads.map(({ name, cpuSeconds, busyMax10s, runQueueWaitSeconds }) =>
      row(`  ${name}`, cpuSeconds, "", percent(busyMax10s), duration(runQueueWaitSeconds * 1000)),
    ),
    ...controlPlane.map((each) =>
      row(each.component, each.cpuSeconds, each.rssBytesMax === undefined ? "" : bytes(each.rssBytesMax)),
    ),
  ];
  const share = total === 0 || controlPlane.length === 0 ? 0 : simulator.cpuSeconds / total;
  return [
    page.paint("Resources", "heading"),
    ...table([head, ...rows], page.paint, { width: page.width, right: [1, 2, 3, 4, 5] }),
    ...(share === 0 ? [] : wrap(`the simulator used ${percent(share)} of all CPU time`, page.width)),
  ];
}
