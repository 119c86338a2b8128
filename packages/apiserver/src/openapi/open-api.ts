import { createHash } from "node:crypto";
import { groupVersion, type ResourceInfo } from "../resources/resource-info.ts";
import { groupDocument } from "./group-document.ts";

/**
 * What is served under /openapi/v3. With `hash` in the query the real server answers a document whose hash is another by a
 * 301 to `location`, and the right one with `Cache-Control: public, immutable` and a year of Expires (kube-openapi,
 * handler3/handler.go).
 */
export interface OpenApiDocument {
  readonly contentType: "application/json";
  readonly body: Buffer;
  /** Upper-case hex of the body's SHA-512, as the `hash` of its URL; the ETag header has it in double quotes. */
  readonly etag: string;
  /** Path and query under which the document never changes; undefined for the index. */
  readonly location: string | undefined;
}

/** The documents of a server's resources, each made when first asked for. */
export interface OpenApi {
  /** By path: "/openapi/v3", "/openapi/v3/api/v1", "/openapi/v3/apis/apps/v1"; undefined for what there is not. */
  document(path: string): OpenApiDocument | undefined;
}

const root = "/openapi/v3";

/** OpenAPI v3 in JSON for these resources. There is no v2: what kubectl 1.36 needs, it finds in v3. */
export function createOpenApi(resources: readonly ResourceInfo[]): OpenApi {
  const groups = new Map<string, ResourceInfo[]>();
  for (const resource of resources) {
    const name = resource.group === "" ? `api/${resource.version}` : `apis/${groupVersion(resource)}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [resource]);
    else group.push(resource);
  }
  const made = new Map<string, OpenApiDocument>();
  const groupNamed = (name: string): OpenApiDocument | undefined => {
    const known = made.get(name);
    const members = groups.get(name);
    if (known !== undefined || members === undefined) return known;
    const document = documentOf(groupDocument(members), `${root}/${name}`);
    made.set(name, document);
    return document;
  };
  let index: OpenApiDocument | undefined;
  const makeIndex = (): OpenApiDocument => {
    const urls = [...groups.keys()].map((name) => [name, { serverRelativeURL: groupNamed(name)?.location }]);
    return documentOf({ paths: Object.fromEntries(urls) }, undefined);
  };
  return {
    document(path) {
      if (path !== root) return path.startsWith(`${root}/`) ? groupNamed(path.slice(root.length + 1)) : undefined;
      index ??= makeIndex();
      return index;
    },
  };
}

function documentOf(content: object, path: string | undefined): OpenApiDocument {
  const body = Buffer.from(JSON.stringify(content));
  const etag = createHash("sha512").update(body).digest("hex").toUpperCase();
  const location = path === undefined ? undefined : `${path}?hash=${etag}`;
  return { contentType: "application/json", body, etag, location };
}
