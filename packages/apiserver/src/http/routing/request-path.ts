/** A path below /api/VERSION or /apis/GROUP/VERSION, taken apart; whether there is such a resource is not yet asked. */
export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  /** Also for the Namespace object itself, as upstream; "" where the path has none. */
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
  /** Segments after the subresource, e.g. of a proxied path. */
  readonly rest: readonly string[];
}

/** Subresources of namespaces; anything else behind /namespaces/NAME is a resource within it. */
const namespaceSubresources: ReadonlySet<string> = new Set(["status", "finalize"]);

/**
 * Reads a path as apiserver/pkg/endpoints/request/requestinfo.go does.
 * @returns undefined for what is no resource: /version, /apis, /api/v1 …
 */
export function parseResourcePath(path: string): ResourcePath | undefined {
  const parts = path.replace(/^\/+|\/+$/g, "").split("/");
  let at: number;
  let group = "";
  if (parts[0] === "api") at = 1;
  else if (parts[0] === "apis") {
    group = parts[1] ?? "";
    at = 2;
  } else return undefined;
  const version = parts[at];
  let own = parts.slice(at + 1);
  const [first, second, third] = own;
  if (version === undefined || first === undefined) return undefined;
  let namespace = "";
  if (first === "namespaces" && second !== undefined) {
    namespace = second;
    if (third !== undefined && !namespaceSubresources.has(third)) own = own.slice(2);
  }
  const [resource = "", name = "", subresource = "", ...rest] = own;
  return { group, version, resource, namespace, name, subresource, rest };
}
