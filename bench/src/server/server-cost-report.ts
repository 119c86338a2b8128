import { type Machine, machineLine } from "../shared/machine.ts";
import { markdownTable } from "../shared/results.ts";
import type { Spread } from "../shared/statistics.ts";

/** Server CPU per call, µs. */
export interface CostRow {
  readonly operation: string;
  readonly embeddedUs: Spread;
  /** kube-apiserver and etcd together. */
  readonly realUs: Spread;
  /** Embedded over real, window by window. */
  readonly ratio: Spread;
}

export interface ServerCostResult {
  readonly bench: "server-cost";
  readonly date: string;
  readonly machine: Machine;
  readonly kubernetes: string;
  readonly rate: number;
  readonly objects: number;
  readonly seconds: number;
  readonly rows: readonly CostRow[];
}

export function serverCostMarkdown(result: ServerCostResult): string {
  const text = ({ median, min, max }: Spread, digits: number): string =>
    `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
  const rows = result.rows.map((row) => [
    row.operation,
    text(row.embeddedUs, 0),
    text(row.realUs, 0),
    text(row.ratio, 2),
  ]);
  const head = ["call", "embedded, µs CPU", `kube-apiserver ${result.kubernetes} and etcd, µs CPU`, "ratio"];
  return `# Server CPU per call: the embedded API server beside the real one

${result.date}, ${machineLine(result.machine)}.
${result.rate} calls/s over ${result.objects} objects, ${result.seconds} s per window, alternating; idle use subtracted. Median (smallest–largest).

${markdownTable([head, ...rows])}
`;
}
