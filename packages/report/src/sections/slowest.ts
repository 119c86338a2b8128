import type { CallSeriesResult, RunResult } from "@hollowfleet/metrics";
import { count, percent, span } from "../figures.ts";
import type { Page } from "../section.ts";
import { type Cell, table } from "../table.ts";
import { callName } from "./api-calls.ts";

const seriesMax = 8;

/** A p99 of fewer is one call. */
const callsMin = 20;

/** Where the time went: the series with the highest p99, those of the kubelets too. Watches are no calls. */
export function slowest({ series }: RunResult, page: Page): readonly string[] {
  const shown = series
    .filter((each) => each.intended.count >= callsMin && each.verb !== "WATCH")
    .sort((a, b) => b.intended.quantiles.p99 - a.intended.quantiles.p99)
    .slice(0, seriesMax);
  if (shown.length === 0) return [];
  const head = ["from when due", "code", "calls", "p50", "p99", "max", "by"].map(
    (text): Cell => ({ text, style: "faint" }),
  );
  const rows = [head, ...shown.map(cells)];
  return [
    page.paint("Slowest", "heading"),
    ...table(rows, page.paint, { width: page.width, right: [2, 3, 4, 5] }),
    ...refused(series),
  ];
}

function cells(each: CallSeriesResult): Cell[] {
  const { quantiles } = each.intended;
  const figures = [count(quantiles.count), span(quantiles.p50), span(quantiles.p99), span(quantiles.max)];
  return [
    { text: callName(each) },
    { text: each.code },
    ...figures.map((text) => ({ text })),
    { text: each.source, style: "faint" },
  ];
}

function refused(series: readonly CallSeriesResult[]): string[] {
  const rejected = series.reduce((sum, each) => sum + each.rejected, 0);
  if (rejected === 0) return [];
  const attempts = series.reduce((sum, each) => sum + each.attempts, 0);
  return [`  ${count(rejected)} attempts were answered 429, ${percent(rejected / attempts)} of all`];
}
