import { describe, expect, it } from "vitest";
import { forbiddenPath, forbiddenRequest } from "./forbidden-access.ts";
import { plainUser, request } from "./testing/cluster.ts";

const user = plainUser("<eve>");

describe("forbiddenRequest", () => {
  it("names what was asked, by whom and where, and then why not", () => {
    const asked = request(user, "patch", "deployments.apps/scale", { namespace: "ns", name: "web" });
    expect(forbiddenRequest(asked, "because").status()).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message:
        'deployments.apps "web" is forbidden: User "&lt;eve&gt;" cannot patch resource "deployments/scale" in API group "apps" in the namespace "ns": because',
      reason: "Forbidden",
      details: { name: "web", group: "apps", kind: "deployments" },
      code: 403,
    });
  });

  it("leaves out what there is not", () => {
    expect(forbiddenRequest(request(user, "list", "nodes"), "").message).toBe(
      'nodes is forbidden: User "&lt;eve&gt;" cannot list resource "nodes" in API group "" at the cluster scope',
    );
  });
});

describe("forbiddenPath", () => {
  it("names verb and path", () => {
    const error = forbiddenPath({ user, verb: "get", path: "/metrics" }, "");
    expect(error.message).toBe('forbidden: User "&lt;eve&gt;" cannot get path "/metrics"');
    expect(error.details).toEqual({});
  });
});
