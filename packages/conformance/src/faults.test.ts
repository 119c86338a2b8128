import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type RunResult, validateRunResult } from "@hollowfleet/metrics";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { noAssets } from "./support/assets.ts";
import { readResult } from "./support/hollow.ts";
import { type OwnFolder, ownFolder } from "./support/own-folder.ts";
import { startInTerminal } from "./support/terminal.ts";

/** Long enough that only a fault ends it. */
const endless = ["run", "steady", "--nodes", "4", "--node-rate", "10", "--duration", "10m"];
const probing = /\d probe/;

let own: OwnFolder;
beforeEach(() => {
  own = ownFolder();
});
afterEach(() => own.remove());

async function validResult(): Promise<RunResult> {
  const result = readResult(own.out);
  expect(await validateRunResult(result)).toEqual([]);
  return result;
}

describe.skipIf(noAssets)("kill -9 of hollow leaves no process", () => {
  it("during the start of the control plane", async () => {
    const run = own.start([...endless, "--out", own.out]);
    await run.shows("starting kube-apiserver");
    run.child.kill("SIGKILL");
    expect(own.processes().length).toBeGreaterThan(0);
    await own.nothingLeft();
  });

  it("during the run", async () => {
    const run = own.start([...endless, "--out", own.out]);
    await run.shows(probing);
    expect(own.processes().length).toBeGreaterThanOrEqual(6);
    run.child.kill("SIGKILL");
    await own.nothingLeft();
    expect(existsSync(join(own.out, "run.json"))).toBe(false);
  });

  it("during the stop", async () => {
    const run = own.start([...endless, "--out", own.out]);
    await run.shows(/\d\/4 Ready/);
    run.child.kill("SIGTERM");
    await expect
      .poll(() => own.processes().some(({ command }) => command.includes("/kube-scheduler ")), { timeout: 30_000 })
      .toBe(false);
    run.child.kill("SIGKILL");
    await own.nothingLeft();
  });
});

describe.skipIf(noAssets)("a run that breaks is told and written", () => {
  it.each(["etcd", "kube-apiserver"])("when %s is killed", async (victim) => {
    const run = own.start([...endless, "--out", own.out]);
    await run.shows(probing);
    process.kill(own.pidOf(victim), "SIGKILL");
    const { code, stdout } = await run.ended;
    await own.nothingLeft();
    expect(code).toBe(3);
    const result = await validResult();
    expect(result).toMatchObject({ outcome: "unreachable", exitCode: 3, cleanup: { state: "skipped" } });
    expect(result.message).toMatch(new RegExp(`^${victim} ended \\(signal SIGKILL\\); its last lines:\n  .+`));
    expect(result.message).toContain(join(own.dir, "hollowfleet-"));
    expect(result.phases.at(-1)).toMatchObject({ name: "probe", ended: "failed" });
    expect(result.phases.every(({ startMs, endMs }) => endMs >= startMs)).toBe(true);
    expect(stdout).toContain(`${victim} ended`);
  });

  it("when a worker thread runs out of heap", async () => {
    const nodes = ["--nodes", "200", "--node-rate", "100", "--threads", "1"];
    const run = own.start([...endless, ...nodes, "--set", "fleet.threadHeapMb=18", "--out", own.out]);
    const { code, stdout } = await run.ended;
    await own.nothingLeft();
    expect(code).toBe(5);
    const result = await validResult();
    expect(result.outcome).toBe("invalid");
    expect(result.message).toMatch(/worker thread 0 with 200 nodes \(hollow-00000 …\) died: .*memory/);
    const died = result.selfCheck.reasons.find(({ code: reason }) => reason === "worker-died");
    expect(died?.sentence).toMatch(/shard-0 died: .*memory.*; 200 nodes were lost/);
    expect(stdout).toContain("INVALID");
  });
});

describe.skipIf(noAssets)("Ctrl-C in a terminal", () => {
  it("drains, and writes the result marked interrupted", async () => {
    const terminal = startInTerminal([...endless, "--out", own.out], { TMPDIR: own.dir });
    await terminal.shows(/4\/4 Ready[\s\S]*probe/);
    terminal.interrupt();
    await terminal.shows(/stopping in good order; once more to stop at once/);
    expect(await terminal.exitCode).toBe(130);
    await own.nothingLeft();
    const result = await validResult();
    expect(result).toMatchObject({ outcome: "interrupted", exitCode: 130, nodes: { planned: 4, ready: 4 } });
    expect(result.phases.at(-1)).toMatchObject({ name: "probe", ended: "interrupted" });
    expect(terminal.screen()).toContain("INTERRUPTED");
  });

  it("ends it at once when it comes twice", async () => {
    const terminal = startInTerminal([...endless, "--out", own.out], { TMPDIR: own.dir });
    await terminal.shows(/\d\/4 Ready/);
    // A server that hangs: the good order would take seconds.
    process.kill(own.pidOf("kube-apiserver"), "SIGSTOP");
    terminal.interrupt();
    await terminal.shows(/stopping in good order/);
    // Signals within a third of a second of the first are taken for the same wish.
    await new Promise((resolve) => setTimeout(resolve, 500));
    terminal.interrupt();
    expect(await terminal.exitCode).toBe(130);
    await own.nothingLeft();
    expect(existsSync(join(own.out, "run.json"))).toBe(false);
  });

  it("gives up the start of a control plane", async () => {
    const terminal = startInTerminal([...endless, "--out", own.out], { TMPDIR: own.dir });
    await terminal.shows(/starting kube-apiserver/);
    terminal.interrupt();
    expect(await terminal.exitCode).toBe(130);
    await own.nothingLeft();
    expect(terminal.screen()).toContain("hollow: stopped by the user while the control plane started");
    expect(existsSync(join(own.out, "run.json"))).toBe(false);
  });
});

describe.skipIf(noAssets)("where the result goes", () => {
  it("is no matter to a run whose reader has gone, and that is told to stop", async () => {
    const run = own.start([...endless, "--out", own.out]);
    run.child.stdout?.destroy();
    await run.shows(probing);
    run.child.kill("SIGTERM");
    const { code, stderr } = await run.ended;
    await own.nothingLeft();
    expect(code).toBe(130);
    expect(stderr).not.toMatch(/EPIPE|internal error/);
    expect((await validResult()).outcome).toBe("interrupted");
  });

  it("is stdout when the disk is full", async () => {
    mkdirSync(own.out);
    symlinkSync("/dev/full", join(own.out, "run.json.part"));
    const short = ["run", "steady", "--nodes", "2", "--duration", "1s", "--quiet"];
    const { code, stdout, stderr } = await own.start([...short, "--out", own.out]).ended;
    await own.nothingLeft();
    const result = JSON.parse(stdout) as RunResult;
    expect(await validateRunResult(result)).toEqual([]);
    expect(code).toBe(result.exitCode);
    expect(result.cleanup).toEqual({ state: "clean", left: [] });
    expect(stderr).toContain(`hollow: ${join(own.out, "run.json")} cannot be written: ENOSPC`);
    expect(stderr).toContain("Nodes and leases");
    expect(stderr).not.toContain("register nodes |");
    expect(existsSync(join(own.out, "run.json"))).toBe(false);
  });
});
