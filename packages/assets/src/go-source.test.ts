import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkGoVersion, goSource, goTarget } from "./go-source.ts";
import { installAssets } from "./install.ts";
import type { InstallProgress } from "./source.ts";
import { assetVersions } from "./versions.ts";

const folder = mkdtempSync(join(tmpdir(), "hollowfleet-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const versions = assetVersions();

/** A folder for PATH with a `go` that prints what it is told to. */
function fakeGo(name: string, script: string): Record<string, string> {
  const dir = join(folder, name);
  mkdirSync(dir);
  writeFileSync(join(dir, "go"), `#!/bin/sh\n${script}\n`);
  chmodSync(join(dir, "go"), 0o755);
  return { PATH: `${dir}:/usr/bin:/bin`, XDG_CACHE_HOME: join(folder, `${name}-cache`) };
}

const goVersion = (() => {
  try {
    return execFileSync("go", ["env", "GOVERSION"], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
})();

describe("goTarget", () => {
  it("builds pinned versions only: go.mod and the linker's variables agree", () => {
    const target = goTarget("kube-apiserver", versions);
    const goMod = readFileSync(join(target.moduleDir, "go.mod"), "utf8");
    expect(goMod).toContain(`k8s.io/kubernetes v${versions.kubernetes}`);
    // Each staging module is replaced by the version that was published with it.
    const replaced = [...goMod.matchAll(/^\tk8s\.io\/\S+ => k8s\.io\/\S+ (\S+)$/gm)].map((match) => match[1]);
    expect(replaced.length).toBeGreaterThan(25);
    expect(new Set(replaced)).toEqual(new Set([`v0.${versions.kubernetes.replace(/^1\./, "")}`]));
    expect(target.ldflags).toContain(`-X k8s.io/component-base/version.gitVersion=v${versions.kubernetes}`);
    expect(target.package).toBe("k8s.io/kubernetes/cmd/kube-apiserver");
    const etcd = readFileSync(join(goTarget("etcd", versions).moduleDir, "go.mod"), "utf8");
    expect(etcd).toContain(`go.etcd.io/etcd/server/v3 v${versions.etcd}`);
  });
});

describe("checkGoVersion", () => {
  it.each([
    ["go1.26.0", "1.26.0", true],
    ["go1.26.8", "1.26.0", true],
    ["go1.27", "1.26.3", true],
    ["go1.25.11", "1.26.0", false],
    ["go1.26.2", "1.26.3", false],
    ["devel", "1.26.0", false],
  ])("%s for %s: %s", (version, required, fine) => {
    const check = () => checkGoVersion(version, required);
    if (fine) expect(check).not.toThrow();
    else expect(check).toThrow(/is needed/);
  });
});

describe("a build from Go", () => {
  it("says that Go is missing or too old, and which versions are pinned", async () => {
    const install = (env: Record<string, string>, version?: string) =>
      installAssets({ from: "go", env, ...(version === undefined ? {} : { version }) });
    const none = { PATH: folder, XDG_CACHE_HOME: join(folder, "none") };
    await expect(install(none)).rejects.toMatchObject({ code: "go-missing", remedy: expect.stringMatching(/go\.dev/) });
    await expect(install(fakeGo("old", "echo go1.20.4"))).rejects.toMatchObject({ code: "go-too-old" });
    await expect(install(none, "1.35.0")).rejects.toMatchObject({
      code: "unsupported-version",
      remedy: expect.stringMatching(/--from download/),
    });
  });

  it("shows the compiler's last words, and tells a full disk and a proxy that is away from the rest", async () => {
    const failing = (name: string, text: string) => {
      const env = fakeGo(name, `[ "$1" = env ] && echo go1.99.0 && exit 0\necho "${text}" >&2; exit 1`);
      return installAssets({ from: "go", env });
    };
    await expect(failing("broken", "x.go:1: undefined: y")).rejects.toMatchObject({
      code: "build-failed",
      message: expect.stringMatching(/etcd could not be built:\nx\.go:1: undefined: y/),
    });
    await expect(failing("full", "write: no space left on device")).rejects.toMatchObject({ code: "disk-full" });
    await expect(failing("away", "dial tcp: lookup proxy: no such host")).rejects.toMatchObject({
      remedy: expect.stringMatching(/GOPROXY/),
    });
  });

  it("leaves out of the build what could change it, and writes into a name of its own", async () => {
    const record = join(folder, "record");
    const script = `[ "$1" = env ] && echo go1.99.0 && exit 0
echo "$GOFLAGS $CGO_ENABLED $GOWORK $GOTOOLCHAIN $PWD $*" >>${record}
while [ "$1" != -o ]; do shift; done; echo "#!/bin/sh" >"$2"; echo k8s.io/api/core/v1 >&2`;
    const env = { ...fakeGo("recording", script), GOFLAGS: "-mod=mod -race", CGO_ENABLED: "1" };
    const told: InstallProgress[] = [];
    const { installed, dir } = await installAssets({ from: "go", env, onProgress: (progress) => told.push(progress) });
    expect(installed).toHaveLength(5);
    const lines = readFileSync(record, "utf8").trim().split("\n");
    expect(lines).toHaveLength(5);
    for (const line of lines)
      expect(line).toMatch(/^-mod=readonly 0 off local \S+\/go\/(etcd|kubernetes) build -v -trimpath/);
    expect(lines[1]).toContain(
      `-o ${join(dir, ".kube-apiserver.build.")}${process.pid} k8s.io/kubernetes/cmd/kube-apiserver`,
    );
    expect(told).toContainEqual({ kind: "build", binary: "kubectl", packages: 1 });
    // What is built and whole is not built again.
    expect((await installAssets({ from: "go", env })).installed).toEqual([]);
    expect(readFileSync(record, "utf8").trim().split("\n")).toHaveLength(5);
  });

  it("stops the compiler when it is interrupted", async () => {
    const env = fakeGo("slow", `[ "$1" = env ] && echo go1.99.0 && exit 0\necho started >&2\nexec sleep 30`);
    const control = new AbortController();
    const install = installAssets({
      from: "go",
      env,
      signal: control.signal,
      onProgress: (progress) => progress.kind === "build" && progress.packages === 1 && control.abort(),
    });
    await expect(install).rejects.toMatchObject({ code: "aborted" });
  });
});

describe.skipIf(goVersion === undefined)("with the real Go", () => {
  const moduleDir = join(folder, "module");
  beforeAll(() => {
    mkdirSync(moduleDir);
    writeFileSync(join(moduleDir, "go.mod"), "module example.invalid/tiny\n\ngo 1.21\n");
    const program = 'package main\n\nvar version = "none"\n\nfunc main() { println("tiny " + version) }\n';
    writeFileSync(join(moduleDir, "main.go"), program);
  });

  it("builds a program that says its version", async () => {
    const source = goSource(process.env, () => ({ moduleDir, package: ".", ldflags: "-X main.version=v9" }));
    await source.check(versions);
    const request = { binary: "etcd", versions, dir: folder, onProgress: () => undefined, signal: undefined } as const;
    const path = await source.produce(request);
    expect(existsSync(path)).toBe(true);
    expect(execFileSync("/bin/sh", ["-c", `${path} 2>&1`], { encoding: "utf8" })).toBe("tiny v9\n");
  });
});
