import { existsSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { noAssets } from "./support/assets.ts";
import { type OwnFolder, ownFolder } from "./support/own-folder.ts";
import { startInTerminal } from "./support/terminal.ts";

let own: OwnFolder;
beforeEach(() => {
  own = ownFolder();
});
afterEach(() => own.remove());

describe.skipIf(noAssets)("hollow up", () => {
  it("prints the kubeconfig's path alone on stdout, and Ctrl-C is its good end", async () => {
    const up = own.start(["up", "--nodes", "3"]);
    await up.shows("3 hollow nodes are Ready");
    up.child.kill("SIGINT");
    const { code, stdout, stderr } = await up.ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\/.*\/kubeconfig\n$/);
    expect(stderr).toContain(`  export KUBECONFIG=${stdout.trim()}`);
    await own.nothingLeft();
    expect(existsSync(stdout.trim())).toBe(false);
  });

  it("tells of a component that dies, and ends", async () => {
    const up = own.start(["up", "--nodes", "3", "--quiet"]);
    await up.shows("3 hollow nodes are Ready");
    process.kill(own.pidOf("kube-scheduler"), "SIGKILL");
    const { code, stderr } = await up.ended;
    expect(code).toBe(3);
    expect(stderr).toMatch(/^hollow: kube-scheduler ended \(signal SIGKILL\); its last lines:\n {2}\S/m);
    await own.nothingLeft();
  });

  it("shows one rewritten block in a terminal, never wider than it", async () => {
    const terminal = startInTerminal(["up", "--nodes", "40"], { TMPDIR: own.dir });
    await terminal.shows(/export KUBECONFIG=/);
    terminal.interrupt();
    expect(await terminal.exitCode).toBe(0);
    await own.nothingLeft();
    const screen = terminal.screen();
    expect(screen).toContain("starting kube-apiserver");
    // Three lines up: the block before is written over.
    expect(screen).toContain("\u001b[3A");
    expect(stripVTControlCharacters(screen)).toMatch(/\d:\d\d +register nodes/);
    const lines = stripVTControlCharacters(screen).split(/\r?\n/);
    for (const line of lines.filter((each) => !each.includes("KUBECONFIG") && !each.startsWith("/"))) {
      expect(line.length, line).toBeLessThanOrEqual(80);
    }
  });
});
