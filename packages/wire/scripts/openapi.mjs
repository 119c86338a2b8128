// Writes protos/openapi from the sources of Kubernetes: of the published OpenAPI the schemas that our kinds reach, and of
// the Go types what OpenAPI does not tell. Run by hand, when the version of Kubernetes changes, with three module folders:
//   node packages/wire/scripts/openapi.mjs <k8s.io/kubernetes> <k8s.io/api> <k8s.io/apimachinery>

import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";
import { GoTypes, goPath } from "./go-types.mjs";

const protosFolder = fileURLToPath(new URL("../../../protos", import.meta.url));
const outFolder = join(protosFolder, "openapi");

/** Every schema that the server publishes, without descriptions. */
async function readPublished(folder) {
  const schemas = new Map();
  for (const file of (await readdir(folder)).sort()) {
    const { components } = JSON.parse(await readFile(join(folder, file), "utf8"));
    for (const [name, schema] of Object.entries(components?.schemas ?? {}))
      schemas.set(name, withoutDescriptions(schema));
  }
  return schemas;
}

function withoutDescriptions(schema) {
  const { description: _, properties, ...rest } = schema;
  if (properties === undefined) return rest;
  const plain = Object.entries(properties).map(([name, { description: _, ...property }]) => [name, property]);
  return { ...rest, properties: Object.fromEntries(plain) };
}

/** The OpenAPI names of all messages of the protos. */
async function messageNames() {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => join(protosFolder, target);
  const files = (await readdir(protosFolder)).filter((name) => name.endsWith(".proto")).sort();
  (await root.load(files, { keepCase: true })).resolveAll();
  const names = [];
  const collect = (namespace) => {
    for (const nested of namespace.nestedArray ?? []) {
      if (nested instanceof protobuf.Type) names.push(nested.fullName.replace(/^\.k8s\.io\./, "io.k8s."));
      else collect(nested);
    }
  };
  collect(root);
  return names;
}

/** All schemas reachable from `names` over $ref. */
function reachable(published, names) {
  const found = new Map();
  const visit = (name) => {
    if (found.has(name) || !published.has(name)) return;
    found.set(name, published.get(name));
    for (const [, ref] of JSON.stringify(published.get(name)).matchAll(/#\/components\/schemas\/([\w.]+)/g)) visit(ref);
  };
  for (const name of names) visit(name);
  return found;
}

/** The Go structs of `names` and of what they hold. */
async function goStructs(goTypes, names) {
  const found = new Map();
  const visit = async (name) => {
    if (found.has(name)) return;
    const { path, name: goName } = goPath(name);
    const fields = await goTypes.fields(path, goName);
    if (fields === undefined) return;
    found.set(name, fields);
    for (const { type } of fields) {
      const at = type.indexOf("#");
      if (at >= 0) await visit(type.slice(at + 1));
    }
  };
  for (const name of names) await visit(name);
  return found;
}

/** JSON with one line for each property, so that a change of version shows as what it is. */
function schemasText(version, schemas) {
  const blocks = [...schemas].sort(byName).map(([name, { properties, ...rest }]) => {
    const head = Object.entries(rest).map(([key, value]) => `      ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
    const lines = Object.entries(properties ?? {}).map(
      ([key, value]) => `        ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
    );
    if (lines.length > 0) head.push(`      "properties": {\n${lines.join(",\n")}\n      }`);
    return `    ${JSON.stringify(name)}: {\n${head.join(",\n")}\n    }`;
  });
  return `{\n  "version": ${JSON.stringify(version)},\n  "schemas": {\n${blocks.join(",\n")}\n  }\n}\n`;
}

function structsText(version, structs) {
  const blocks = [...structs].sort(byName).map(([name, fields]) => {
    const lines = fields.map((field) => `      ${JSON.stringify(withoutFalse(field))}`);
    return `    ${JSON.stringify(name)}: [\n${lines.join(",\n")}\n    ]`;
  });
  return `{\n  "version": ${JSON.stringify(version)},\n  "structs": {\n${blocks.join(",\n")}\n  }\n}\n`;
}

function withoutFalse(field) {
  return Object.fromEntries(Object.entries(field).filter(([, value]) => value !== false && value !== undefined));
}

function byName([a], [b]) {
  return a < b ? -1 : 1;
}

async function main(kubernetes, api, apimachinery) {
  const version = /@v(.+)$/.exec(basename(kubernetes))?.[1];
  if (version === undefined) throw new Error("the first folder is not that of a module version, kubernetes@v1.36.3");
  // Patch is what the paths of the served documents name for the body of a PATCH.
  const names = [...(await messageNames()), "io.k8s.apimachinery.pkg.apis.meta.v1.Patch"];
  const published = await readPublished(join(kubernetes, "api/openapi-spec/v3"));
  const modules = new Map([
    ["k8s.io/api", api],
    ["k8s.io/apimachinery", apimachinery],
  ]);
  const schemas = reachable(published, names);
  const structs = await goStructs(
    new GoTypes(modules),
    names.filter((name) => !name.startsWith("io.k8s.apimachinery.pkg.runtime.")),
  );
  await mkdir(outFolder, { recursive: true });
  await writeFile(join(outFolder, "schemas.json"), schemasText(version, schemas));
  await writeFile(join(outFolder, "go-structs.json"), structsText(version, structs));
}

const [kubernetes, api, apimachinery] = process.argv.slice(2);
if (apimachinery === undefined) {
  process.stderr.write(
    "usage: openapi.mjs <k8s.io/kubernetes folder> <k8s.io/api folder> <k8s.io/apimachinery folder>\n",
  );
  process.exitCode = 2;
} else await main(kubernetes.replace(/\/$/, ""), api, apimachinery);
