import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A small checkout on disk with stand-ins for npm and tsc, which write down how they were called. */
export interface Workspace {
  readonly root: string;
  /** Stand-in for npm: run as the command of this tuple. */
  readonly npm: readonly [string, ...string[]];
  write(path: string, content: string): void;
  /** One line per call of npm and tsc, oldest first. */
  calls(): string[];
  remove(): void;
}

const MANIFEST = JSON.stringify({ packageManager: "pnpm@10.34.9", engines: { node: ">=20.19" } });

/** Does what the launcher relies on: node_modules with pnpm's own mark, and a compiler. */
const INSTALL = `
import { appendFileSync, cpSync, mkdirSync, writeFileSync } from "node:fs";
appendFileSync("calls.log", "npm " + process.argv.slice(2).join(" ") + "\\n");
mkdirSync("node_modules/typescript/bin", { recursive: true });
mkdirSync("packages/a/node_modules", { recursive: true });
writeFileSync("node_modules/.modules.yaml", "");
cpSync("tsc.mjs", "node_modules/typescript/bin/tsc");
`;

const COMPILE = `#!/usr/bin/env node
const { appendFileSync, mkdirSync, readFileSync, writeFileSync } = require("node:fs");
appendFileSync("calls.log", "tsc " + process.argv.slice(2).join(" ") + "\\n");
if (readFileSync("packages/a/src/index.ts", "utf8").includes("type error")) {
  console.log("packages/a/src/index.ts(1,1): error TS2322");
  process.exit(2);
}
mkdirSync("packages/a/dist", { recursive: true });
writeFileSync("packages/a/dist/.tsbuildinfo", "");
`;

export function makeWorkspace(): Workspace {
  const root = mkdtempSync(join(tmpdir(), "launch-"));
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  write("package.json", MANIFEST);
  write("pnpm-lock.yaml", "lockfileVersion: '9.0'\n");
  write("pnpm-workspace.yaml", "packages: [packages/*]\n");
  write(".npmrc", "loglevel=silent\n");
  write("tsconfig.json", "{}");
  write("tsconfig.base.json", "{}");
  write("packages/launch/package.json", "{}");
  write("packages/a/package.json", '{ "dependencies": { "b": "1.0.0" } }');
  write("packages/a/tsconfig.json", "{}");
  write("packages/a/src/index.ts", "export {};\n");
  write("npm.mjs", INSTALL);
  write("tsc.mjs", COMPILE);
  chmodSync(join(root, "tsc.mjs"), 0o755);
  return {
    root,
    npm: [process.execPath, join(root, "npm.mjs")],
    write,
    calls: () => {
      const log = join(root, "calls.log");
      return existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n") : [];
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
