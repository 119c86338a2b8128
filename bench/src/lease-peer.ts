import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { type ApiClient, createApiClient, createHttp2Transport, type Transport } from "@hollowfleet/client";
import { systemClock } from "@hollowfleet/core";
import type { PeerCost } from "./lease/lease-cost-result.ts";
import { certificateFile, keyFile } from "./lease/lease-load.ts";
import { type RenewalCounts, startRenewers } from "./lease/renewer.ts";
import { positive, readFlags } from "./shared/flags.ts";
import { runMain } from "./shared/run-main.ts";

/**
 * The same flags and protocol as peers/client-go: each line on stdin, "<warm-up> <seconds>", asks for one measured
 * window; its cost is answered by one line of JSON.
 */
const flags = {
  server: { value: "", help: "https://host:port of the API server" },
  ca: { value: "", help: "file with the PEM of the API server's authority" },
  "token-file": { value: "", help: "file with one bearer token for all connections" },
  "cert-dir": { value: "", help: "folder with key.pem and one NNNNN.crt per connection" },
  "user-agent": { value: "", help: "User-Agent of all requests" },
  connections: { value: "1", help: "connections, with a transport each" },
  "lease-prefix": { value: "", help: "begins the names of the leases: <prefix>-NNNNN" },
  leases: { value: "1000", help: "leases, dealt out to the connections in turn" },
  rate: { value: "300", help: "renewals per second, over all leases" },
};

type Values = Record<keyof typeof flags, string>;

async function main(): Promise<void> {
  const values = readFlags(flags, process.argv.slice(2));
  if (values === undefined) return;
  const transports = connect(values);
  const clients = transports.map((transport) => clientOf(transport, values));
  const load = {
    prefix: values["lease-prefix"],
    leases: positive("leases", values.leases),
    rate: positive("rate", values.rate),
  };
  for await (const line of createInterface({ input: process.stdin })) {
    const [warmUpSeconds = 0, seconds = 0] = line.split(" ").map(Number);
    const renewers = await startRenewers(clients, load);
    await sleep(warmUpSeconds * 1000);
    const before = readMeters(renewers.counts);
    await sleep(seconds * 1000);
    const after = readMeters(renewers.counts);
    await renewers.stop();
    console.log(JSON.stringify(costBetween(before, after, transports)));
  }
  for (const transport of transports) transport.close();
}

function connect(values: Values): Transport[] {
  const certDir = values["cert-dir"];
  const server = { server: values.server, caPem: readFileSync(values.ca, "utf8"), clock: systemClock };
  const keyPem = certDir === "" ? "" : readFileSync(join(certDir, keyFile), "utf8");
  return Array.from({ length: positive("connections", values.connections) }, (_, index) =>
    createHttp2Transport(
      certDir === ""
        ? server
        : { ...server, keyPem, certPem: readFileSync(join(certDir, certificateFile(index)), "utf8") },
    ),
  );
}

/** Settings of a kubelet's heartbeat client (cmd/kubelet/app/server.go): no rate limit, 10 s for a request. */
function clientOf(transport: Transport, values: Values): ApiClient {
  const settings = { userAgent: values["user-agent"], limiter: null, timeoutMs: 10_000, timeoutQuery: "10s" };
  if (values["token-file"] === "") return createApiClient({ transport, settings });
  const headers = [["authorization", `Bearer ${readFileSync(values["token-file"], "utf8").trim()}`]] as const;
  return createApiClient({ transport, settings, headers });
}

interface Meters extends RenewalCounts {
  readonly cpuUs: number;
  readonly atUs: number;
}

/** The CPU time is that of all threads: garbage collector and libuv included. */
function readMeters(counts: RenewalCounts): Meters {
  const { user, system } = process.cpuUsage();
  return { ...counts, cpuUs: user + system, atUs: systemClock.nowUs() };
}

function costBetween(before: Meters, after: Meters, transports: readonly Transport[]): PeerCost {
  return {
    calls: after.calls - before.calls,
    errors: after.errors - before.errors,
    skipped: after.skipped - before.skipped,
    cpuSeconds: (after.cpuUs - before.cpuUs) / 1e6,
    wallSeconds: (after.atUs - before.atUs) / 1e6,
    rssBytes: process.memoryUsage.rss(),
    connections: transports.reduce((sum, transport) => sum + transport.stats().openConnections, 0),
  };
}

await runMain(main);
