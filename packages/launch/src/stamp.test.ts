import { rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  buildStamp,
  buildStampPath,
  installStamp,
  installStampPath,
  isBuilt,
  isInstalled,
  writeStamp,
} from "./stamp.mjs";
import { makeWorkspace, type Workspace } from "./workspace.testing.ts";

let workspace: Workspace;
beforeEach(() => {
  workspace = makeWorkspace();
});
afterEach(() => workspace.remove());

test.each(["pnpm-lock.yaml", "pnpm-workspace.yaml", ".npmrc", "packages/a/package.json"])(
  "a change of %s asks for an install",
  (path) => {
    const before = installStamp(workspace.root);
    workspace.write(path, '{ "changed": true }');
    expect(installStamp(workspace.root)).not.toBe(before);
  },
);

test("a manifest written again with the same content asks for no install", () => {
  const before = installStamp(workspace.root);
  utimesSync(join(workspace.root, "pnpm-lock.yaml"), 1, 1);
  expect(installStamp(workspace.root)).toBe(before);
});

test.each(["packages/a/src/deep/new.ts", "packages/a/gen/new.js", "packages/a/tsconfig.json", "tsconfig.base.json"])(
  "a change of %s asks for a build",
  (path) => {
    const before = buildStamp(workspace.root);
    workspace.write(path, '{ "changed": true }');
    expect(buildStamp(workspace.root)).not.toBe(before);
  },
);

test("a touched source of the same size asks for a build", () => {
  const before = buildStamp(workspace.root);
  utimesSync(join(workspace.root, "packages/a/src/index.ts"), 1, 1);
  expect(buildStamp(workspace.root)).not.toBe(before);
});

test("an install is over when its stamp, pnpm's mark and each package's own node_modules are there", () => {
  const { root } = workspace;
  writeStamp(installStampPath(root), installStamp(root));
  expect(isInstalled(root)).toBe(false);
  workspace.write("node_modules/.modules.yaml", "");
  expect(isInstalled(root)).toBe(false);
  workspace.write("packages/a/node_modules/b/index.js", "");
  expect(isInstalled(root)).toBe(true);
  workspace.write("pnpm-lock.yaml", "changed");
  expect(isInstalled(root)).toBe(false);
});

test("a build is over when its stamp and each package's output are there", () => {
  const { root } = workspace;
  workspace.write("packages/a/dist/.tsbuildinfo", "");
  expect(isBuilt(root)).toBe(false);
  writeStamp(buildStampPath(root), buildStamp(root));
  expect(isBuilt(root)).toBe(true);
  rmSync(join(root, "packages/a/dist"), { recursive: true });
  expect(isBuilt(root)).toBe(false);
});
