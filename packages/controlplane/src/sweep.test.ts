import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { ComponentName } from "./components/component.ts";
import { processesOfRun, startTicksOf } from "./process-table.ts";
import { componentVariable, runVariable } from "./stop-order.ts";
import { sweep } from "./sweep.ts";

const folder = mkdtempSync(join(tmpdir(), "hollowfleet-test-"));
afterAll(() => rmSync(folder, { recursive: true }));
const ledger = join(folder, "ledger");
let count = 0;

/** A stand-in for a component that writes down when it was told to end. */
function start(runId: string, name: ComponentName, onTerm: string): Promise<ChildProcess> {
  const script = `trap '${onTerm}' TERM; echo ready; while :; do sleep 0.02; done`;
  const child = spawn("/bin/sh", ["-c", script], {
    env: { PATH: process.env["PATH"], LEDGER: ledger, [runVariable]: runId, [componentVariable]: name },
    stdio: ["ignore", "pipe", "ignore"],
  });
  return new Promise((resolve) => child.stdout?.once("data", () => resolve(child)));
}

describe("sweep", () => {
  it("ends clients before servers, and nothing of another run", async () => {
    const runId = `sweep-${process.pid}-${count++}`;
    writeFileSync(ledger, "");
    const names: ComponentName[] = ["etcd", "kube-apiserver", "kube-scheduler", "kube-controller-manager"];
    await Promise.all(names.map((name) => start(runId, name, `echo ${name} >>$LEDGER; exit 0`)));
    const other = await start(`${runId}-other`, "etcd", "exit 0");
    await sweep(runId);
    const order = readFileSync(ledger, "utf8").trim().split("\n");
    expect(order.slice(0, 2).sort()).toEqual(["kube-controller-manager", "kube-scheduler"]);
    expect(order.slice(2)).toEqual(["kube-apiserver", "etcd"]);
    expect(processesOfRun(runId)).toEqual([]);
    expect(startTicksOf(Number(other.pid))).toBeDefined();
    other.kill("SIGKILL");
  });

  it("kills what ignores it", async () => {
    const runId = `sweep-${process.pid}-${count++}`;
    const stubborn = await start(runId, "etcd", "");
    await sweep(runId);
    expect(processesOfRun(runId)).toEqual([]);
    expect(stubborn.pid).toBeDefined();
  });
});

describe("startTicksOf", () => {
  const stat = (procDir: string, pid: number, text: string) => {
    mkdirSync(join(procDir, String(pid)), { recursive: true });
    writeFileSync(join(procDir, String(pid), "stat"), text);
  };
  const fields = (state: string) => `${state} 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 1000 200`;

  it("finds field 22 behind a name with spaces and parentheses, and knows the dead", () => {
    stat(folder, 7, `7 (a) b (c)) ${fields("S")}`);
    stat(folder, 8, `8 (sh) ${fields("Z")}`);
    expect(startTicksOf(7, folder)).toBe("987654");
    expect(startTicksOf(8, folder)).toBeUndefined();
    expect(startTicksOf(9, folder)).toBeUndefined();
  });
});
