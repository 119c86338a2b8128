import type { Labels } from "../builtin.ts";
import { countAbove, type HistogramData, mergeHistograms, quantiles } from "../histogram.ts";
import { combinedStatus } from "../outcome.ts";
import type { Snapshot } from "../snapshot.ts";
import type { ClientSideRow, ClientSideVerdict, SloKey } from "../verdict.ts";
import { apiSloRow, minSamples, withinP99 } from "./api-slo.ts";
import { callOutcome } from "./call-outcome.ts";
import { compareRows } from "./row-order.ts";
import { requestKey } from "./server-scrape.ts";

interface Row {
  readonly key: SloKey;
  readonly limitUs: number;
  readonly intended: HistogramData[];
  answeredOver: number;
  failed: number;
  dropped: number;
}

/**
 * What users felt: the driver's own calls per (verb, resource, subresource, scope), from when each was due, against the
 * official limits. A call that failed and a start that was dropped count as over the limit.
 */
export function judgeClientSide(snapshot: Snapshot): ClientSideVerdict {
  const rows = new Map<string, Row>();
  for (const series of snapshot.calls) {
    const outcome = callOutcome(series.code);
    const row = series.source === "driver" && outcome !== "ours" ? rowOf(rows, series) : undefined;
    if (row === undefined) continue;
    row.intended.push(series.intended);
    if (outcome === "failed") row.failed += series.intended.count;
    else row.answeredOver += countAbove(series.intended, row.limitUs);
  }
  for (const { metric, labels, value } of snapshot.counters) {
    const row = metric === "dropped_starts" ? rowOf(rows, labels) : undefined;
    if (row !== undefined) row.dropped += value;
  }
  const judged = [...rows.values()].map(judgeRow).sort(compareRows);
  return { status: combinedStatus(judged.map((row) => row.status)), rows: judged };
}

function rowOf(rows: Map<string, Row>, labels: Labels | Omit<SloKey, "group">): Row | undefined {
  const { verb = "", resource = "", subresource = "", scope = "" } = labels as Labels;
  // The driver makes calls to built-in resources only, and its series know no group.
  const covered = apiSloRow({ group: "", resource, subresource, verb, scope });
  if (covered === undefined) return undefined;
  const name = requestKey(covered.key);
  const known = rows.get(name);
  if (known !== undefined) return known;
  const row: Row = { ...covered, intended: [], answeredOver: 0, failed: 0, dropped: 0 };
  rows.set(name, row);
  return row;
}

function judgeRow(row: Row): ClientSideRow {
  const latency = mergeHistograms(row.intended);
  const count = latency.count + row.dropped;
  const overLimit = row.answeredOver + row.failed + row.dropped;
  return {
    ...row.key,
    status: count < minSamples ? "no-data" : withinP99(count, overLimit) ? "passed" : "failed",
    limitUs: row.limitUs,
    count,
    overLimit,
    failed: row.failed,
    dropped: row.dropped,
    ...(latency.count === 0 ? {} : { p99Us: quantiles(latency).p99 }),
  };
}
