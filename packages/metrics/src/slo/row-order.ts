import type { VerdictStatus } from "../outcome.ts";
import type { SloRow } from "../verdict.ts";

const rank: Readonly<Record<VerdictStatus, number>> = { failed: 0, "not-judgeable": 1, passed: 2, "no-data": 3 };

/** What a reader looks for first: failures, then the most over the limit, then the slowest for it. */
export function compareRows(a: SloRow, b: SloRow): number {
  if (a.status !== b.status) return rank[a.status] - rank[b.status];
  const overShare = (row: SloRow): number => (row.count === 0 ? 0 : row.overLimit / row.count);
  const slowness = (row: SloRow): number => (row.p99Us ?? 0) / row.limitUs;
  return (
    overShare(b) - overShare(a) ||
    slowness(b) - slowness(a) ||
    b.count - a.count ||
    nameOf(a).localeCompare(nameOf(b), "en")
  );
}

function nameOf(row: SloRow): string {
  return `${row.resource}/${row.subresource} ${row.verb} ${row.scope}`;
}
