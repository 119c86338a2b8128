import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type ComponentDeath, ControlPlaneError, type LocalOptions, startLocal } from "@hollowfleet/controlplane";
import { afterAll, describe, expect, it } from "vitest";
import { assetsOrSkip } from "./support/assets.ts";

const assets = await assetsOrSkip();
const runDir = mkdtempSync(join(tmpdir(), "hollowfleet-test-"));
afterAll(() => rmSync(runDir, { recursive: true, force: true }));

/** The processes that have something of a run's folder on their command line. */
function processesUsing(folder: string): number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .map(Number)
    .filter((pid) => commandOf(pid).includes(folder));
}

/** A command line; "" when the process is gone. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

/** The promise of the watchdog: nothing is left ten seconds after its parent died. */
const nothingLeft = (folder: string) =>
  expect.poll(() => processesUsing(folder), { timeout: 10_000, interval: 50 }).toEqual([]);

interface Holder {
  readonly child: ChildProcess;
  /** The next line that it prints. */
  line(): Promise<string>;
}

/** A process of its own that starts a control plane below `dir`, prints "started FOLDER", and stops it on a line of input. */
function startHolder(dir: string): Holder {
  const program = `
    import { startLocal } from "@hollowfleet/controlplane";
    process.on("SIGINT", () => console.log("interrupted"));
    const plane = await startLocal({ ...JSON.parse(process.argv[1]), onProgress: (what) => console.log("waits for " + what) });
    console.log("started " + plane.dir);
    for await (const _ of process.stdin) { await plane.stop(); console.log("stopped"); process.exit(0); }
  `;
  const options: LocalOptions = { binaries: assets!.paths, runDir: dir };
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, "--", JSON.stringify(options)], {
    cwd: import.meta.dirname,
    detached: true,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  return {
    child,
    async line() {
      const { value, done } = await lines.next();
      if (done === true) throw new Error("the holder ended");
      return value;
    },
  };
}

async function lineStarting(holder: Holder, start: string): Promise<string> {
  for (;;) {
    const line = await holder.line();
    if (line.startsWith(start)) return line.slice(start.length);
  }
}

describe.skipIf(assets === undefined)("processes of a control plane", () => {
  it("are gone ten seconds after kill -9 of whoever started them, with their data", async () => {
    const holder = startHolder(runDir);
    const dir = await lineStarting(holder, "started ");
    expect(processesUsing(dir).length).toBeGreaterThanOrEqual(5);
    holder.child.kill("SIGKILL");
    await nothingLeft(dir);
    expect(existsSync(join(dir, "data"))).toBe(false);
    expect(existsSync(join(dir, "pki"))).toBe(false);
    expect(readdirSync(join(dir, "logs"))).toContain("kube-apiserver.log");
  });

  it.each(["etcd", "kube-apiserver", "kube-scheduler"])(
    "are gone after kill -9 in the middle of a start (%s)",
    async (what) => {
      const dir = mkdtempSync(join(runDir, "start-"));
      const holder = startHolder(dir);
      await lineStarting(holder, `waits for ${what}`);
      holder.child.kill("SIGKILL");
      await nothingLeft(dir);
    },
  );

  it("are gone after kill -9 in the middle of a stop", async () => {
    const holder = startHolder(runDir);
    const dir = await lineStarting(holder, "started ");
    holder.child.stdin?.write("stop\n");
    // The scheduler is the first to go: then the stop has begun, and the others still run.
    const running = (name: string) => processesUsing(dir).some((pid) => commandOf(pid).includes(name));
    await expect.poll(() => running("kube-scheduler"), { timeout: 10_000, interval: 5 }).toBe(false);
    holder.child.kill("SIGKILL");
    await nothingLeft(dir);
  });

  it("are not reached by Ctrl-C, and stop when told", async () => {
    const holder = startHolder(runDir);
    const dir = await lineStarting(holder, "started ");
    const before = processesUsing(dir);
    // What a terminal does: the signal goes to the whole group.
    process.kill(-holder.child.pid!, "SIGINT");
    await lineStarting(holder, "interrupted");
    expect(processesUsing(dir)).toEqual(before);
    holder.child.stdin?.write("stop\n");
    await lineStarting(holder, "stopped");
    expect(processesUsing(dir)).toEqual([]);
    expect(existsSync(dir)).toBe(false);
  });

  it.each(["kube-apiserver", "etcd"] as const)(
    "tell when %s dies, with its last words, and keep the logs",
    async (victim) => {
      const plane = await startLocal({ binaries: assets!.paths, runDir });
      const died = new Promise<ComponentDeath>((resolve) => plane.onDeath(resolve));
      const expected = plane.logTail(victim);
      process.kill(plane.processes().find(({ name }) => name === victim)!.pid, "SIGKILL");
      const death = await died;
      expect(death).toMatchObject({ component: victim, cause: "signal SIGKILL" });
      expect(death.logTail.length).toBeGreaterThanOrEqual(Math.min(expected.length, 20));
      await plane.stop();
      await nothingLeft(plane.dir);
      expect(readdirSync(plane.dir)).toContain("logs");
      expect(existsSync(join(plane.dir, "pki"))).toBe(false);
    },
  );

  it("show the last words of one that does not come up, and leave nothing", async () => {
    const dir = mkdtempSync(join(runDir, "bad-flag-"));
    const start = startLocal({
      binaries: assets!.paths,
      runDir: dir,
      extraFlags: { "kube-controller-manager": { "no-such-flag": "1" } },
    });
    const error = await start.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ControlPlaneError);
    expect(error).toMatchObject({
      code: "component-died",
      message: expect.stringContaining("unknown flag: --no-such-flag"),
    });
    await nothingLeft(dir);
  });

  it("say what is not ready in time", async () => {
    const dir = mkdtempSync(join(runDir, "slow-"));
    const start = startLocal({ binaries: assets!.paths, runDir: dir, startTimeoutMs: 300 });
    await expect(start).rejects.toMatchObject({
      code: "not-ready",
      message: expect.stringMatching(/^(etcd|kube-apiserver) is not ready after 0.3 s/),
    });
    await nothingLeft(dir);
  });

  it("end when the start is given up", async () => {
    const dir = mkdtempSync(join(runDir, "aborted-"));
    const control = new AbortController();
    const start = startLocal({
      binaries: assets!.paths,
      runDir: dir,
      signal: control.signal,
      onProgress: (what) => what === "kube-apiserver" && control.abort(),
    });
    await expect(start).rejects.toMatchObject({ code: "aborted" });
    await nothingLeft(dir);
  });
});
