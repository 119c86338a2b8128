import type { ResourceInfo, SubresourceInfo, Verb } from "../resources/resource-info.ts";
import { groupVersion } from "../resources/resource-info.ts";

/** What an operation works on, as x-kubernetes-group-version-kind says it. */
interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** HTTP methods of a path, in the words of OpenAPI. */
export type PathItem = Readonly<Record<string, Operation>>;

interface Operation {
  readonly parameters?: readonly object[];
  readonly requestBody?: object;
  readonly responses: object;
  readonly "x-kubernetes-action": string;
  readonly "x-kubernetes-group-version-kind": GroupVersionKind;
}

/** The schema of a kind as a reference; undefined where none is served. */
export type SchemaRef = (kind: GroupVersionKind) => object | undefined;

interface Row {
  readonly verb: Verb;
  readonly method: string;
  readonly action: string;
  readonly queries: readonly string[];
}

const collectionRows: readonly Row[] = [
  { verb: "list", method: "get", action: "list", queries: [] },
  { verb: "create", method: "post", action: "post", queries: ["dryRun", "fieldManager", "fieldValidation"] },
  { verb: "deletecollection", method: "delete", action: "deletecollection", queries: [] },
];

const itemRows: readonly Row[] = [
  { verb: "get", method: "get", action: "get", queries: [] },
  { verb: "update", method: "put", action: "put", queries: ["dryRun", "fieldManager", "fieldValidation"] },
  { verb: "patch", method: "patch", action: "patch", queries: ["dryRun", "fieldManager", "fieldValidation", "force"] },
  {
    verb: "delete",
    method: "delete",
    action: "delete",
    queries: ["dryRun", "gracePeriodSeconds", "propagationPolicy"],
  },
];

/**
 * The paths of resources with their operations, as far as kubectl asks: which kind is served where, whether PATCH knows
 * `fieldValidation`, and which kinds of patch it takes (cli-runtime, resource/query_param_verifier_v3.go; kubectl,
 * cmd/apply/patcher.go; kubectl, explain/v2/templates/plaintext.tmpl).
 */
export function openApiPaths(resources: readonly ResourceInfo[], refOf: SchemaRef): Record<string, PathItem> {
  const paths: Record<string, PathItem> = {};
  const put = (path: string, item: PathItem): void => {
    if (Object.keys(item).length > 0) paths[path] = item;
  };
  for (const resource of resources) {
    const prefix = resource.group === "" ? `/api/${resource.version}` : `/apis/${groupVersion(resource)}`;
    const collection = `${prefix}${resource.namespaced ? "/namespaces/{namespace}" : ""}/${resource.resource}`;
    put(collection, itemOf(collectionRows, resource, refOf));
    if (resource.namespaced) {
      put(`${prefix}/${resource.resource}`, itemOf(collectionRows.slice(0, 1), resource, refOf));
    }
    put(`${collection}/{name}`, itemOf(itemRows, resource, refOf));
    for (const subresource of resource.subresources) {
      put(`${collection}/{name}/${subresource.name}`, subresourceItem(resource, subresource, refOf));
    }
  }
  return paths;
}

function subresourceItem(resource: ResourceInfo, subresource: SubresourceInfo, refOf: SchemaRef): PathItem {
  const { group = resource.group, version = resource.version, kind, verbs } = subresource;
  const creating = collectionRows.filter(({ verb }) => verb === "create");
  return itemOf([...creating, ...itemRows], { group, version, kind, verbs }, refOf);
}

function itemOf(
  rows: readonly Row[],
  { group, version, kind, verbs }: GroupVersionKind & { readonly verbs: readonly Verb[] },
  refOf: SchemaRef,
): PathItem {
  const known = rows.filter(({ verb }) => verbs.includes(verb));
  const type = { group, version, kind };
  return Object.fromEntries(known.map((row) => [row.method, operation(row, type, refOf)]));
}

/** Media types of PATCH bodies; server-side apply is refused, so its type is not among them. */
const patchTypes = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
];

const objectTypes = ["application/json", "application/vnd.kubernetes.protobuf"];

const patchRef = { $ref: "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.Patch" };

function operation({ method, action, queries }: Row, type: GroupVersionKind, refOf: SchemaRef): Operation {
  const ref = refOf(type);
  const hasBody = method === "post" || method === "put";
  return {
    ...(queries.length > 0 && { parameters: queries.map(queryParameter) }),
    ...(hasBody && ref !== undefined && { requestBody: { content: { "*/*": { schema: ref } }, required: true } }),
    ...(method === "patch" && { requestBody: { content: contentOf(patchTypes, patchRef), required: true } }),
    responses: {
      "200": {
        ...(ref !== undefined && action !== "list" && { content: contentOf(objectTypes, ref) }),
        description: "OK",
      },
    },
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": type,
  };
}

function contentOf(mediaTypes: readonly string[], schema: object): object {
  return Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, { schema }]));
}

const queryTypes: Readonly<Record<string, string>> = { force: "boolean", gracePeriodSeconds: "integer" };

function queryParameter(name: string): object {
  return { in: "query", name, schema: { type: queryTypes[name] ?? "string", uniqueItems: true } };
}
