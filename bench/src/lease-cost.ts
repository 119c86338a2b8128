import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { LocalControlPlane } from "@hollowfleet/controlplane";
import { createLeases } from "./lease/create-leases.ts";
import { buildGoPeer, type GoPeer } from "./lease/go-peer.ts";
import { identityFlags, type LeaseIdentity, leaseIdentities, serverFlags } from "./lease/identity-files.ts";
import { leaseCostMarkdown, pairLine, ratioLine } from "./lease/lease-cost-report.ts";
import {
  type LeaseCostResult,
  type LeaseCostSettings,
  type LeasePair,
  pairOf,
  summarise,
} from "./lease/lease-cost-result.ts";
import { leasePrefix, userAgent } from "./lease/lease-load.ts";
import { startPeer } from "./lease/peer.ts";
import { withControlPlane } from "./shared/control-plane.ts";
import { oneOf, positive, positives, readFlags } from "./shared/flags.ts";
import { describeMachine, type Machine } from "./shared/machine.ts";
import { writeResults } from "./shared/results.ts";
import { runMain } from "./shared/run-main.ts";
import { entryPath, resultsDir } from "./shared/workspace.ts";

const flags = {
  rate: { value: "300", help: "renewals per second" },
  connections: { value: "1,1000", help: "connections, one comparison for each number" },
  pairs: { value: "5", help: "alternating pairs: ours, client-go, client-go, ours, …" },
  seconds: { value: "6", help: "measured window of each peer" },
  "warm-up": { value: "20", help: "seconds of load before the first pair, in which the code is compiled" },
  leases: { value: "1000", help: "leases that the renewals go round" },
  identity: { value: "auto", help: `${leaseIdentities.join(", ")}; auto: token for 1 connection, else node-cert` },
  out: { value: resultsDir, help: "folder for results" },
  "cpu-prof": { value: "", help: "only run ours, once, and write its CPU profile into this folder" },
};

/** Load before each window, until every connection and cache is in use again. */
const rampSeconds = 2;

/** A user of the API server's token file, who may renew all leases. */
const tokenUser = "lease-cost";

/** What is the same for all comparisons of one run. */
interface Bench {
  readonly plane: LocalControlPlane;
  readonly goPeer: GoPeer;
  readonly dir: string;
  readonly token: string;
  readonly machine: Machine;
  readonly pairs: number;
  readonly out: string;
}

async function main(): Promise<void> {
  const values = readFlags(flags, process.argv.slice(2));
  if (values === undefined) return;
  const machine = describeMachine();
  const settings = positives("connections", values.connections).map((connections) => settingsFor(values, connections));
  const goPeer = await buildGoPeer();
  const token = randomBytes(16).toString("hex");
  const dir = mkdtempSync(join(tmpdir(), "hollowfleet-bench-"));
  try {
    const staticTokens = [{ token, user: tokenUser, groups: [] }];
    const results = await withControlPlane({ staticTokens }, async (plane) => {
      await createLeases(plane, Math.max(...settings.map(({ leases }) => leases)), tokenUser);
      const pairs = positive("pairs", values.pairs);
      const bench = { plane, goPeer, dir, token, machine, pairs, out: resolve(values.out) };
      if (values["cpu-prof"] !== "") return profile(bench, settings, values["cpu-prof"]);
      const done: LeaseCostResult[] = [];
      for (const each of settings) done.push(await compare(bench, each));
      return done;
    });
    for (const result of results) console.log(ratioLine(result));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function settingsFor(values: Record<keyof typeof flags, string>, connections: number): LeaseCostSettings {
  const auto: LeaseIdentity = connections === 1 ? "token" : "node-cert";
  const identity = values.identity === "auto" ? auto : oneOf("identity", values.identity, leaseIdentities);
  const leases = positive("leases", values.leases);
  if (identity === "node-cert" && leases !== connections) {
    throw new Error(`a node renews only its own lease: --identity node-cert needs --leases ${connections}`);
  }
  return {
    rate: positive("rate", values.rate),
    connections,
    leases,
    identity,
    warmUpSeconds: positive("warm-up", values["warm-up"]),
    seconds: positive("seconds", values.seconds),
  };
}

async function compare(bench: Bench, settings: LeaseCostSettings): Promise<LeaseCostResult> {
  const { warmUpSeconds, seconds } = settings;
  const args = peerFlags(bench, settings);
  const ours = startPeer(process.execPath, [entryPath("lease-peer.js"), ...args]);
  const clientGo = startPeer(bench.goPeer.path, args);
  const pairs: LeasePair[] = [];
  // The window proper of the warm-up is thrown away.
  for (const peer of [ours, clientGo]) await peer.measure(warmUpSeconds, rampSeconds);
  for (let number = 1; number <= bench.pairs; number++) {
    const first = number % 2 === 1 ? "ours" : "client-go";
    const early = first === "ours" ? await ours.measure(rampSeconds, seconds) : undefined;
    const goCost = await clientGo.measure(rampSeconds, seconds);
    const pair = pairOf(first, early ?? (await ours.measure(rampSeconds, seconds)), goCost, settings);
    pairs.push(pair);
    console.log(pairLine(number, pair));
  }
  await Promise.all([ours.end(), clientGo.end()]);
  const result: LeaseCostResult = {
    bench: "lease-cost",
    date: new Date().toISOString(),
    machine: bench.machine,
    kubernetes: bench.plane.version.gitVersion,
    clientGo: bench.goPeer.clientGo,
    settings,
    pairs,
    ...summarise(pairs),
  };
  writeResults(bench.out, `lease-cost-${settings.connections}`, result, leaseCostMarkdown(result));
  return result;
}

async function profile(bench: Bench, settings: readonly LeaseCostSettings[], dir: string): Promise<[]> {
  for (const each of settings) {
    const node = ["--cpu-prof", "--cpu-prof-dir", resolve(dir), entryPath("lease-peer.js")];
    const peer = startPeer(process.execPath, [...node, ...peerFlags(bench, each)]);
    const cost = await peer.measure(each.warmUpSeconds, each.seconds);
    await peer.end();
    console.log(`${each.connections} connections, under the profiler: ${JSON.stringify(cost)}`);
  }
  return [];
}

function peerFlags({ plane, dir, token }: Bench, settings: LeaseCostSettings): string[] {
  const { rate, connections, leases, identity } = settings;
  return [
    ...serverFlags(plane, dir),
    ...identityFlags(plane, dir, identity as LeaseIdentity, token, connections),
    ...["--user-agent", userAgent, "--lease-prefix", leasePrefix, "--connections", String(connections)],
    ...["--leases", String(leases), "--rate", String(rate)],
  ];
}

await runMain(main);
