import type { SloKey } from "../verdict.ts";
import { apiSloRow } from "./api-slo.ts";
import { type RequestCount, type RequestKey, requestKey, type ServerScrape, type SliSeries } from "./server-scrape.ts";

/** Requests of one row in one stretch of time, as cumulative buckets. */
export interface SliReading {
  readonly buckets: readonly number[];
  readonly count: number;
}

/** One row of the SLO with what happened to it between every two scrapes that follow each other. */
export interface SliRow {
  readonly key: SloKey;
  readonly limitUs: number;
  readonly intervals: readonly SliReading[];
}

/**
 * The rows that the SLO covers. GET and LIST of a scope are one row, as the SLI is per (resource, scope). A row whose
 * requests were all refused has no SLI series, and is a row all the same.
 */
export function sliRows(scrapes: readonly ServerScrape[], boundCount: number): SliRow[] {
  const perScrape = scrapes.map((scrape) => new Map(scrape.sli.map((series) => [requestKey(series), series])));
  const seen = new Map<string, RequestKey>();
  for (const { sli, requests, terminations } of scrapes) {
    for (const series of [sli, requests, terminations].flat()) seen.set(requestKey(series), series);
  }
  const rows = new Map<string, { key: SloKey; limitUs: number; intervals: SliReading[] }>();
  for (const [name, series] of seen) {
    const covered = apiSloRow(series);
    if (covered === undefined) continue;
    const key = officialKey(covered.key);
    const intervals = perScrape.slice(1).map((scrape, index) => {
      return difference(scrape.get(name), perScrape[index]?.get(name), boundCount);
    });
    const rowName = requestKey(key);
    const known = rows.get(rowName);
    if (known === undefined) rows.set(rowName, { key, limitUs: covered.limitUs, intervals });
    else known.intervals = known.intervals.map((reading, at) => sumReadings([reading, intervals[at]], boundCount));
  }
  return [...rows.values()];
}

export function sumReadings(readings: readonly (SliReading | undefined)[], boundCount: number): SliReading {
  const buckets = new Array<number>(boundCount).fill(0);
  let count = 0;
  for (const reading of readings) {
    if (reading === undefined || reading.count === 0) continue;
    count += reading.count;
    for (let index = 0; index < boundCount; index++)
      buckets[index] = (buckets[index] ?? 0) + (reading.buckets[index] ?? 0);
  }
  return { buckets, count };
}

/** GET and LIST under one name; everything else as it is. */
function officialKey(key: SloKey): SloKey {
  return key.verb === "GET" || key.verb === "LIST" ? { ...key, verb: "GET|LIST" } : key;
}

/** The growth of each counter over the whole time, by row and code. A counter that fell began anew with its server. */
export function countGrowth(
  scrapes: readonly ServerScrape[],
  countsOf: (scrape: ServerScrape) => readonly RequestCount[],
): Map<string, Map<string, number>> {
  const growth = new Map<string, Map<string, number>>();
  let before = new Map<string, number>();
  scrapes.forEach((scrape, index) => {
    const now = new Map<string, number>();
    for (const series of countsOf(scrape)) {
      const row = requestKey(officialKey(series));
      const name = `${requestKey(series)}\u0000${series.code}`;
      now.set(name, series.count);
      if (index === 0) continue;
      const last = before.get(name) ?? 0;
      const codes = growth.get(row) ?? new Map<string, number>();
      codes.set(
        series.code,
        (codes.get(series.code) ?? 0) + (series.count < last ? series.count : series.count - last),
      );
      growth.set(row, codes);
    }
    before = now;
  });
  return growth;
}

function difference(later: SliSeries | undefined, earlier: SliSeries | undefined, boundCount: number): SliReading {
  if (later === undefined) return { buckets: new Array<number>(boundCount).fill(0), count: 0 };
  if (earlier === undefined || later.count < earlier.count) return later;
  return {
    buckets: later.buckets.map((value, index) => value - (earlier.buckets[index] ?? 0)),
    count: later.count - earlier.count,
  };
}
