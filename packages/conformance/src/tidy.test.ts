import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseJsonWithComments, ROOT, sourceFiles, textFiles, workspacePackages } from "./tidy/checkout.ts";
import { importFaults, importsOf } from "./tidy/imports.ts";
import { declarationFaults, LAYERS, type Layer, orderFaults } from "./tidy/layers.ts";
import {
  declaredBy,
  manifestFaults,
  runtimeDependencies,
  type TsConfig,
  undocumentedDependencies,
} from "./tidy/manifests.ts";
import { isTestFile, sourceFaults } from "./tidy/source-rules.ts";
import { blankNonCode } from "./tidy/source-text.ts";
import { trackedFileFaults } from "./tidy/tracked-files.ts";

const files = textFiles();
const sources = sourceFiles(files);
const packages = workspacePackages(files);
const folderName = (folder: string): string => folder.split("/").at(-1) ?? folder;

describe("the checkout", () => {
  test("the layer table has no cycle", () => {
    expect(orderFaults(LAYERS)).toEqual([]);
  });

  test("package.json and tsconfig.json draw the arrows of the layer table", () => {
    expect(
      packages.flatMap(({ manifest, tsconfig }) => declarationFaults(declaredBy(manifest, tsconfig), LAYERS)),
    ).toEqual([]);
    expect(packages.map(({ folder }) => folderName(folder)).sort()).toEqual(Object.keys(LAYERS).sort());
  });

  test("the root build covers every package that has a tsconfig.json", () => {
    const { references = [] } = parseJsonWithComments(readFileSync(join(ROOT, "tsconfig.json"), "utf8")) as TsConfig;
    const built = packages.filter(({ tsconfig }) => tsconfig !== undefined).map(({ folder }) => folder);
    expect(references.map(({ path }) => path).sort()).toEqual(built.sort());
  });

  test("imports follow the layer table, through root entries, to declared dependencies", () => {
    const faults = packages.flatMap(({ folder, manifest }) => {
      const { imports, testImports = [] } = LAYERS[folderName(folder)] ?? { imports: [] };
      const own = sources.filter(({ path }) => path.startsWith(`${folder}/`));
      return own.flatMap(({ path, text }) =>
        isTestFile(path)
          ? importFaults(path, text, { workspace: [...imports, ...testImports], external: undefined })
          : importFaults(path, text, { workspace: imports, external: runtimeDependencies(manifest) }),
      );
    });
    expect(faults).toEqual([]);
  });

  test("every source keeps the rules", () => {
    expect(sources.flatMap(({ path, text }) => sourceFaults(path, text))).toEqual([]);
  });

  test("functions of more than 70 lines are errors of the linter", () => {
    const biome = JSON.parse(readFileSync(join(ROOT, "biome.json"), "utf8"));
    expect(biome.linter.rules.complexity.noExcessiveLinesPerFunction).toMatchObject({
      level: "error",
      options: { maxLines: 70 },
    });
  });

  test("every package says what it is, and every library has an index.ts", () => {
    expect(packages.flatMap(({ folder, manifest }) => manifestFaults(folderName(folder), manifest))).toEqual([]);
    const libraries = packages
      .map(({ folder }) => folder)
      .filter((folder) => !["bench", "packages/launch"].includes(folder));
    expect(libraries.filter((folder) => !existsSync(join(ROOT, folder, "src", "index.ts")))).toEqual([]);
  });

  test("no tracked file names a machine's path or a package registry", () => {
    expect(files.flatMap(({ path, text }) => trackedFileFaults(path, text))).toEqual([]);
  });

  test.skipIf(!existsSync(join(ROOT, "ARCHITECTURE.md")))("ARCHITECTURE.md explains each runtime dependency", () => {
    const names = new Set(packages.flatMap(({ manifest }) => runtimeDependencies(manifest)));
    const text = readFileSync(join(ROOT, "ARCHITECTURE.md"), "utf8");
    expect(undocumentedDependencies([...names].sort(), text)).toEqual([]);
  });
});

describe("each rule can fail:", () => {
  const layers: Record<string, Layer> = { core: { imports: [] }, a: { imports: ["core"], testImports: [] } };

  test("an arrow to the same line or downwards", () => {
    expect(
      orderFaults({ a: { imports: ["b"] }, b: { imports: ["a"] }, c: { imports: [], testImports: ["c"] } }),
    ).toEqual([
      "a may not point to b: it is not above a in the layer table",
      "c may not point to c: it is not above c in the layer table",
    ]);
  });

  test("an arrow that is declared and not in the table, or the reverse", () => {
    const manifest = { name: "@hollowfleet/a", dependencies: { "@hollowfleet/b": "workspace:*", yaml: "catalog:" } };
    const declared = declaredBy(manifest, { references: [{ path: "../core" }, { path: "../b" }] });
    expect(declarationFaults(declared, layers)).toEqual([
      "a: dependencies of package.json lack core, which the table has",
      "a: dependencies of package.json have b, which the table lacks",
      "a: references of tsconfig.json have b, which the table lacks",
    ]);
    expect(declarationFaults({ ...declared, name: "z" }, layers)).toEqual(["z is missing from the layer table"]);
  });

  test.each([
    ['import { x } from "@hollowfleet/b";', "may not import @hollowfleet/b: see the layer table"],
    ['import type { X } from "@hollowfleet/b";', "may not import @hollowfleet/b: see the layer table"],
    [
      'export { x } from "@hollowfleet/core/dist/x.js";',
      "imports @hollowfleet/core/dist/x.js: import the package's root entry",
    ],
    ['await import("@hollowfleet/core/x")', "imports @hollowfleet/core/x: import the package's root entry"],
    ['import "../../core/src/x.ts";', "imports ../../core/src/x.ts, which is outside of its package"],
    ['import "../dist/x.js";', "imports ../dist/x.js: import the source"],
    ['import { parse } from "@scope/yaml/deep";', "imports @scope/yaml, which is not a dependency"],
  ])("%s", (source, fault) => {
    const path = "packages/a/src/x.ts";
    expect(importFaults(path, source, { workspace: ["core"], external: ["commander"] })).toEqual([`${path}: ${fault}`]);
  });

  test("imports that are allowed, or only quoted, are none", () => {
    const source = `import { a } from "@hollowfleet/core"; import fs from 'node:fs'; import { b } from "./b.ts";
      import { c } from "commander"; import gen from "../gen/x.js"; // import "@hollowfleet/z"
      const quoted = 'import "@hollowfleet/z"'; const template = \`import "@hollowfleet/z"\`;`;
    expect(importFaults("packages/a/src/x.ts", source, { workspace: ["core"], external: ["commander"] })).toEqual([]);
    expect(importsOf(source)).toEqual(["@hollowfleet/core", "node:fs", "./b.ts", "commander", "../gen/x.js"]);
  });

  const unfinished = ["TO", "DO: later"].join("");
  test.each([
    ["packages/a/src/x.ts", "x\n".repeat(401), "packages/a/src/x.ts: 401 lines, 400 are the limit"],
    ["packages/a/src/x.test.ts", "x\n".repeat(801), "packages/a/src/x.test.ts: 801 lines, 800 are the limit"],
    [
      "packages/a/src/x.ts",
      `let a;\n// ${unfinished}`,
      "packages/a/src/x.ts:2: notes of unfinished work belong into an issue",
    ],
    ["packages/a/src/x.test.ts", "test.only('a')", "packages/a/src/x.test.ts:1: `.only` hides every other test"],
    ["packages/a/src/x.test.ts", "test.each.only('a')", "packages/a/src/x.test.ts:1: `.only` hides every other test"],
    ["packages/a/src/x.ts", "debugger;", "packages/a/src/x.ts:1: `debugger` stops the process of whoever attaches"],
    ["packages/a/src/x.ts", "export default 1;", "packages/a/src/x.ts:1: default exports have no name to search for"],
    [
      "packages/a/src/x.ts",
      "export { x as default };",
      "packages/a/src/x.ts:1: default exports have no name to search for",
    ],
    [
      "packages/a/src/index.ts",
      "export * from './x.ts';",
      "packages/a/src/index.ts:1: `export *` hides what the package offers",
    ],
    [
      "packages/a/src/x.ts",
      "process.exit(1);",
      "packages/a/src/x.ts:1: only cli, launch and the watchdog end the process",
    ],
    ["packages/a/src/x.ts", "console.log(1);", "packages/a/src/x.ts:1: only cli, launch and the watchdog print"],
  ])("%s with a fault of its own (%#)", (path, source, fault) => {
    expect(sourceFaults(path, source)).toEqual([fault]);
  });

  test("the process and the terminal are the command's", () => {
    expect(sourceFaults("packages/cli/src/x.ts", "process.exit(1); console.log(1);")).toEqual([]);
  });

  test("words in comments, strings, templates and patterns are not code", () => {
    const source =
      "const a = /[\"'`]debugger/; // debugger\nconst b = `debugger @{x ? `{debugger` : '}'} debugger`; /* debugger */".replace(
        "@",
        "$",
      );
    expect(sourceFaults("packages/a/src/x.ts", source)).toEqual([]);
    expect(blankNonCode(source)).toHaveLength(source.length);
    expect(
      sourceFaults("packages/a/src/x.ts", "const a = `@{(() => { debugger; })()}`;".replace("@", "$")),
    ).toHaveLength(1);
    expect(sourceFaults("packages/a/src/x.ts", "const half = a / 2; debugger; const b = c / 2;")).toHaveLength(1);
  });

  const host = ["registry", "npmjs", "org"].join(".");
  test.each([
    ["pnpm-lock.yaml", ["tarball", " https://mirror.example/x.tgz"].join(":"), "sets a package registry"],
    [".npmrc", "loglevel=silent\nregistry=https://mirror.example/", "sets a package registry"],
    ["README.md", `see ${host}`, `names a package registry's host (${host})`],
    ["x.ts", ["", "root", ".kube"].join("/"), "names a path of one machine"],
    ["x.sh", `cd ${["", "home", "jo", "x"].join("/")}`, "names a path of one machine"],
  ])("%s with %s", (path, text, fault) => {
    expect(trackedFileFaults(path, text)).toEqual([expect.stringMatching(new RegExp(`^${path}:\\d+: `))]);
    expect(trackedFileFaults(path, text)[0]).toContain(fault);
  });

  test("image registries and paths of containers are none of a machine's", () => {
    expect(trackedFileFaults("x.ts", "registry.k8s.io/pause:3.10 https://example.com/work/x ./work/x")).toEqual([]);
  });

  test("a package without a description, or under another name", () => {
    expect(manifestFaults("a", { name: "@hollowfleet/b", description: " " })).toEqual([
      "a: package.json names @hollowfleet/b",
      "a: package.json has no description",
    ]);
  });

  test("a runtime dependency without a line", () => {
    expect(undocumentedDependencies(["yaml", "ajv"], "- `yaml`: kubeconfig files")).toEqual([
      "ARCHITECTURE.md has no line on the runtime dependency `ajv`",
    ]);
  });
});
