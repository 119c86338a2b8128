import type { ClientSideRow, OfficialRow, OfficialVerdict, RunResult, SloKey } from "@hollowfleet/metrics";
import { count, counted, percent, span } from "../figures.ts";
import type { Page } from "../section.ts";
import { statusStyle, statusWord } from "../status.ts";
import { type Cell, table, wrap } from "../table.ts";

/** Rows that are neither failures nor the driver's own are cut off here; `run.json` has them all. */
const rowsMax = 14;

/** One call with what the server said of it and what the driver felt. */
interface Line {
  readonly key: SloKey;
  readonly limitUs: number;
  readonly official?: OfficialRow;
  readonly clientSide?: ClientSideRow;
}

/** Both verdicts on API calls, side by side. */
export function apiCalls({ verdicts }: RunResult, page: Page): readonly string[] {
  const { official, clientSide } = verdicts;
  const lines = pair(official.rows, clientSide.rows);
  const shown = lines.filter((line, index) => index < rowsMax || isNotable(line));
  const rows = shown.map(cells);
  const head = ["p99 of each call", "limit", "official", "", "client", ""].map(
    (text): Cell => ({ text, style: "faint" }),
  );
  const hidden = lines.length - shown.length;
  return [
    page.paint("API calls", "heading"),
    ...(lines.length === 0 ? ["  none"] : table([head, ...rows], page.paint, { width: page.width, right: [1, 2, 4] })),
    ...(hidden > 0 ? [page.paint(`  and ${hidden} more in run.json, none of them failed`, "faint")] : []),
    ...notes(official, clientSide.rows, page),
  ];
}

function notes(official: OfficialVerdict, rows: readonly ClientSideRow[], page: Page): string[] {
  const { envelope, outside } = official;
  const notes = [`official: the server's own SLI histograms, ${official.note}`];
  if (official.rows.length > 0) notes.push("≤ is the upper end of the server's bucket: it knows no more");
  notes.push("client: the driver's calls from when they were due; failures and dropped starts count as over");
  const [failed, dropped] = [sum(rows, (row) => row.failed), sum(rows, (row) => row.dropped)];
  if (failed + dropped > 0)
    notes.push(`client: ${counted(failed, "call")} failed, ${counted(dropped, "start")} dropped`);
  const lost = outside.rejected + outside.terminated + outside.serverErrors;
  if (lost > 0) {
    notes.push(
      `never reached the SLI: ${count(outside.rejected)} rejected (429), ${count(outside.terminated)} terminated, ` +
        `${count(outside.serverErrors)} server errors, ${percent(official.outsideShare)} of all; above 1 % a row is UNCLEAR`,
    );
  }
  notes.push(
    envelope.inside
      ? "the load was inside what the SLOs promise to hold for"
      : `outside what the SLOs promise: ${envelope.left.map((each) => each.sentence).join("; ")}`,
  );
  return notes.flatMap((note) => wrap(note, page.width, 2, 4).map((line) => page.paint(line, "faint")));
}

/** The driver's own calls with the official row of each, then the official rows that the driver did not call. */
function pair(official: readonly OfficialRow[], clientSide: readonly ClientSideRow[]): Line[] {
  const used = new Set<OfficialRow>();
  const lines = clientSide.map((row): Line => {
    const match = official.find((each) => sameCall(each, row));
    if (match !== undefined) used.add(match);
    return { key: row, limitUs: row.limitUs, ...(match === undefined ? {} : { official: match }), clientSide: row };
  });
  const rest = official
    .filter((row) => !used.has(row))
    .map((row): Line => ({ key: row, limitUs: row.limitUs, official: row }));
  return [...lines, ...rest].sort((a, b) => Number(isNotable(b)) - Number(isNotable(a)));
}

/** The driver's series know no API group; no two built-in resources that it calls share a name but for it. */
function sameCall(official: OfficialRow, { verb, resource, subresource, scope }: ClientSideRow): boolean {
  const sameVerb = official.verb === verb || official.verb.split("|").includes(verb);
  return sameVerb && official.resource === resource && official.subresource === subresource && official.scope === scope;
}

function isNotable({ official, clientSide }: Line): boolean {
  return [official?.status, clientSide?.status].some((status) => status === "failed" || status === "not-judgeable");
}

function cells({ key, limitUs, official, clientSide }: Line): Cell[] {
  return [
    { text: callName(key) },
    { text: span(limitUs) },
    { text: official === undefined ? "" : officialP99(official) },
    statusCell(official),
    { text: clientSide === undefined ? "" : clientP99(clientSide) },
    statusCell(clientSide),
  ];
}

function officialP99({ p99Us, p99BoundUs }: OfficialRow): string {
  if (p99Us === undefined || p99BoundUs === undefined) return "";
  return p99BoundUs === null ? `> ${span(p99Us)}` : `${span(p99Us)} ≤ ${span(p99BoundUs)}`;
}

/** Of a row that failed, the share over the limit: its p99 may look fine where calls failed fast. */
function clientP99({ status, p99Us, count: calls, overLimit }: ClientSideRow): string {
  if (status === "failed") return `${percent(overLimit / calls)} over`;
  return p99Us === undefined ? "" : span(p99Us);
}

function statusCell(row: OfficialRow | ClientSideRow | undefined): Cell {
  return row === undefined ? { text: "" } : { text: statusWord(row.status), style: statusStyle(row.status) };
}

/** "POST pods/binding", "LIST pods in a namespace". */
export function callName({ verb, resource, subresource, scope }: Omit<SloKey, "group">): string {
  const name = subresource === "" ? resource : `${resource}/${subresource}`;
  const place = scope === "namespace" ? " in ns" : scope === "cluster" ? " in cluster" : "";
  return `${verb} ${name}${place}`;
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0);
}
