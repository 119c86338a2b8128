import type { RunResult } from "@hollowfleet/metrics";
import { count, counted, percent, span } from "../figures.ts";
import type { Page } from "../section.ts";
import { definitions } from "../table.ts";

/** Nodes, their leases, and what was left behind. */
export function nodes({ nodes: fleet, leases, cleanup }: RunResult, page: Page): readonly string[] {
  const { readyAfter } = fleet;
  const ready = readyAfter.count === 0 ? "" : `; Ready after p50 ${span(readyAfter.p50)}, p99 ${span(readyAfter.p99)}`;
  const entries: [string, string][] = [
    [
      "nodes",
      `${count(fleet.planned)} planned, ${count(fleet.registered)} registered, ${count(fleet.ready)} Ready${ready}; ` +
        `${counted(fleet.notReadyOnceReady, "time")} NotReady once Ready`,
    ],
    ["leases", leaseText(leases)],
    ["cleanup", cleanupText(cleanup)],
  ];
  return [page.paint("Nodes and leases", "heading"), ...definitions(entries, page.width)];
}

function leaseText({ due, seen, lateOurs, lateServer, gap, delay }: RunResult["leases"]): string {
  if (due === 0) return "none due in the time observed";
  const late = `late (gap above 15 s): ${count(lateOurs)} by us, ${count(lateServer)} by the server`;
  const gaps = gap.count === 0 ? "" : `; longest gap ${span(gap.max)}`;
  const delays = delay.count === 0 ? "" : `; own delay p99 ${span(delay.p99)}`;
  return `${count(due)} renewals due, ${count(seen)} seen (${percent(seen / due)}); ${late}${gaps}${delays}`;
}

function cleanupText({ state, left }: RunResult["cleanup"]): string {
  if (state === "skipped") return "skipped";
  if (state === "clean") return "everything deleted, nothing left";
  return `LEFT OVER: ${left.map(({ resource, count: number }) => `${count(number)} ${resource}`).join(", ")}`;
}
