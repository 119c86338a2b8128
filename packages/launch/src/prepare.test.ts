import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { prepare } from "./prepare.mjs";
import { makeWorkspace, type Workspace } from "./workspace.testing.ts";

let workspace: Workspace;
let lines: string[];
beforeEach(() => {
  workspace = makeWorkspace();
  lines = [];
});
afterEach(() => workspace.remove());

const run = (): Promise<void> => prepare(workspace.root, { log: (line) => lines.push(line), npm: workspace.npm });

test("a fresh clone is installed by the pinned pnpm from the lockfile, then built, in two lines", async () => {
  await run();
  expect(workspace.calls()).toEqual([
    expect.stringMatching(/^npm exec --yes .*-- pnpm@10\.34\.9 install --frozen-lockfile /),
    "tsc -b",
  ]);
  expect(lines).toEqual(["installing the dependencies with pnpm 10.34.9", "building"]);
});

test("nothing is run and nothing said when nothing changed", async () => {
  await run();
  lines = [];
  await run();
  expect(lines).toEqual([]);
  expect(workspace.calls()).toHaveLength(2);
});

test("a changed source costs a build alone", async () => {
  await run();
  workspace.write("packages/a/src/new.ts", "export {};\n");
  await run();
  expect(workspace.calls().map((call) => call.slice(0, 3))).toEqual(["npm", "tsc", "tsc"]);
});

test("a changed lockfile costs an install and a build", async () => {
  await run();
  workspace.write("pnpm-lock.yaml", "lockfileVersion: '9.1'\n");
  await run();
  expect(workspace.calls().map((call) => call.slice(0, 3))).toEqual(["npm", "tsc", "npm", "tsc"]);
});

test("two at once install and build once", async () => {
  await Promise.all([run(), run()]);
  expect(workspace.calls().map((call) => call.slice(0, 3))).toEqual(["npm", "tsc"]);
  expect(lines).toContain(`waiting for process ${process.pid}, which is installing or building`);
});

test("a failed install names the command and the end of its output, and is tried again", async () => {
  const install = readFileSync(join(workspace.root, "npm.mjs"), "utf8");
  workspace.write("npm.mjs", 'console.error("ECONNREFUSED"); process.exit(1);');
  await expect(run()).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(
      /^Installing the dependencies failed \(exit code 1\):\n {2}\S+ \S+npm\.mjs exec .*pnpm@10\.34\.9.*\n {2}\| ECONNREFUSED$/,
    ),
  });
  workspace.write("npm.mjs", install);
  await run();
  expect(workspace.calls()).toHaveLength(2);
});

test("a machine without npm is told so", async () => {
  await expect(prepare(workspace.root, { log: () => {}, npm: ["no-such-npm"] })).rejects.toThrow(/ENOENT/);
});

test("a failed build shows the compiler's errors, and is tried again", async () => {
  workspace.write("packages/a/src/index.ts", "type error");
  await expect(run()).rejects.toThrow(/^The build failed \(exit code 2\):\n.*\n {2}\| .*error TS2322$/);
  workspace.write("packages/a/src/index.ts", "export {};\n");
  await run();
  expect(workspace.calls().map((call) => call.slice(0, 3))).toEqual(["npm", "tsc", "tsc"]);
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)(
  "%s during the install ends it with all its children, code %i, and leaves no lock",
  async (signal, code) => {
    const { root, npm, write } = workspace;
    write(
      "npm.mjs",
      `import { spawn } from "node:child_process";
     import { renameSync, writeFileSync } from "node:fs";
     const child = spawn("sleep", ["60"]);
     writeFileSync("draft", JSON.stringify([process.pid, child.pid]));
     renameSync("draft", "pids.json");`,
    );
    const script = `const { prepare } = await import(${JSON.stringify(new URL("prepare.mjs", import.meta.url).href)});
    await prepare(${JSON.stringify(root)}, { npm: ${JSON.stringify(npm)} });`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "ignore" });
    const pids = await pidsOf(child, join(root, "pids.json"));
    child.kill(signal);
    expect(await once(child, "exit")).toEqual([code, null]);
    for (const pid of pids) await gone(pid);
    expect(existsSync(join(root, "packages/launch/dist/prepare.lock"))).toBe(false);
  },
);

async function pidsOf(child: ChildProcess, path: string): Promise<number[]> {
  while (!existsSync(path)) {
    if (child.exitCode !== null) throw new Error(`ended early with ${child.exitCode}`);
    await sleep(10);
  }
  return JSON.parse(readFileSync(path, "utf8")) as number[];
}

/** A killed child of an ended parent is a zombie until init reaps it. */
async function gone(pid: number): Promise<void> {
  const running = (): boolean => {
    const stat = `/proc/${pid}/stat`;
    try {
      return !/\) Z /.test(readFileSync(stat, "utf8"));
    } catch {
      return false;
    }
  };
  while (running()) await sleep(10);
}
