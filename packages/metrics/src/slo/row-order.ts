import type { VerdictStatus } from "../outcome.ts";
import type { SloRow } from "../verdict.ts";

const rank: Readonly<Record<VerdictStatus, number>> = { failed: 0, "not-judgeable": 1, passed: 2, "no-data": 3 };

/** What a reader looks for first: failures, then the slowest in proportion to their limit. */
export function compareRows(a: SloRow, b: SloRow): number {
  if (a.status !== b.status) return rank[a.status] - rank[b.status];
  const slowness = (row: SloRow): number => (row.p99Us ?? 0) / row.limitUs;
  return slowness(b) - slowness(a) || b.count - a.count || nameOf(a).localeCompare(nameOf(b), "en");
}

function nameOf(row: SloRow): string {
  return `${row.resource}/${row.subresource} ${row.verb} ${row.scope}`;
}
