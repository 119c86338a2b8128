import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import type { LocalControlPlane } from "@hollowfleet/controlplane";
import { nodesGroup, nodeToken, nodeUser } from "@hollowfleet/fleet";
import { measureLevels } from "./memory/holder.ts";
import {
  kilobytes,
  type MemoryResult,
  type MemorySettings,
  memoryMarkdown,
  type PartMemory,
  partMemory,
  slopeLine,
} from "./memory/memory-report.ts";
import { memoryNodeName } from "./memory/node-client.ts";
import { type HolderPlan, type NodeIdentity, type PartName, partNames } from "./memory/part.ts";
import { withControlPlane } from "./shared/control-plane.ts";
import { oneOf, positive, readFlags } from "./shared/flags.ts";
import { describeMachine } from "./shared/machine.ts";
import { writeResults } from "./shared/results.ts";
import { runMain } from "./shared/run-main.ts";
import { resultsDir } from "./shared/workspace.ts";

const flags = {
  from: { value: "2000", help: "nodes at the first reading" },
  to: { value: "10000", help: "nodes at the second reading" },
  identity: { value: "node-cert", help: "node-cert or node-token" },
  connections: { value: "per-node", help: "per-node or pooled (needs node-token)" },
  watches: { value: "pods", help: "pods or all five" },
  parts: { value: "auto", help: `of ${partNames.join(",")}; auto: all of them, for pooled connections kubelet alone` },
  periods: { value: "3", help: "lease periods of 10.2 s between the last node Ready and a reading" },
  "node-rate": { value: "100", help: "nodes registered per second" },
  out: { value: resultsDir, help: "folder for results" },
};

/** The kubelet's mean: 10 s and up to 4 % of jitter (component-helpers/apimachinery/lease/controller.go). */
const leasePeriodMs = 10_200;

/** Connections without a node: the API server ends idle ones after 90 s, so they are made fast and read soon. */
const connectionRatePerS = 300;
const connectionSettleMs = 5000;

type Values = Record<keyof typeof flags, string>;

async function main(): Promise<void> {
  const values = readFlags(flags, process.argv.slice(2));
  if (values === undefined) return;
  const settings = settingsOf(values);
  const parts = partsOf(values, settings);
  const secret = randomBytes(16).toString("hex");
  const machine = describeMachine();
  const result = await withControlPlane(planeOptions(settings, secret), async (plane): Promise<MemoryResult> => {
    const measured: PartMemory[] = [];
    for (const part of parts) measured.push(await measurePart(plane, part, settings, secret, values));
    const date = new Date().toISOString();
    const kubernetes = plane.version.gitVersion;
    return { bench: "memory-per-node", date, machine, kubernetes, settings, parts: measured };
  });
  const { identity, connections, watches } = settings;
  writeResults(resolve(values.out), `memory-${identity}-${connections}-${watches}`, result, memoryMarkdown(result));
  console.log(slopeLine(result));
}

function settingsOf(values: Values): MemorySettings {
  const settings = {
    from: positive("from", values.from),
    to: positive("to", values.to),
    identity: oneOf("identity", values.identity, ["node-cert", "node-token"]),
    connections: oneOf("connections", values.connections, ["per-node", "pooled"]),
    watches: oneOf("watches", values.watches, ["pods", "all"]),
    periods: positive("periods", values.periods),
  };
  if (settings.to <= settings.from) throw new Error("--to must be above --from");
  if (settings.connections === "pooled" && settings.identity === "node-cert") {
    throw new Error("a certificate binds a connection: --connections pooled needs --identity node-token");
  }
  return settings;
}

function partsOf(values: Values, { connections }: MemorySettings): PartName[] {
  if (values.parts === "auto") return connections === "pooled" ? ["kubelet"] : [...partNames];
  const parts = values.parts.split(",").map((part) => oneOf("parts", part, partNames));
  if (connections === "pooled" && parts.some((part) => part !== "kubelet")) {
    throw new Error("only the part kubelet can share connections");
  }
  return parts;
}

/** The token file of kube-apiserver is read at its start, so it lists every node that will be. */
function planeOptions({ identity, to }: MemorySettings, secret: string): Parameters<typeof withControlPlane>[0] {
  if (identity === "node-cert") return {};
  const staticTokens = Array.from({ length: to }, (_, index) => {
    const name = memoryNodeName(index);
    return { token: nodeToken(secret, name), user: nodeUser(name), groups: [nodesGroup] };
  });
  return { staticTokens };
}

async function measurePart(
  plane: LocalControlPlane,
  part: PartName,
  settings: MemorySettings,
  secret: string,
  values: Values,
): Promise<PartMemory> {
  const isFleet = part === "kubelet";
  const plan: HolderPlan = {
    part,
    server: plane.endpoint.server,
    caPem: plane.endpoint.caPem,
    version: [plane.version.major, plane.version.minor],
    identity: identityOf(plane, settings, secret),
    connections: settings.connections as HolderPlan["connections"],
    watches: settings.watches as HolderPlan["watches"],
    nodeRatePerS: isFleet ? positive("node-rate", values["node-rate"]) : connectionRatePerS,
  };
  const settleMs = isFleet ? settings.periods * leasePeriodMs : connectionSettleMs;
  const readings = await measureLevels(plan, [settings.from, settings.to], settleMs, ({ nodes, held, pssBytes }) => {
    console.log(`${part}: ${held} of ${nodes} held, PSS ${(pssBytes / 1e6).toFixed(1)} MB`);
  });
  const measured = partMemory(part, readings);
  console.log(`${part}: ${kilobytes(measured.slopeBytes)} KB per node`);
  return measured;
}

function identityOf(plane: LocalControlPlane, { identity }: MemorySettings, secret: string): NodeIdentity {
  if (identity === "node-token") return { kind: "node-token", secret };
  if (plane.nodeAuthority === undefined) throw new Error("a local control plane has the cluster's authority");
  return { kind: "node-cert", authority: plane.nodeAuthority };
}

await runMain(main);
