import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { checkNodeVersion, readManifest } from "./manifest.mjs";

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

function rootWith(manifest: object): string {
  const root = mkdtempSync(join(tmpdir(), "launch-manifest-"));
  roots.push(root);
  writeFileSync(join(root, "package.json"), JSON.stringify(manifest));
  return root;
}

test("the pinned pnpm is read without Corepack's digest", () => {
  const root = rootWith({ packageManager: "pnpm@10.34.9+sha512.abc", engines: { node: ">=20.19" } });
  expect(readManifest(root)).toEqual({ pnpmVersion: "10.34.9", minNode: [20, 19] });
});

test("a manifest without a pin is refused", () => {
  expect(() => readManifest(rootWith({ engines: { node: ">=20.19" } }))).toThrow(/"packageManager": "pnpm@X.Y.Z"/);
});

test.each(["20.19.0", "20.20.2", "22.0.0", "24.1.0"])("Node %s is new enough", (version) => {
  expect(() => checkNodeVersion([20, 19], version)).not.toThrow();
});

test.each(["20.18.3", "18.20.4", "9.99.0"])("Node %s is refused by both versions' names", (version) => {
  expect(() => checkNodeVersion([20, 19], version)).toThrow(`Node.js 20.19 or newer is needed; this is ${version}`);
});
