import { machineLine } from "../shared/machine.ts";
import { markdownTable } from "../shared/results.ts";
import { cpuUsPerCall, type LeaseCostResult, type LeasePair } from "./lease-cost-result.ts";

/** One pair while the run goes on. */
export function pairLine(number: number, pair: LeasePair): string {
  const ours = cpuUsPerCall(pair.ours).toFixed(0);
  const clientGo = cpuUsPerCall(pair.clientGo).toFixed(0);
  const faults = pair.faults.length === 0 ? "" : `   does not count: ${pair.faults.join("; ")}`;
  return `pair ${number} (${pair.first} first): ours ${ours} µs, client-go ${clientGo} µs, ratio ${pair.ratio.toFixed(2)}${faults}`;
}

/** The line that the run ends with. */
export function ratioLine({ settings, ratio, pairs }: LeaseCostResult): string {
  const what = `ratio lease PUT, ${connectionsText(settings.connections)}`;
  if (ratio === null) return `${what}: no pair counts`;
  const good = pairs.filter(({ faults }) => faults.length === 0).length;
  const few = good < 5 ? `, only ${good} pairs` : "";
  return `${what}: ${ratio.median.toFixed(2)} (ours / client-go), ${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)}${few}`;
}

export function leaseCostMarkdown(result: LeaseCostResult): string {
  const { settings, pairs, machine } = result;
  const { rate, connections, leases, identity, warmUpSeconds, seconds } = settings;
  const rows = pairs.map((pair, index) => [
    `${index + 1}, ${pair.first} first`,
    cpuUsPerCall(pair.ours).toFixed(0),
    cpuUsPerCall(pair.clientGo).toFixed(0),
    pair.ratio.toFixed(2),
    `${pair.ours.connections} / ${pair.clientGo.connections}`,
    mebibytes(pair.ours.rssBytes),
    mebibytes(pair.clientGo.rssBytes),
    pair.faults.length === 0 ? "yes" : pair.faults.join("; "),
  ]);
  const head = [
    "pair",
    "ours, µs CPU per PUT",
    "client-go, µs",
    "ratio",
    "connections",
    "ours, RSS MiB",
    "client-go, RSS MiB",
    "counts",
  ];
  return `# CPU per lease PUT: ours beside client-go, ${connectionsText(connections)}

${result.date}, ${machineLine(machine)}.
Kubernetes ${result.kubernetes}, k8s.io/client-go ${result.clientGo}. ${rate} PUTs/s over ${leases} leases, identity ${identity}, ${warmUpSeconds} s warm-up, ${seconds} s measured.

${markdownTable([head, ...rows])}

**${ratioLine(result)}**
`;
}

function connectionsText(connections: number): string {
  return connections === 1 ? "1 connection" : `${connections.toLocaleString("en")} connections`;
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}
