import { describe, expect, it } from "vitest";
import { requestTarget } from "./request-target.ts";

describe("requestTarget", () => {
  it.each([
    ["GET", "/api/v1/pods?limit=5", "list", "pods", "", "", ""],
    ["GET", "/api/v1/namespaces/a/pods/p", "get", "pods", "", "a", "p"],
    ["GET", "/api/v1/namespaces/a/pods?x=y&watch=true", "watch", "pods", "", "a", ""],
    ["PATCH", "/api/v1/namespaces/a/pods/p/status", "patch", "pods", "status", "a", "p"],
    ["PUT", "/apis/coordination.k8s.io/v1/namespaces/a/leases/l?timeout=10s", "update", "leases", "", "a", "l"],
    ["GET", "/api/v1/namespaces/a", "get", "namespaces", "", "", "a"],
    ["POST", "/api/v1/namespaces", "create", "namespaces", "", "", ""],
    ["PUT", "/api/v1/nodes/n/status", "update", "nodes", "status", "", "n"],
    ["DELETE", "/apis/apps/v1/namespaces/a/deployments", "deletecollection", "deployments", "", "a", ""],
    ["GET", "/metrics", "list", "", "", "", ""],
  ])("%s %s", (method, url, verb, resource, subresource, namespace, name) => {
    expect(requestTarget(method, url, "u")).toEqual({ verb, resource, subresource, namespace, name, user: "u" });
  });
});
