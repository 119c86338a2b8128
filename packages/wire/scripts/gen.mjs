// Writes packages/wire/gen from protos. With --verify it writes to a temporary folder instead, and fails if
// what is committed differs.

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import pbjs from "protobufjs-cli/pbjs.js";

const runPbjs = promisify(pbjs.main);
const protosFolder = fileURLToPath(new URL("../../../protos", import.meta.url));
const genFolder = fileURLToPath(new URL("../gen", import.meta.url));
const targets = {
  "k8s.js": fileURLToPath(new URL("target-code.cjs", import.meta.url)),
  "k8s.d.ts": fileURLToPath(new URL("target-types.cjs", import.meta.url)),
  "schema.js": fileURLToPath(new URL("target-schema.cjs", import.meta.url)),
  "schema.d.ts": fileURLToPath(new URL("target-schema-types.cjs", import.meta.url)),
  "json.d.ts": fileURLToPath(new URL("target-json-types.cjs", import.meta.url)),
  "openapi.json": fileURLToPath(new URL("target-openapi.cjs", import.meta.url)),
};

async function generate(folder) {
  const protos = (await readdir(protosFolder)).filter((name) => name.endsWith(".proto")).sort();
  await mkdir(folder, { recursive: true });
  for (const [name, target] of Object.entries(targets)) {
    const text = await runPbjs(["--target", target, "--keep-case", "--path", protosFolder, ...protos]);
    await writeFile(join(folder, name), text);
  }
}

async function differences(folder) {
  const differing = [];
  for (const name of Object.keys(targets)) {
    const [committed, fresh] = await Promise.all([
      readFile(join(genFolder, name), "utf8").catch(() => ""),
      readFile(join(folder, name), "utf8"),
    ]);
    if (committed !== fresh) differing.push(name);
  }
  return differing;
}

async function verify() {
  const folder = await mkdtemp(join(tmpdir(), "hollowfleet-gen-"));
  try {
    await generate(folder);
    const differing = await differences(folder);
    if (differing.length === 0) return;
    process.stderr.write(`packages/wire/gen is stale (${differing.join(", ")}): run the script gen\n`);
    process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await (process.argv.includes("--verify") ? verify() : generate(genFolder));
