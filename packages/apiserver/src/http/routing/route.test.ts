import { describe, expect, it } from "vitest";
import { ApiError } from "../../api-error.ts";
import { findResource } from "../../resources/all-resources.ts";
import { parseQuery } from "./query.ts";
import { parseResourcePath } from "./request-path.ts";
import { attemptedVerb, findRoute } from "./route.ts";

function route(method: string, target: string): string {
  const [path = "", query = ""] = target.split("?");
  const parsed = parseResourcePath(path);
  if (parsed === undefined) throw new Error(`${path} is no resource`);
  const resource = findResource(parsed.group, parsed.version, parsed.resource);
  try {
    const { verb, namespace, name, subresource } = findRoute(method, parsed, parseQuery(query), resource);
    return [verb, namespace, name, subresource?.name ?? ""].join("|");
  } catch (error) {
    if (error instanceof ApiError) return String(error.httpCode);
    throw error;
  }
}

describe("findRoute", () => {
  it.each([
    ["GET", "/api/v1/pods", "list|||"],
    ["GET", "/api/v1/pods?watch=1", "watch|||"],
    ["GET", "/api/v1/namespaces/a/pods?watch=false", "list|a||"],
    ["GET", "/api/v1/namespaces/a/pods/p", "get|a|p|"],
    ["POST", "/api/v1/namespaces/a/pods", "create|a||"],
    ["DELETE", "/api/v1/namespaces/a/pods", "deletecollection|a||"],
    ["PUT", "/api/v1/namespaces/a/pods/p/status", "update|a|p|status"],
    ["POST", "/api/v1/namespaces/a/pods/p/binding", "create|a|p|binding"],
    ["PATCH", "/api/v1/nodes/n", "patch||n|"],
    ["GET", "/api/v1/namespaces/a", "get||a|"],
    ["PUT", "/api/v1/namespaces/a/finalize", "update||a|finalize"],
    ["GET", "/apis/apps/v1/namespaces/a/deployments/d/scale", "get|a|d|scale"],
  ])("%s %s is %s", (method, target, expected) => {
    expect(route(method, target)).toBe(expected);
  });

  it.each([
    ["GET", "/api/v1/gadgets", "404"],
    ["GET", "/api/v1/namespaces/a/nodes", "404"],
    ["GET", "/api/v1/pods/p", "404"],
    ["GET", "/api/v1/namespaces/a/pods/p/gadgets", "404"],
    ["GET", "/api/v1/nodes/n/status/more", "404"],
    ["POST", "/api/v1/pods", "405"],
    ["DELETE", "/api/v1/pods", "405"],
    ["PUT", "/api/v1/namespaces/a/pods", "405"],
    ["POST", "/api/v1/namespaces/a/pods/p", "405"],
    ["DELETE", "/api/v1/namespaces", "405"],
    ["GET", "/api/v1/namespaces/a/pods/p/binding", "405"],
    ["BREW", "/api/v1/nodes", "405"],
  ])("%s %s is refused with %s", (method, target, expected) => {
    expect(route(method, target)).toBe(expected);
  });
});

describe("attemptedVerb", () => {
  it.each([
    ["GET", "/api/v1/gadgets", "list"],
    ["GET", "/api/v1/gadgets?watch=true", "watch"],
    ["GET", "/api/v1/gadgets/g?watch=true", "get"],
    ["HEAD", "/api/v1/gadgets", "list"],
    ["DELETE", "/api/v1/gadgets", "deletecollection"],
    ["DELETE", "/api/v1/gadgets/g", "delete"],
    ["POST", "/api/v1/gadgets/g/sub", "create"],
    ["BREW", "/api/v1/gadgets", ""],
  ])("%s %s is %s", (method, target, verb) => {
    const [path = "", query = ""] = target.split("?");
    const parsed = parseResourcePath(path);
    expect(parsed && attemptedVerb(method, parsed, parseQuery(query))).toBe(verb);
  });
});
