import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findAssets } from "./find.ts";
import { type InstallOptions, type InstallResult, installAssets } from "./install.ts";
import { listAssets } from "./list.ts";
import { readManifest } from "./manifest.ts";
import type { InstallProgress } from "./source.ts";
import { binaryContent, type ReleaseServer, sha256, startReleaseServer } from "./testing/release-server.ts";
import { assetVersions, releaseArchitecture } from "./versions.ts";

const { kubernetes, etcd } = assetVersions();
const arch = releaseArchitecture();
const apiserverPath = `/v${kubernetes}/bin/linux/${arch}/kube-apiserver`;

let server: ReleaseServer;
let cache: string;
let env: Record<string, string>;
let told: InstallProgress[];

beforeEach(async () => {
  server = await startReleaseServer(kubernetes, etcd, arch);
  cache = mkdtempSync(join(tmpdir(), "hollowfleet-test-"));
  // No PATH: neither a Go nor binaries of this machine are to be found.
  env = { XDG_CACHE_HOME: cache, PATH: "", HOLLOW_KUBERNETES_URL: `${server.url}/`, HOLLOW_ETCD_URL: server.url };
  told = [];
});
afterEach(async () => {
  await server.close();
  rmSync(cache, { recursive: true });
});

const install = (options: InstallOptions = {}): Promise<InstallResult> =>
  installAssets({ env, onProgress: (progress) => told.push(progress), ...options });
const folder = () => join(cache, "hollowfleet", "assets", kubernetes);
const apiserver = () => join(folder(), "kube-apiserver");

describe("a download", () => {
  it("installs everything, executable, and writes down what it was", async () => {
    const { dir, installed } = await install();
    expect(dir).toBe(folder());
    expect(installed).toEqual(["etcd", "kube-apiserver", "kube-scheduler", "kube-controller-manager", "kubectl"]);
    for (const name of installed) {
      expect(readFileSync(join(dir, name)).equals(binaryContent(name))).toBe(true);
      expect(statSync(join(dir, name)).mode & 0o111).toBe(0o111);
      expect(readManifest(dir)?.files[name]).toMatchObject({ source: "download", sha256: sha256(binaryContent(name)) });
    }
    expect(readdirSync(dir).sort()).toEqual([...installed, "manifest.json"].sort());
    expect(await listAssets({ env })).toMatchObject([{ complete: true, versions: { kubernetes, etcd } }]);
    expect(await findAssets({ env })).toMatchObject({ foundIn: "cache", dir, version: kubernetes });
  });

  it("does nothing when all is there, and mends what was changed", async () => {
    await install();
    const before = server.requests.length;
    expect((await install()).installed).toEqual([]);
    expect(server.requests).toHaveLength(before);
    writeFileSync(apiserver(), "something else");
    expect((await listAssets({ env }))[0]?.files.find(({ name }) => name === "kube-apiserver")?.state).toBe("changed");
    await expect(findAssets({ env })).rejects.toMatchObject({
      code: "not-found",
      message: expect.stringMatching(/changed since/),
    });
    expect((await install()).installed).toEqual(["kube-apiserver"]);
    expect((await listAssets({ env, verify: true }))[0]?.complete).toBe(true);
  });

  it("finds a change that size and time hide only when asked to verify", async () => {
    await install();
    const { mtime, atime } = statSync(apiserver());
    const content = readFileSync(apiserver());
    content[1000] = (content[1000] ?? 0) ^ 1;
    writeFileSync(apiserver(), content);
    utimesSync(apiserver(), atime, mtime);
    // utimes cannot set fractions of a millisecond: make the manifest agree.
    const manifest = readManifest(folder())!;
    const file = { ...manifest.files["kube-apiserver"]!, mtimeMs: statSync(apiserver()).mtimeMs };
    writeFileSync(
      join(folder(), "manifest.json"),
      JSON.stringify({ ...manifest, files: { ...manifest.files, "kube-apiserver": file } }),
    );
    expect((await listAssets({ env }))[0]?.complete).toBe(true);
    expect((await listAssets({ env, verify: true }))[0]?.complete).toBe(false);
  });

  it("goes on where a body broke off", async () => {
    let cuts = 2;
    server.override = (request, response, body) => {
      if (request.url !== apiserverPath || cuts === 0 || body === undefined) return false;
      cuts -= 1;
      const from = Number(/(\d+)-/.exec(request.headers.range ?? "0-")?.[1]);
      response.writeHead(from > 0 ? 206 : 200, { "content-length": body.length - from });
      response.write(body.subarray(from, from + 100_000), () => setTimeout(() => response.destroy(), 20));
      return true;
    };
    await install();
    const ranges = server.requests.filter((request) => request.startsWith(`${apiserverPath} `));
    expect(ranges).toEqual([`${apiserverPath} bytes=100000-`, `${apiserverPath} bytes=200000-`]);
    expect(readFileSync(apiserver()).equals(binaryContent("kube-apiserver"))).toBe(true);
  });

  it("starts over where the server knows no ranges", async () => {
    let cut = true;
    server.override = (request, response, body) => {
      if (request.url !== apiserverPath || body === undefined) return false;
      response.writeHead(200, { "content-length": body.length });
      if (cut) response.write(body.subarray(0, 1000), () => setTimeout(() => response.destroy(), 20));
      else response.end(body);
      cut = false;
      return true;
    };
    await install();
    expect(readFileSync(apiserver()).equals(binaryContent("kube-apiserver"))).toBe(true);
  });

  it("takes up what an interrupted installation left", async () => {
    const control = new AbortController();
    server.override = (request, response, body) => {
      if (request.url !== apiserverPath) return false;
      response.writeHead(200, { "content-length": body?.length });
      response.write(body?.subarray(0, 50_000), () => setTimeout(() => control.abort(), 50));
      return true;
    };
    await expect(install({ signal: control.signal })).rejects.toMatchObject({ code: "aborted" });
    expect(existsSync(apiserver())).toBe(false);
    server.override = undefined;
    const { installed } = await install();
    expect(installed).not.toContain("etcd");
    expect(server.requests).toContain(`${apiserverPath} bytes=50000-`);
    expect(readFileSync(apiserver()).equals(binaryContent("kube-apiserver"))).toBe(true);
  });

  it("forgets a leftover that belongs to another file", async () => {
    await install();
    rmSync(apiserver());
    writeFileSync(join(folder(), ".kube-apiserver.download.part"), "x".repeat(1000));
    await install();
    expect(readFileSync(apiserver()).equals(binaryContent("kube-apiserver"))).toBe(true);
  });

  it("never puts a file with a wrong checksum into its place", async () => {
    server.files.set(apiserverPath, Buffer.concat([binaryContent("kube-apiserver"), Buffer.of(0)]));
    await expect(install()).rejects.toMatchObject({ code: "checksum-mismatch" });
    expect(existsSync(apiserver())).toBe(false);
    expect(readManifest(folder())?.files["kube-apiserver"]).toBeUndefined();
    await expect(findAssets({ env })).rejects.toMatchObject({ code: "not-found" });
  });

  it("refuses what has no checksum", async () => {
    server.files.set(`/v${etcd}/SHA256SUMS`, Buffer.from("<html>please log in</html>"));
    await expect(install()).rejects.toMatchObject({
      code: "checksum-mismatch",
      message: expect.stringMatching(/etcd/),
    });
  });

  it("says that a version does not exist", async () => {
    await expect(install({ version: "1.34.99" })).rejects.toMatchObject({ code: "no-such-release" });
    await expect(install({ version: "1.20.1" })).rejects.toMatchObject({ code: "unsupported-version" });
    await expect(install({ version: "latest" })).rejects.toMatchObject({ code: "unsupported-version" });
  });

  it("says that the folder cannot be written", async () => {
    writeFileSync(join(cache, "file"), "");
    const blocked = { ...env, XDG_CACHE_HOME: join(cache, "file") };
    await expect(install({ env: blocked })).rejects.toMatchObject({ code: "unwritable" });
  });
});

describe("a host that cannot be reached", () => {
  const closedPort = () =>
    new Promise<number>((resolve) => {
      const listener = createServer().listen(0, "127.0.0.1", () => {
        const { port } = listener.address() as { port: number };
        listener.close(() => resolve(port));
      });
    });

  it("ends a download", async () => {
    const mirror = { kubernetes: `http://127.0.0.1:${await closedPort()}` };
    await expect(install({ from: "download", mirror })).rejects.toMatchObject({
      code: "unreachable",
      remedy: expect.stringMatching(/--from go/),
    });
  });

  it("is told from a missing file: a proxy that refuses is no release server", async () => {
    server.override = (_, response) => {
      response.writeHead(403).end("denied by policy");
      return true;
    };
    await expect(install({ from: "download" })).rejects.toMatchObject({ code: "unreachable" });
  });

  it("and no Go: both are named, with what to do", async () => {
    const mirror = { kubernetes: `http://127.0.0.1:${await closedPort()}` };
    await expect(install({ mirror })).rejects.toMatchObject({
      code: "unreachable",
      message: expect.stringMatching(/cannot be reached.*Go is not installed/),
      remedy: expect.stringMatching(/HOLLOW_KUBERNETES_URL.*go\.dev/),
    });
  });
});

describe("two installations at once", () => {
  it("do the work once", async () => {
    const [one, other] = await Promise.all([install(), install()]);
    const both = [...one.installed, ...other.installed];
    expect(both).toHaveLength(5);
    expect(told).toContainEqual({ kind: "waiting", holder: String(process.pid) });
    expect(server.requests.filter((request) => request === apiserverPath)).toHaveLength(1);
  });
});
