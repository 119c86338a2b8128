// Reads the structs of Kubernetes' Go packages: of every field its JSON name, its protobuf number and name, its type, and
// what `omitempty` and pointers make of its zero. The published OpenAPI tells neither pointers nor omitempty.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Types that JSON and protobuf each write in a way of their own. */
const leaves = new Map([
  ["k8s.io/apimachinery/pkg/apis/meta/v1.Time", "time"],
  ["k8s.io/apimachinery/pkg/apis/meta/v1.MicroTime", "microtime"],
  ["k8s.io/apimachinery/pkg/apis/meta/v1.FieldsV1", "raw"],
  ["k8s.io/apimachinery/pkg/runtime.RawExtension", "raw"],
  ["k8s.io/apimachinery/pkg/api/resource.Quantity", "quantity"],
  ["k8s.io/apimachinery/pkg/util/intstr.IntOrString", "intOrString"],
]);

const builtins = new Set(["string", "bool", "int32", "int64", "float64"]);

/** The Go packages below module folders, read when first asked for. */
export class GoTypes {
  /** @param {ReadonlyMap<string, string>} modules folder by module path */
  constructor(modules) {
    this.modules = modules;
    this.packages = new Map();
  }

  /** Every declared type of a package: name to {struct: lines} or {underlying: text}, with the imports of its file. */
  async package(path) {
    const known = this.packages.get(path);
    if (known !== undefined) return known;
    const module = [...this.modules.keys()].find((name) => path === name || path.startsWith(`${name}/`));
    if (module === undefined) throw new Error(`${path} is in no given module`);
    const folder = join(this.modules.get(module), path.slice(module.length));
    const types = new Map();
    for (const file of (await readdir(folder)).sort()) {
      if (!file.endsWith(".go") || /_test\.go$|^zz_generated|^generated\.pb\.go$/.test(file)) continue;
      readTypes(await readFile(join(folder, file), "utf8"), types);
    }
    this.packages.set(path, types);
    return types;
  }

  /** The fields of a struct in the order of its declaration, or undefined if it is none. */
  async fields(path, name) {
    const type = (await this.package(path)).get(name);
    if (type?.struct === undefined) return undefined;
    const fields = [];
    for (const line of type.struct) {
      const field = await this.#field(path, type.imports, line);
      if (field !== undefined) fields.push(field);
    }
    return fields;
  }

  async #field(path, imports, line) {
    const match = /^\t(?:(\w+)\s+)?(\*?[\w.[\]*]+)\s+`([^`]*)`/.exec(line);
    if (match === null) return undefined;
    const [, goName, typeText, tags] = match;
    const tag = (name) => new RegExp(`\\b${name}:"([^"]*)"`).exec(tags)?.[1];
    const json = tag("json");
    if (json === undefined || json === "-") return undefined;
    const [name, ...options] = json.split(",");
    const protobuf = tag("protobuf")?.split(",");
    const type = await this.#resolve(path, imports, typeText.replace(/^\*/, ""));
    const lastName = (goName ?? typeText).split(".").at(-1);
    return {
      json: name,
      inline: options.includes("inline"),
      number: protobuf === undefined ? undefined : Number(protobuf[1]),
      proto:
        protobuf?.find((part) => part.startsWith("name="))?.slice(5) ?? lastName[0].toLowerCase() + lastName.slice(1),
      ...type,
      pointer: typeText.startsWith("*"),
      omitEmpty: options.includes("omitempty"),
      omitZero: options.includes("omitzero"),
    };
  }

  /** A type as errors name it (`go`), and what it is in the end (`type`): []string, {}quantity, #io.k8s.api.core.v1.Pod. */
  async #resolve(path, imports, text) {
    if (text.startsWith("*")) return this.#resolve(path, imports, text.slice(1));
    if (text === "[]byte") return { go: "[]uint8", type: "bytes" };
    if (text.startsWith("[]")) {
      const { go, type } = await this.#resolve(path, imports, text.slice(2));
      return { go: `[]${go}`, type: `[]${type}` };
    }
    const map = /^map\[([\w.]+)\](.+)$/.exec(text);
    if (map !== null) {
      const key = await this.#resolve(path, imports, map[1]);
      const { go, type } = await this.#resolve(path, imports, map[2]);
      if (key.type !== "string") throw new Error(`${path}: a map of ${key.type}`);
      return { go: `map[${key.go}]${go}`, type: `{}${type}` };
    }
    if (builtins.has(text)) return { go: text, type: text };
    const [first, second] = text.split(".");
    const at = second === undefined ? path : imports.get(first);
    return this.#named(at, second ?? first);
  }

  async #named(path, name) {
    if (path === undefined) throw new Error(`${name} is of a package that is not imported`);
    const go = `${path.split("/").at(-1)}.${name}`;
    const leaf = leaves.get(`${path}.${name}`);
    if (leaf !== undefined) return { go, type: leaf };
    const declared = (await this.package(path)).get(name);
    if (declared === undefined) throw new Error(`${path} declares no ${name}`);
    if (declared.struct !== undefined) return { go, type: `#${openApiName(path, name)}` };
    return { go, type: (await this.#resolve(path, declared.imports, declared.underlying)).type };
  }
}

/** k8s.io/api/core/v1 and Pod: io.k8s.api.core.v1.Pod. */
export function openApiName(path, name) {
  return `io.k8s.${path.slice("k8s.io/".length).replaceAll("/", ".")}.${name}`;
}

/** The inverse, for names of types; group folders have no dots. */
export function goPath(openApiTypeName) {
  const parts = openApiTypeName.split(".");
  return { path: `k8s.io/${parts.slice(2, -1).join("/")}`, name: parts.at(-1) };
}

function readTypes(text, types) {
  const imports = new Map();
  let struct;
  for (const line of text.split("\n")) {
    if (struct !== undefined) {
      if (line === "}") struct = undefined;
      else struct.push(line);
      continue;
    }
    const imported = /^\s*(?:import\s+)?(\w+\s+)?"([\w./-]+)"\s*$/.exec(line);
    if (imported !== null) imports.set(imported[1]?.trim() ?? imported[2].split("/").at(-1), imported[2]);
    const declared = /^type (\w+)\s+(?:=\s*)?(.+?)\s*(?:\/\/.*)?$/.exec(line);
    if (declared === null) continue;
    const [, name, underlying] = declared;
    if (underlying === "struct {") {
      struct = [];
      types.set(name, { struct, imports });
    } else types.set(name, { underlying, imports });
  }
}
