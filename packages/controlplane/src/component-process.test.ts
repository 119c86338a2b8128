import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type ComponentProcess, lastLines, spawnComponent } from "./component-process.ts";
import { processesOfRun } from "./process-table.ts";

const folder = mkdtempSync(join(tmpdir(), "hollowfleet-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
function run(script: string, path = "/bin/sh"): { component: ComponentProcess; logFile: string; runId: string } {
  const id = `test-${process.pid}-${count++}`;
  const logFile = join(folder, `${id}.log`);
  return {
    component: spawnComponent({ name: "etcd", path, argv: ["-c", script], logFile, runId: id }),
    logFile,
    runId: id,
  };
}

async function logShows(logFile: string, text: string): Promise<void> {
  while (!readFileSync(logFile, "utf8").includes(text)) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe("spawnComponent", () => {
  it("tells how it ended and what it said last", async () => {
    const { component } = run("for i in $(seq 1 30); do echo line $i; done; echo oops >&2; exit 3");
    expect(await component.ended).toBe("exit code 3");
    expect(component.endCause()).toBe("exit code 3");
    expect(component.logTail()).toHaveLength(20);
    expect(component.logTail().slice(-2)).toEqual(["line 30", "oops"]);
  });

  it("tells when it could not start at all", async () => {
    const { component } = run("", join(folder, "no-such-binary"));
    expect(await component.ended).toMatch(/^cannot start: .*ENOENT/);
    expect(component.pid).toBeUndefined();
    await component.stop(1000);
  });

  it("gives it a process group, the run's mark, and nothing of our environment that etcd would take for flags", async () => {
    process.env["ETCD_NAME"] = "stranger";
    try {
      const { component, logFile, runId } = run("echo name=$ETCD_NAME; ps -o pgid= -p $$; echo ready; sleep 30");
      await logShows(logFile, "ready");
      const [name, group] = component.logTail();
      expect(name).toBe("name=");
      expect(Number(group)).toBe(component.pid);
      expect(processesOfRun(runId).find(({ pid }) => pid === component.pid)?.component).toBe("etcd");
      await component.stop(1000);
    } finally {
      delete process.env["ETCD_NAME"];
    }
  });

  it("stops with TERM", async () => {
    const { component, logFile } = run("trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.05; done");
    await logShows(logFile, "ready");
    await component.stop(10_000);
    expect(component.endCause()).toBe("exit code 0");
    expect(component.logTail().at(-1)).toBe("bye");
    await component.stop(10_000);
  });

  it("kills what ignores TERM", async () => {
    const { component, logFile } = run("trap '' TERM; echo ready; while :; do sleep 0.05; done");
    await logShows(logFile, "ready");
    await component.stop(100);
    expect(component.endCause()).toBe("signal SIGKILL");
  });
});

describe("lastLines", () => {
  it("reads no more than the end of a large file, and no half line", () => {
    const path = join(folder, "large.log");
    writeFileSync(path, `${"x".repeat(100)}\n`.repeat(5000));
    const lines = lastLines(path, 2000);
    expect(lines.length).toBeGreaterThan(500);
    expect(new Set(lines)).toEqual(new Set(["x".repeat(100)]));
    expect(lastLines(path, 3)).toHaveLength(3);
    expect(lastLines(join(folder, "none.log"), 3)).toEqual([]);
  });
});
