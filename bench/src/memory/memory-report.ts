import { type Machine, machineLine } from "../shared/machine.ts";
import { markdownTable } from "../shared/results.ts";
import type { MemoryReading } from "./holder.ts";
import { type PartName, partTexts } from "./part.ts";

export interface MemorySettings {
  readonly from: number;
  readonly to: number;
  readonly identity: string;
  readonly connections: string;
  readonly watches: string;
  readonly periods: number;
}

/** One part with its slope, and what it adds to the part before it. */
export interface PartMemory {
  readonly part: PartName;
  readonly readings: readonly MemoryReading[];
  /** Bytes of PSS per node between the first and the last level. */
  readonly slopeBytes: number;
  /** The same of the JavaScript heap and of the buffers outside it; the rest is OpenSSL, nghttp2 and Node's own C++. */
  readonly heapSlopeBytes: number;
  readonly bufferSlopeBytes: number;
  /** Connections that were gone when they were counted, and the like; empty if the figure counts. */
  readonly faults: readonly string[];
}

export interface MemoryResult {
  readonly bench: "memory-per-node";
  readonly date: string;
  readonly machine: Machine;
  readonly kubernetes: string;
  readonly settings: MemorySettings;
  readonly parts: readonly PartMemory[];
}

export function partMemory(part: PartName, readings: readonly MemoryReading[]): PartMemory {
  const [first, last] = [readings[0], readings.at(-1)];
  if (first === undefined || last === undefined || first.nodes === last.nodes) {
    throw new RangeError("a slope needs two levels");
  }
  const slope = (pick: (reading: MemoryReading) => number): number =>
    (pick(last) - pick(first)) / (last.nodes - first.nodes);
  return {
    part,
    readings,
    slopeBytes: slope(({ pssBytes }) => pssBytes),
    heapSlopeBytes: slope(({ heapUsedBytes }) => heapUsedBytes),
    bufferSlopeBytes: slope(({ arrayBufferBytes }) => arrayBufferBytes),
    faults: readings.filter(({ held, nodes }) => held !== nodes).map(({ held, nodes }) => `${held} of ${nodes} held`),
  };
}

/** Powers of ten, since the limits of DESIGN §5 are stricter in them than in KiB. */
export function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}

export function slopeLine({ settings, parts }: MemoryResult): string {
  const whole = parts.at(-1);
  if (whole === undefined) return "nothing was measured";
  const { from, to, identity, connections, watches } = settings;
  const what = whole.part === "kubelet" ? "hollow node" : partTexts[whole.part].replace("+ ", "");
  const faults = whole.faults.length === 0 ? "" : `, does not count: ${whole.faults.join("; ")}`;
  return `memory per ${what}: ${kilobytes(whole.slopeBytes)} KB (PSS, ${from} to ${to}, ${identity}, ${connections}, watches ${watches})${faults}`;
}

export function memoryMarkdown(result: MemoryResult): string {
  const { settings, parts, machine } = result;
  const rows = parts.map(({ part, readings, slopeBytes, heapSlopeBytes, bufferSlopeBytes, faults }, index) => {
    const before = parts[index - 1];
    return [
      partTexts[part],
      ...readings.map(({ pssBytes }) => (pssBytes / 1e6).toFixed(1)),
      kilobytes(slopeBytes),
      before === undefined ? "" : kilobytes(slopeBytes - before.slopeBytes),
      kilobytes(heapSlopeBytes),
      kilobytes(bufferSlopeBytes),
      faults.length === 0 ? "yes" : faults.join("; "),
    ];
  });
  const levels = parts[0]?.readings.map(({ nodes }) => `PSS MB at ${nodes}`) ?? [];
  const head = ["held per node", ...levels, "KB per node", "added, KB", "of it JS heap", "buffers", "counts"];
  const { identity, connections, watches, periods } = settings;
  return `# Memory per hollow node: ${identity}, ${connections}, watches ${watches}

${result.date}, ${machineLine(machine)}.
Kubernetes ${result.kubernetes}. PSS of the process after garbage collection, ${periods} lease periods after the last node was Ready; 1 KB is 1,000 bytes.

${markdownTable([head, ...rows])}

**${slopeLine(result)}**
`;
}
