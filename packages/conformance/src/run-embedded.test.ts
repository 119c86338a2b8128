import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { countAbove, type RunResult } from "@hollowfleet/metrics";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readResult } from "./support/hollow.ts";
import { type OwnFolder, ownFolder } from "./support/own-folder.ts";
import { expectWholeRun } from "./support/whole-run.ts";

let own: OwnFolder;
beforeEach(() => {
  own = ownFolder();
});
afterEach(() => own.remove());

const caution = /not a real control\s+plane/;

// No binaries are needed here: these tests run on a machine that has nothing but Node.js.
describe("hollow run on the embedded target", () => {
  it("goes through, says what it is not, and counts the server apart from the simulator", async () => {
    const load = ["--nodes", "10", "--pods-per-node", "3", "--duration", "2s"];
    const ended = await own.start(["run", "quick", "--target", "embedded", ...load, "--out", own.out]).ended;
    const result = await expectWholeRun(ended, own.out, 10);
    expect(result.podStartup.map(({ load: name, created, neverReady }) => [name, created, neverReady])).toEqual([
      ["latency", 100, 0],
      ["saturation", 30, 0],
    ]);
    expect(result.manifest.target).toMatchObject({ kind: "embedded", real: false });
    expect(ended.stdout).toMatch(caution);
    const [server, ...others] = result.resources.controlPlane;
    expect(server).toMatchObject({ component: "embedded" });
    expect(server?.rssBytesMax).toBeUndefined();
    expect(server?.cpuSeconds).toBeGreaterThan(0.1);
    expect(others).toEqual([]);
    expect(result.injected).toBeUndefined();
    await own.nothingLeft();
  });

  it("is what auto takes without binaries, with a hint", async () => {
    const bare = {
      HOLLOW_ASSETS: "",
      KUBEBUILDER_ASSETS: "",
      XDG_CACHE_HOME: join(own.dir, "cache"),
      PATH: dirname(process.execPath),
    };
    const args = ["run", "steady", "--nodes", "2", "--duration", "25s", "--out", own.out];
    const ended = await own.start(args, bare).ended;
    await expectWholeRun(ended, own.out, 2);
    expect(ended.stderr).toContain("assets install");
    const refused = await own.start(["run", "--audit-log", "--out", own.out], bare).ended;
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("assets install");
  });

  it("finds exactly the slow calls that were injected", async () => {
    const fault = "delay=1500ms,share=20%,verb=GET,resource=configmaps,user=hollow-driver";
    const args = ["run", "steady", "--target", "embedded", "--nodes", "3", "--duration", "25s", "--fault", fault];
    // Enough of them for a verdict.
    const ended = await own.start([...args, "--set", "probes.1.ratePerS=5", "--out", own.out]).ended;
    const result = await expectWholeRun(ended, own.out, 3);
    const [rule, ...others] = result.injected ?? [];
    expect(others).toEqual([]);
    expect(rule).toMatchObject({ seen: sum(latencies(result).map(({ count }) => count)), delayMsMax: 1500 });
    expect(rule?.hit).toBeGreaterThan(0);
    expect(sum(latencies(result).map((latency) => countAbove(latency, 1_490_000)))).toBe(rule?.hit);
    expect(result.verdicts.clientSide.status).toBe("failed");
  });

  it("ends by Ctrl-C with a result, and by kill -9 without a trace", async () => {
    const args = ["run", "steady", "--target", "embedded", "--nodes", "3", "--out", own.out];
    const run = own.start(args);
    await run.shows(/nodes 3\/3 Ready/);
    run.child.kill("SIGINT");
    expect((await run.ended).code).toBe(130);
    expect(readResult(own.out).outcome).toBe("interrupted");
    await own.nothingLeft();

    const up = own.start(["up", "--target", "embedded", "--nodes", "3"]);
    await up.shows(/KUBECONFIG=\S+\n/);
    const kubeconfig = /KUBECONFIG=(\S+)/.exec(up.output())?.[1] ?? "";
    expect(existsSync(kubeconfig)).toBe(true);
    up.child.kill("SIGKILL");
    await up.ended;
    await own.nothingLeft();
    expect(existsSync(kubeconfig)).toBe(false);
  });

  it.each([
    [
      ["--fault", "delay=soon"],
      ["--fault", "soon"],
    ],
    [
      ["--fault", "storm=1s"],
      ["--fault", "storm"],
    ],
    [["--audit-log"], ["--target", "--audit-log"]],
    [
      ["--identity", "csr"],
      ["fleet.identity", "node-cert"],
    ],
  ])("refuses %j with code 2, naming field, value and remedy", async (flags, words) => {
    const ended = await own.start(["run", "--target", "embedded", ...flags, "--out", own.out]).ended;
    expect(ended.code).toBe(2);
    for (const word of words) expect(ended.stderr).toContain(word);
    await own.nothingLeft();
  });
});

/** Of the driver's GETs of ConfigMaps. */
function latencies(result: RunResult): RunResult["series"][number]["latency"][] {
  return result.series
    .filter(({ source, verb, resource }) => source === "driver" && verb === "GET" && resource === "configmaps")
    .map(({ latency }) => latency);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
