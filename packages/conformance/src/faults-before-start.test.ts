import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hollowBin } from "./support/hollow.ts";
import { type OwnFolder, ownFolder } from "./support/own-folder.ts";

let own: OwnFolder;
/** Accepts connections, and says nothing. */
let silent: Server;
const sockets: Socket[] = [];

beforeAll(async () => {
  own = ownFolder();
  silent = createServer((socket) => sockets.push(socket.on("error", () => undefined)));
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => silent.close(resolve));
  own.remove();
});

function port(): number {
  return (silent.address() as AddressInfo).port;
}

function kubeconfig(serverPort: number): string {
  const path = join(own.dir, `kubeconfig-${serverPort}`);
  const cluster = {
    name: "c",
    cluster: { server: `https://127.0.0.1:${serverPort}`, "insecure-skip-tls-verify": true },
  };
  const context = { name: "there", context: { cluster: "c", user: "u" } };
  writeFileSync(
    path,
    JSON.stringify({
      clusters: [cluster],
      users: [{ name: "u", user: { token: "t" } }],
      contexts: [context],
      "current-context": "there",
    }),
  );
  return path;
}

const hollow = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => own.start(args, env).ended;

describe("wrong flags", () => {
  it("are all listed at once, by the names that the user wrote", async () => {
    const wrong = ["--nodes", "ten", "--identity", "me", "--duration", "soon", "--target", "moon", "--set", "a.b=1"];
    const { code, stdout, stderr } = await hollow(["run", ...wrong, "--component-arg", "etcd", "--pod-rate", "0"]);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    for (const flag of ["nodes", "identity", "duration", "target", "component-arg", "pod-rate"]) {
      expect(stderr).toMatch(new RegExp(`^  --${flag}\\b`, "m"));
    }
    expect(stderr).toContain("  a.b: there is no a");
    expect(stderr).not.toContain("must be null");
  });

  it.each([
    [["frob"], "unknown command 'frob'"],
    [["run", "--nods", "3"], "Did you mean --nodes?"],
    [["run", "densty"], 'there is no scenario "densty"'],
    [["run", "density", "more"], "too many arguments"],
    [["doctor", "--nodes", "x"], '"x" is no number of nodes'],
    [["cleanup", "zz", "--kubeconfig", "f"], '"zz" is no run id'],
    [["run", "--identity", "node-cert", "--connections", "pooled"], "a certificate binds a connection"],
  ])("%j end with code 2 and say why", async (args, message) => {
    const { code, stdout, stderr } = await hollow(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^hollow: /);
    expect(stderr).toContain(message);
  });
});

describe("before anything is started", () => {
  it("a result folder that cannot be written is refused", async () => {
    writeFileSync(join(own.dir, "file"), "");
    const { code, stderr } = await hollow(["run", "--out", join(own.dir, "file", "out")]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^hollow: --out: the result folder .*file\/out cannot be written/);
  });

  it("missing assets are told with the command that gets them", async () => {
    const empty = join(own.dir, "empty");
    mkdirSync(empty);
    const nowhere = { HOLLOW_ASSETS: "", KUBEBUILDER_ASSETS: "", XDG_CACHE_HOME: empty, HOME: empty, PATH: empty };
    const run = await hollow(["run", "--target", "local", "--out", join(own.dir, "no-assets")], nowhere);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain("hollow assets install");
    const doctor = await hollow(["doctor"], nowhere);
    expect(doctor.code).toBe(2);
    expect(doctor.stdout).toMatch(/^MISS assets .*\n +.*assets install$/m);
    expect(readdirSync(empty)).toEqual([]);
  });

  it.each([
    ["without --allow-existing", ["--context", "there"]],
    ["without --context", ["--allow-existing"]],
    ["with another context's name", ["--allow-existing", "--context", "here"]],
  ])("nothing is sent to a cluster that was not started here %s", async (_, flags) => {
    sockets.length = 0;
    const where = ["--kubeconfig", kubeconfig(port()), ...flags];
    for (const command of [["run", "--out", join(own.dir, "out")], ["up"], ["cleanup"]]) {
      const { code, stderr } = await hollow([...command, ...where]);
      expect(code).toBe(2);
      expect(stderr).toMatch(/^hollow: /);
      expect(stderr).toContain(flags.includes("here") ? '"here"' : "--context there --allow-existing");
    }
    expect(sockets).toEqual([]);
  });

  it("a cluster that nobody serves is unreachable", async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const path = kubeconfig((closed.address() as AddressInfo).port);
    await new Promise((resolve) => closed.close(resolve));
    const { code, stderr } = await hollow(["cleanup", "--kubeconfig", path, "--context", "there", "--allow-existing"]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^hollow: https:\/\/127\.0\.0\.1:\d+ \(context there\) does not answer/);
    expect(stderr).toContain("kubectl");
  });

  it("a server that says nothing is not waited for without end", async () => {
    const flags = ["--kubeconfig", kubeconfig(port()), "--context", "there", "--allow-existing"];
    const { code, stderr } = await hollow(["run", ...flags, "--out", join(own.dir, "out")]);
    expect(code).toBe(3);
    expect(stderr).toContain("does not answer");
  }, 60_000);
});

describe("stdout", () => {
  const node = process.execPath;

  it("may be closed by a reader that has enough", () => {
    const pipe = `"${node}" "${hollowBin}" scenarios --show density | head -1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync("bash", ["-c", pipe], { encoding: "utf8" });
    expect(stdout.trim()).toMatch(/^\{\n0$/);
    expect(stderr).toBe("");
  });

  it("is missed when it is full", () => {
    const full = `"${node}" "${hollowBin}" scenarios > /dev/full`;
    const { status, stderr } = spawnSync("bash", ["-c", full], { encoding: "utf8" });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^hollow: stdout cannot be written: .*ENOSPC/);
  });

  it("carries the version and nothing else", () => {
    expect(execFileSync(node, [hollowBin, "--version"], { encoding: "utf8" })).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
