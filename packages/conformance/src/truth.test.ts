import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  createFaultInjector,
  type FaultInjector,
  type FaultRule,
  injectedDelayMs,
  parseFaultFlag,
} from "@hollowfleet/apiserver";
import { startEmbedded } from "@hollowfleet/controlplane";
import { systemClock } from "@hollowfleet/core";
import { type CallSeriesResult, countAbove, type RunResult } from "@hollowfleet/metrics";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { noAssets } from "./support/assets.ts";
import { startFaultProxy } from "./support/fault-proxy.ts";
import { readResult } from "./support/hollow.ts";
import { startPlane } from "./support/local-plane.ts";
import { type OwnFolder, ownFolder } from "./support/own-folder.ts";
import { starve } from "./support/starve.ts";

// What is put in must come out: a known latency is injected, and the report must find exactly that.

/** 10,200 calls. The real API server and a proxy before it take ten times the CPU of the embedded one. */
const calls = 10_200;
const ratePerS = 300;
const realRatePerS = 120;
const slow = "delay=1500ms,share=3%,verb=PUT,resource=configmaps";
/**
 * Every other call takes this, as over a long line: what a shared machine adds is a few milliseconds, which would be more
 * than a tenth of a call on loopback.
 */
const baseMs = 150;
const base = `delay=${baseMs}ms,verb=PUT,resource=configmaps`;
const slowUs = 1_000_000;
const embedded = ["--target", "embedded"];

let own: OwnFolder;
beforeEach(() => {
  own = ownFolder();
});
afterEach(() => own.remove());

function runArgs(rate: number, seconds: number): string[] {
  const probe = { verb: "PUT", resource: "configmaps", scope: "resource", ratePerS: rate };
  const load = [
    "--nodes",
    "1",
    "--seed",
    "7",
    "--duration",
    `${seconds}s`,
    "--set",
    `probes=[${JSON.stringify(probe)}]`,
  ];
  return ["run", "steady", ...load, "--set", "maxInFlight=3000"];
}

async function run(args: readonly string[]): Promise<RunResult> {
  const { stderr, code } = await own.start([...args, "--out", own.out]).ended;
  const result = readResult(own.out);
  // Where others take the CPU, INVALID is the truth.
  expect(result.selfCheck.machineFull ? [0, 4, 5] : [0, 4], stderr).toContain(code);
  expect(result.message, stderr).toBeUndefined();
  return result;
}

/** The driver's PUTs of ConfigMaps; each was answered. */
function puts({ series }: RunResult): CallSeriesResult {
  const found = series.filter(({ source, verb, resource }) => {
    return source === "driver" && verb === "PUT" && resource === "configmaps";
  });
  expect(found.map(({ code }) => code)).toEqual(["200"]);
  return found[0] as CallSeriesResult;
}

function expectTruth(faulty: RunResult, clean: RunResult, ledger: { seen: number; hit: number; p99Ms: number }): void {
  const measured = puts(faulty).latency;
  expect(measured.count).toBe(calls);
  expect(ledger.seen).toBe(measured.count);
  expect(countAbove(measured, slowUs)).toBeGreaterThanOrEqual(ledger.hit);
  // A machine that is full adds slow calls of its own, and does not keep milliseconds.
  if (faulty.selfCheck.machineFull || clean.selfCheck.machineFull) return;
  expect(countAbove(measured, slowUs)).toBe(ledger.hit);
  const undisturbed = puts(clean).latency;
  expect(countAbove(undisturbed, slowUs)).toBe(0);
  // What the server and the way to it take of themselves is no part of what was injected.
  const ownMs = undisturbed.quantiles.p50 / 1000 - baseMs;
  expect(Math.abs((measured.quantiles.p99 / 1000 - ownMs) / ledger.p99Ms - 1)).toBeLessThan(0.01);
  expect(Math.abs(measured.quantiles.p95 / undisturbed.quantiles.p95 - 1)).toBeLessThan(0.1);
  // A slow server is no reason to doubt the run.
  expect(faulty.selfCheck).toMatchObject({ valid: true, reasons: [] });
  expect(faulty.outcome).toBe("failed");
  expect(clean.outcome).toBe("passed");
}

describe("the truth about latency", () => {
  it("1.5 s on 3 % of the calls of the embedded API server come out as they went in", async () => {
    const args = [...runArgs(ratePerS, calls / ratePerS), ...embedded];
    const clean = await run([...args, "--fault", base]);
    const faulty = await run([...args, "--fault", slow, "--fault", base]);
    const [entry] = faulty.injected ?? [];
    if (entry === undefined) throw new Error("the result has no ledger");
    // Above 1 % of the calls have the one delay that there is.
    expect(entry).toMatchObject({ delayMsMax: 1500, delaySumMs: 1500 * entry.hit });
    expect(entry.hit / entry.seen).toBeGreaterThan(0.02);
    expectTruth(faulty, clean, { ...entry, p99Ms: entry.delayMsMax });
  });

  it("a stall of 5 s is seen from when each call was due", async () => {
    const stallS = 5;
    const faults = { rules: [parseFaultFlag(`stall=${stallS}s,at=15s,verb=PUT,resource=configmaps`)] };
    const plane = await startEmbedded({ faults });
    try {
      // Its user is of system:masters, who are never refused for too many requests in flight.
      const where = ["--kubeconfig", plane.kubeconfigPath, "--context", "hollowfleet", "--allow-existing"];
      const result = await run([...runArgs(200, 25), ...where]);
      const { intended } = puts(result);
      expect(intended.count).toBe(200 * 25);
      // A call that is due x seconds before the stall ends takes x seconds, and its turn among the thousand that wait with it.
      for (const seconds of [1, 2, 3, 4]) {
        const due = 200 * (stallS - seconds);
        const above = countAbove(intended, seconds * 1e6);
        expect(above, `above ${seconds} s`).toBeGreaterThanOrEqual(due - 10);
        expect(above, `above ${seconds} s`).toBeLessThanOrEqual(due + 100);
      }
      expect(intended.maxUs / 1e6).toBeGreaterThan(stallS - 0.1);
      expect(intended.maxUs / 1e6).toBeLessThan(stallS + 0.6);
      if (!result.selfCheck.machineFull) expect(result.selfCheck).toMatchObject({ valid: true, reasons: [] });
    } finally {
      await plane.stop();
    }
  });

  it("a driver that is starved of CPU says INVALID", async () => {
    const running = own.start([...runArgs(100, 12), ...embedded, "--out", own.out]);
    await running.shows(/\d probe/);
    await starve(running.child.pid ?? 0, 5000);
    await running.ended;
    const result = readResult(own.out);
    expect(result.outcome).toBe("invalid");
    expect(result.selfCheck.valid).toBe(false);
    expect(result.selfCheck.reasons.map(({ code }) => code)).toContain("lag");
  });

  it.skipIf(noAssets)(
    "1.5 s on 3 % of the calls to the real API server come out as they went in",
    async () => {
      const plane = await startPlane();
      try {
        const through = async (flags: readonly string[]): Promise<[RunResult, FaultInjector]> => {
          const faults = createFaultInjector({ rules: flags.map(parseFaultFlag) }, 7, systemClock);
          const proxy = await startFaultProxy({ endpoint: plane.endpoint, credentials: plane.driver, faults });
          try {
            const kubeconfig = writeKubeconfig(own.dir, proxy.endpoint.server, proxy.endpoint.caPem);
            const where = ["--kubeconfig", kubeconfig, "--context", "proxied", "--allow-existing"];
            return [await run([...runArgs(realRatePerS, calls / realRatePerS), ...where]), faults];
          } finally {
            await proxy.close();
          }
        };
        const [clean] = await through([base]);
        const [faulty, faults] = await through([slow, base]);
        const [entry] = faults.ledger().entries;
        if (entry === undefined) throw new Error("the ledger is empty");
        expectTruth(faulty, clean, { ...entry, p99Ms: injectedDelayMs(entry, 0.99) });
      } finally {
        await plane.stop();
      }
    },
    400_000,
  );
});

describe("the rules of these tests", () => {
  it("are the same as those of the flags", () => {
    const rule: FaultRule = parseFaultFlag(slow);
    expect(rule).toMatchObject({ share: 0.03, fault: { kind: "delay", delay: { kind: "constant", ms: 1500 } } });
  });
});

/** Whoever is proxied needs no proof: the proxy has the driver's. */
function writeKubeconfig(dir: string, server: string, caPem: string): string {
  const path = join(dir, "proxied.json");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "proxied",
    clusters: [
      {
        name: "proxied",
        cluster: { server, "certificate-authority-data": Buffer.from(caPem).toString("base64") },
      },
    ],
    users: [{ name: "anyone", user: { token: "none" } }],
    contexts: [{ name: "proxied", context: { cluster: "proxied", user: "anyone" } }],
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}
