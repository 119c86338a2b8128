import { publishedSchemas } from "@hollowfleet/wire";
import type { ResourceInfo } from "../resources/resource-info.ts";
import { openApiPaths, type SchemaRef } from "./openapi-paths.ts";

const refPrefix = "#/components/schemas/";

/** The OpenAPI 3.0 document of one group version: the paths of its resources, and every schema that they reach. */
export function groupDocument(resources: readonly ResourceInfo[]): object {
  const { schemas, version } = publishedSchemas();
  const paths = openApiPaths(resources, refOf);
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: `v${version}` },
    paths,
    components: { schemas: reachable(paths, schemas) },
  };
}

const namesByKind = new Map<string, string>();

/** Kinds that many groups have, DeleteOptions, are not looked for: they name all of them. */
const refOf: SchemaRef = ({ group, version, kind }) => {
  if (namesByKind.size === 0) {
    for (const [name, schema] of Object.entries(publishedSchemas().schemas)) {
      const [only, ...others] = schema["x-kubernetes-group-version-kind"] ?? [];
      if (only !== undefined && others.length === 0)
        namesByKind.set(`${only.group}/${only.version}/${only.kind}`, name);
    }
  }
  const name = namesByKind.get(`${group}/${version}/${kind}`);
  return name === undefined ? undefined : { $ref: `${refPrefix}${name}` };
};

/** The schemas that `root` refers to, and those that they refer to, by name and in order. */
function reachable(root: unknown, schemas: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const found = new Map<string, unknown>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [name, member] of Object.entries(value)) {
      if (name === "$ref" && typeof member === "string") follow(member.slice(refPrefix.length));
      else visit(member);
    }
  };
  const follow = (name: string): void => {
    if (found.has(name) || schemas[name] === undefined) return;
    found.set(name, schemas[name]);
    visit(schemas[name]);
  };
  visit(root);
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}
