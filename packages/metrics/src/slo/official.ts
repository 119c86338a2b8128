import { combinedStatus, type VerdictStatus } from "../outcome.ts";
import type { EnvelopeVerdict, OfficialRow, OfficialVerdict } from "../verdict.ts";
import { minSamples, withinP99 } from "./api-slo.ts";
import { bucketQuantile } from "./bucket-quantile.ts";
import { countGrowth, type SliReading, type SliRow, sliRows, sumReadings } from "./intervals.ts";
import { compareRows } from "./row-order.ts";
import { requestKey, type ServerScrape } from "./server-scrape.ts";

/** The SLI's window (slos/api_call_latency.md): "over last 5 min". */
const windowMs = 300_000;

/** Scrapes come a little early or late; a window may be that much shorter. */
const toleranceMs = 5000;

/** Above this share of requests that never reached the SLI histogram, the histogram does not tell the truth. */
const outsideShareMax = 0.01;

/**
 * The official API call SLO from scrapes of one API server, first before the load and then every 60 s, in order. Each row
 * is judged by its worst 5-minute window and by the whole run, whichever is worse.
 */
export function judgeOfficial(scrapes: readonly ServerScrape[], envelope: EnvelopeVerdict): OfficialVerdict {
  const none = { rejected: 0, terminated: 0, serverErrors: 0, flowControlRejected: 0 };
  if (scrapes.length < 2) {
    const note = "no reading: the server was scraped less than twice";
    return { status: "no-data", reading: "none", note, rows: [], envelope, outside: none, outsideShare: 0 };
  }
  const windows = windowsOf(scrapes);
  const bounds = scrapes.find((scrape) => scrape.boundsSeconds.length > 0)?.boundsSeconds ?? [];
  const lost = outsideCounts(scrapes);
  const rows = sliRows(scrapes, bounds.length).map((row) =>
    judgeRow(row, windows, bounds, lost.get(requestKey(row.key))),
  );
  const ofRows = rows.flatMap((row) => lost.get(requestKey(row)) ?? []);
  const sum = (of: (counts: OutsideCounts) => number): number => ofRows.reduce((total, each) => total + of(each), 0);
  const outside = sum((counts) => counts.rejected + counts.terminated + counts.serverErrors);
  const all = rows.reduce((total, row) => total + row.total, 0);
  return {
    status: combinedStatus(rows.map((row) => row.status)),
    ...readingOf(scrapes, windows.length),
    rows: rows
      .filter((row) => row.total > 0)
      .map(({ total: _, ...row }): OfficialRow => row)
      .sort(compareRows),
    envelope,
    outside: {
      rejected: sum((counts) => counts.rejected),
      terminated: sum((counts) => counts.terminated),
      serverErrors: sum((counts) => counts.serverErrors),
      flowControlRejected: Math.max(
        0,
        (scrapes.at(-1)?.flowControlRejected ?? 0) - (scrapes[0]?.flowControlRejected ?? 0),
      ),
    },
    outsideShare: all === 0 ? 0 : outside / all,
  };
}

interface OutsideCounts {
  readonly rejected: number;
  readonly terminated: number;
  readonly serverErrors: number;
  /** All requests of the row that the server counted anywhere. */
  readonly total: number;
}

/**
 * The server counts a rejected request as a termination, as a request, or as both, depending on the filter that refused
 * it (apiserver filters/maxinflight.go, priority-and-fairness.go, timeout.go); the larger of the two counts is taken.
 */
function outsideCounts(scrapes: readonly ServerScrape[]): Map<string, OutsideCounts> {
  const requests = countGrowth(scrapes, (scrape) => scrape.requests);
  const terminations = countGrowth(scrapes, (scrape) => scrape.terminations);
  const result = new Map<string, OutsideCounts>();
  for (const row of new Set([...requests.keys(), ...terminations.keys()])) {
    const counted = requests.get(row) ?? new Map<string, number>();
    const ended = terminations.get(row) ?? new Map<string, number>();
    const of = { rejected: 0, terminated: 0, serverErrors: 0, total: 0 };
    for (const code of new Set([...counted.keys(), ...ended.keys()])) {
      const asRequest = counted.get(code) ?? 0;
      const asTermination = ended.get(code) ?? 0;
      of.total += Math.max(asRequest, asTermination);
      if (code === "429") of.rejected += Math.max(asRequest, asTermination);
      else {
        of.terminated += asTermination;
        if (code.startsWith("5")) of.serverErrors += Math.max(0, asRequest - asTermination);
      }
    }
    result.set(row, of);
  }
  return result;
}

type JudgedRow = OfficialRow & { readonly total: number };

function judgeRow(
  row: SliRow,
  windows: readonly Window[],
  boundsSeconds: readonly number[],
  outside: OutsideCounts | undefined,
): JudgedRow {
  const whole = sumReadings(row.intervals, boundsSeconds.length);
  const lost = outside === undefined ? 0 : outside.rejected + outside.terminated + outside.serverErrors;
  const total = Math.max(outside?.total ?? 0, whole.count);
  const worst = worstReading(row, windows, boundsSeconds, whole);
  const overLimit = countOver(worst.reading, boundsSeconds, row.limitUs);
  const p99 = bucketQuantile(0.99, boundsSeconds, worst.reading.buckets, worst.reading.count);
  return {
    ...row.key,
    status: statusOf(worst.reading.count, overLimit, lost, total),
    limitUs: row.limitUs,
    count: worst.reading.count,
    overLimit,
    ...(p99 === undefined ? {} : { p99Us: p99.us, p99BoundUs: p99.boundUs }),
    basis: worst.basis,
    windows: windows.length,
    outside: lost,
    total,
  };
}

/** A failure that is seen stands, whatever was not seen. */
function statusOf(count: number, overLimit: number, lost: number, total: number): VerdictStatus {
  if (count >= minSamples && !withinP99(count, overLimit)) return "failed";
  if (total >= minSamples && lost > outsideShareMax * total) return "not-judgeable";
  return count < minSamples ? "no-data" : "passed";
}

/** Of all readings with enough samples, the one with the largest share over the limit; a window before the whole run. */
function worstReading(
  row: SliRow,
  windows: readonly Window[],
  boundsSeconds: readonly number[],
  whole: SliReading,
): { readonly reading: SliReading; readonly basis: OfficialRow["basis"] } {
  const share = (reading: SliReading): number => countOver(reading, boundsSeconds, row.limitUs) / reading.count;
  const p99 = (reading: SliReading): number =>
    bucketQuantile(0.99, boundsSeconds, reading.buckets, reading.count)?.us ?? 0;
  let worst: SliReading | undefined;
  for (const { from, to } of windows) {
    const reading = sumReadings(row.intervals.slice(from, to), boundsSeconds.length);
    if (reading.count < minSamples) continue;
    if (worst === undefined || share(reading) > share(worst)) worst = reading;
    else if (share(reading) === share(worst) && p99(reading) > p99(worst)) worst = reading;
  }
  if (worst === undefined || (whole.count >= minSamples && share(whole) > share(worst))) {
    return { reading: whole, basis: "whole-run" };
  }
  return { reading: worst, basis: "window" };
}

/** Exact where the limit is a bucket's bound, as 1 s and 30 s are; else the bucket that holds the limit counts as over. */
function countOver(reading: SliReading, boundsSeconds: readonly number[], limitUs: number): number {
  const index = boundsSeconds.findLastIndex((bound) => bound * 1e6 <= limitUs);
  return reading.count - (reading.buckets[index] ?? 0);
}

/** A window as a range of intervals between scrapes, `to` excluded. */
interface Window {
  readonly from: number;
  readonly to: number;
}

function windowsOf(scrapes: readonly ServerScrape[]): Window[] {
  const windows: Window[] = [];
  scrapes.forEach((end, to) => {
    const from = scrapes.findLastIndex((start) => end.atMs - start.atMs >= windowMs - toleranceMs);
    if (from >= 0) windows.push({ from, to });
  });
  return windows;
}

function readingOf(scrapes: readonly ServerScrape[], windows: number): Pick<OfficialVerdict, "reading" | "note"> {
  if (windows > 0) {
    return { reading: "windows", note: `worst of ${windows} window${windows === 1 ? "" : "s"} of 5 minutes` };
  }
  const seconds = Math.round(((scrapes.at(-1)?.atMs ?? 0) - (scrapes[0]?.atMs ?? 0)) / 1000);
  return { reading: "whole-run", note: `no official window, whole-run reading (${seconds} s)` };
}
