import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type BinaryName, binaryNames } from "./binary.ts";
import { findAssets } from "./find.ts";
import { describeFile, sha256Of, writeManifest } from "./manifest.ts";
import { assetVersions } from "./versions.ts";

const folder = mkdtempSync(join(tmpdir(), "hollowfleet-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
function folderWith(names: readonly BinaryName[], version = "v1.35.2"): string {
  const dir = join(folder, `f${count++}`);
  fill(dir, names, version);
  return dir;
}

function fill(dir: string, names: readonly BinaryName[], version: string): void {
  mkdirSync(dir, { recursive: true });
  for (const name of names) {
    writeFileSync(join(dir, name), `#!/bin/sh\necho Kubernetes ${version}\n`);
    chmodSync(join(dir, name), 0o755);
  }
}

async function cacheWith(names: readonly BinaryName[], version?: string): Promise<string> {
  const cache = join(folder, `c${count++}`);
  const versions = assetVersions(version);
  const dir = join(cache, "hollowfleet", "assets", versions.kubernetes);
  fill(dir, names, `v${versions.kubernetes}`);
  const files = await Promise.all(
    names.map(async (name) => [name, describeFile(join(dir, name), "go", await sha256Of(join(dir, name)))] as const),
  );
  writeManifest(dir, { schema: 1, versions, files: Object.fromEntries(files) });
  return cache;
}

const empty = { XDG_CACHE_HOME: join(folder, "empty"), PATH: "/nowhere" };
const envtest: BinaryName[] = ["etcd", "kube-apiserver", "kubectl"];

describe("findAssets", () => {
  it("searches the flag, HOLLOW_ASSETS, KUBEBUILDER_ASSETS, the cache and PATH, in this order", async () => {
    const [flag, own, kubebuilder, path] = Array.from({ length: 4 }, () => folderWith(binaryNames)) as string[];
    const cache = await cacheWith(binaryNames);
    let env: Record<string, string | undefined> = {
      HOLLOW_ASSETS: own,
      KUBEBUILDER_ASSETS: kubebuilder,
      XDG_CACHE_HOME: cache,
      PATH: `/nowhere:${path}:/bin`,
    };
    expect(await findAssets({ flag: flag!, env })).toMatchObject({ foundIn: "flag", dir: flag, version: "1.35.2" });
    expect(await findAssets({ env })).toMatchObject({ foundIn: "HOLLOW_ASSETS", dir: own });
    env = { ...env, HOLLOW_ASSETS: "" };
    expect(await findAssets({ env })).toMatchObject({ foundIn: "KUBEBUILDER_ASSETS", dir: kubebuilder });
    env = { ...env, KUBEBUILDER_ASSETS: undefined };
    expect(await findAssets({ env })).toMatchObject({ foundIn: "cache", version: assetVersions().kubernetes });
    env = { ...env, XDG_CACHE_HOME: empty.XDG_CACHE_HOME, PATH: `/nowhere:${path}:/bin` };
    expect(await findAssets({ env })).toMatchObject({
      foundIn: "PATH",
      dir: path,
      kubectl: join(path!, "kubectl"),
      paths: { etcd: join(path!, "etcd") },
    });
  });

  it("does not look further when a folder that was named lacks something", async () => {
    const dir = folderWith(envtest);
    const env = { ...empty, PATH: folderWith(binaryNames) };
    const error = { code: "not-found", message: `${dir} has no kube-scheduler, no kube-controller-manager` };
    await expect(findAssets({ flag: dir, env })).rejects.toMatchObject(error);
    await expect(findAssets({ env: { ...env, HOLLOW_ASSETS: dir } })).rejects.toMatchObject(error);
  });

  it("passes over the folder of an envtest, which has no scheduler", async () => {
    const env = { ...empty, KUBEBUILDER_ASSETS: folderWith(envtest), XDG_CACHE_HOME: await cacheWith(binaryNames) };
    expect((await findAssets({ env })).foundIn).toBe("cache");
  });

  it("finds the version that was asked for, and no other", async () => {
    const env = { ...empty, XDG_CACHE_HOME: await cacheWith(binaryNames, "1.34.1"), PATH: folderWith(binaryNames) };
    expect(await findAssets({ env, version: "v1.34.1" })).toMatchObject({ foundIn: "cache", version: "1.34.1" });
    await expect(findAssets({ env, version: "1.33.0" })).rejects.toMatchObject({ code: "not-found" });
  });

  it("does without kubectl, and without nothing else", async () => {
    const needed = binaryNames.filter((name) => name !== "kubectl");
    const env = { ...empty, HOLLOW_ASSETS: folderWith(needed) };
    expect((await findAssets({ env })).kubectl).toBeUndefined();
    await expect(findAssets({ env: empty })).rejects.toMatchObject({
      code: "not-found",
      remedy: "run: hollow assets install",
    });
  });

  it("does not take a file that cannot be run", async () => {
    const dir = folderWith(binaryNames);
    chmodSync(join(dir, "etcd"), 0o644);
    await expect(findAssets({ flag: dir, env: empty })).rejects.toMatchObject({ message: `${dir} has no etcd` });
    const foreign = folderWith(binaryNames);
    writeFileSync(join(foreign, "kube-apiserver"), "#!/nowhere/interpreter\n");
    await expect(findAssets({ flag: foreign, env: empty })).rejects.toMatchObject({
      message: expect.stringMatching(/does not run/),
    });
  });
});
