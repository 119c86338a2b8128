import type { FaultTarget } from "@hollowfleet/apiserver";

const path =
  /^\/(?:api\/v1|apis\/[^/]+\/[^/]+)(?:\/namespaces\/(?<namespace>[^/?]+)(?=\/[^/?]+))?\/(?<resource>[^/?]+)(?:\/(?<name>[^/?]+)(?:\/(?<subresource>[^/?]+))?)?(?:\?|$)/;

const verbs: Readonly<Record<string, readonly [ofObject: string, ofCollection: string]>> = {
  GET: ["get", "list"],
  POST: ["create", "create"],
  PUT: ["update", "update"],
  PATCH: ["patch", "patch"],
  DELETE: ["delete", "deletecollection"],
};

/** What a fault rule can match on, read from method and path with query. */
export function requestTarget(method: string, url: string, user: string): FaultTarget {
  const { namespace = "", resource = "", name = "", subresource = "" } = path.exec(url)?.groups ?? {};
  const [ofObject, ofCollection] = verbs[method] ?? [method.toLowerCase(), method.toLowerCase()];
  const isWatch = /[?&]watch=(?:1|true)(?:&|$)/.test(url);
  const verb = isWatch ? "watch" : name === "" ? ofCollection : ofObject;
  return { verb, resource, subresource, namespace, name, user };
}
