import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { RunResult } from "@hollowfleet/metrics";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { noAssets } from "./support/assets.ts";
import { type OwnFolder, ownFolder } from "./support/own-folder.ts";
import { expectWholeRun } from "./support/whole-run.ts";

const verdictWords = { passed: "PASSED", failed: "FAILED", invalid: "INVALID" } as const;

let own: OwnFolder;
beforeEach(() => {
  own = ownFolder();
});
afterEach(() => own.remove());

function codesOf(result: RunResult, resource: string, verb: string): Set<string> {
  return new Set(
    result.series.filter((each) => each.resource === resource && each.verb === verb).map((each) => each.code),
  );
}

const small = ["--nodes", "6", "--pods-per-node", "2", "--duration", "2s", "--set", "workload.latencyPods.count=5"];

describe.skipIf(noAssets)("hollow run on local", () => {
  it("density, as a user runs it", async () => {
    const latency = ["--set", "workload.latencyPods.count=100", "--set", "workload.latencyPods.ratePerS=10"];
    const args = ["run", "density", "--nodes", "20", "--pods-per-node", "3", "--duration", "5s", "--seed", "7"];
    const ended = await own.start([...args, ...latency, "--out", own.out]).ended;
    const result = await expectWholeRun(ended, own.out, 20);

    const startup = Object.fromEntries(result.podStartup.map((each) => [each.load, each]));
    expect(startup["saturation"]).toMatchObject({ created: 60, ready: 60, neverReady: 0 });
    expect(startup["latency"]).toMatchObject({ created: 100, ready: 100, neverReady: 0 });
    expect(result.verdicts.podStartup.latency?.status).toMatch(/^(passed|failed)$/);
    expect(result.leases.due).toBeGreaterThan(20);
    expect(result.manifest).toMatchObject({ seed: 7, identity: "node-cert", connections: "per-node" });
    expect(result.manifest.flags.slice(0, 2)).toEqual(["run", "density"]);
    expect(result.phases.map(({ name }) => name)).toEqual([
      "register nodes",
      "create namespaces",
      "create pods",
      "latency pods",
      "probe",
      "delete pods",
      "clean up",
    ]);
    // The kubelets' own calls: none refused, and no pod was ever told twice that it is what it was.
    expect(codesOf(result, "leases", "PUT")).toEqual(new Set(["200"]));
    expect(codesOf(result, "pods", "PATCH")).toEqual(new Set(["200"]));

    expect(ended.stdout).toMatch(new RegExp(`^${verdictWords[result.outcome as keyof typeof verdictWords]}  density`));
    expect(ended.stdout).toContain(`Result: ${join(own.out, "run.json")}`);
    for (const line of ended.stdout.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
    // No terminal: plain lines, nothing rewritten, nothing coloured.
    expect(ended.stderr).toMatch(/^starting etcd$/m);
    expect(ended.stderr).toMatch(/^\d:\d\d latency pods.* \| nodes 20\/20 Ready/m);
    expect(ended.stdout + ended.stderr).not.toContain("\u001b");
    expect(ended.stderr).not.toMatch(/warning/i);
    await own.nothingLeft();
  });

  it("two at once, which do not meet: pooled tokens as kubemark, and signed certificates as status-only", async () => {
    const other = ownFolder();
    try {
      const pooled = ["--identity", "node-token", "--connections", "pooled", "--profile", "kubemark"];
      const signed = ["--identity", "csr", "--profile", "status-only", "--watches", "pods"];
      const [first, second] = await Promise.all([
        own.start(["run", ...small, ...pooled, "--out", own.out]).ended,
        other.start(["run", ...small, ...signed, "--out", other.out]).ended,
      ]);
      const kubemark = await expectWholeRun(first, own.out, 6);
      const statusOnly = await expectWholeRun(second, other.out, 6);
      for (const result of [kubemark, statusOnly]) {
        expect(result.podStartup.map(({ created, ready }) => [created, ready])).toEqual([
          [5, 5],
          [12, 12],
        ]);
      }
      expect(kubemark.manifest.runId).not.toBe(statusOnly.manifest.runId);
      expect(kubemark.manifest).toMatchObject({
        identity: "node-token",
        connections: "pooled",
        profile: "kubemark",
      });
      // Hollow nodes of these two profiles tell no events; a status-only kubelet asks for nothing but its pods.
      expect(codesOf(kubemark, "events", "POST")).toEqual(new Set());
      expect(codesOf(statusOnly, "serviceaccounts", "POST")).toEqual(new Set());
      expect(codesOf(statusOnly, "certificatesigningrequests", "POST")).toEqual(new Set());
      await own.nothingLeft();
      await other.nothingLeft();
    } finally {
      other.remove();
    }
  });

  it("steady with impersonated nodes, and nothing but JSON on stdout", async () => {
    // A kubelet's lease comes 10 s after its start, and the first renewal 10 s later.
    const args = ["run", "steady", "--nodes", "5", "--duration", "25s", "--identity", "impersonate"];
    const ended = await own.start([...args, "--connections", "pooled", "--json", "--quiet", "--out", own.out]).ended;
    const result = await expectWholeRun(ended, own.out, 5);
    expect(JSON.parse(ended.stdout)).toEqual(JSON.parse(readFileSync(join(own.out, "run.json"), "utf8")));
    expect(ended.stderr).toBe("");
    expect(result.manifest).toMatchObject({
      identity: "impersonate",
      connections: "pooled",
      scenario: { name: "steady" },
    });
    expect(result.podStartup).toEqual([]);
    expect(result.leases.due).toBeGreaterThan(0);
    // The driver's identity stands behind the nodes, and Priority & Fairness is not skipped: nobody is refused.
    expect(result.series.filter(({ code }) => code === "403" || code === "401")).toEqual([]);
    await own.nothingLeft();
  });
});
