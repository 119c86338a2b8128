import { describe, expect, it } from "vitest";
import type { KubeObject } from "../object.ts";
import { reviewAccess, reviewSelf, reviewToken } from "./access-reviews.ts";
import { createAuthorizer } from "./create-authorizer.ts";
import { emptyStore, plainUser, put } from "./testing/cluster.ts";

const admin = plainUser("root", "system:masters");
const alice = plainUser("alice");

function review(kind: string, spec: object = {}): KubeObject {
  return { apiVersion: "v1", kind, metadata: {}, spec };
}

describe("reviewAccess", () => {
  const store = emptyStore();
  const subjects = [{ kind: "User", name: "bob" }];
  const metadata = { namespace: "ns", name: "b" };
  put(store, "rolebindings.rbac.authorization.k8s.io", metadata, { subjects, roleRef: { kind: "Role", name: "gone" } });
  const authorizer = createAuthorizer({ store });
  const resourceAttributes = { verb: "delete", resource: "pods", namespace: "ns" };

  it("answers about the one who asks, or about the one who is asked about", () => {
    const self = review("SelfSubjectAccessReview", { resourceAttributes });
    expect(reviewAccess(authorizer, admin, self)).toEqual({ ...self, status: { allowed: true } });
    expect(reviewAccess(authorizer, alice, self)["status"]).toEqual({ allowed: false });
    const other = review("SubjectAccessReview", { user: "bob", resourceAttributes });
    expect(reviewAccess(authorizer, admin, other)["status"]).toEqual({
      allowed: false,
      reason: 'RBAC: role.rbac.authorization.k8s.io "gone" not found',
    });
    const masters = review("SubjectAccessReview", { user: "x", groups: ["system:masters"], resourceAttributes });
    expect(reviewAccess(authorizer, alice, masters)["status"]).toEqual({ allowed: true });
  });

  it("knows paths", () => {
    const path = review("SelfSubjectAccessReview", { nonResourceAttributes: { path: "/version", verb: "get" } });
    expect(reviewAccess(authorizer, alice, path)["status"]).toEqual({ allowed: true });
  });

  it("wants one thing to be asked about, and about whom", () => {
    const what = "exactly one of nonResourceAttributes or resourceAttributes must be specified";
    expect(() => reviewAccess(authorizer, alice, review("SelfSubjectAccessReview"))).toThrow(
      `.authorization.k8s.io "" is invalid: spec.resourceAttributes: Invalid value: null: ${what}`,
    );
    const whom = "at least one of user or group must be specified";
    expect(() => reviewAccess(authorizer, alice, review("SubjectAccessReview"))).toThrow(
      `.authorization.k8s.io "" is invalid: [spec.resourceAttributes: Invalid value: null: ${what}, spec.user: Invalid value: "": ${whom}]`,
    );
  });
});

describe("reviewSelf", () => {
  it("tells who asks", () => {
    const user = { ...alice, uid: "7", extra: { scopes: ["view"] } };
    expect(reviewSelf(user, review("SelfSubjectReview"))["status"]).toEqual({
      userInfo: { username: "alice", uid: "7", groups: ["system:authenticated"], extra: { scopes: ["view"] } },
    });
  });
});

describe("reviewToken", () => {
  const userOf = (token: string) => (token === "secret" ? alice : undefined);

  it("tells whose a token is, for the audiences that are ours", () => {
    const of = (spec: object): unknown => reviewToken(userOf, ["us"], review("TokenReview", spec))["status"];
    const user = { username: "alice", groups: ["system:authenticated"] };
    expect(of({ token: "secret" })).toEqual({ authenticated: true, user, audiences: ["us"] });
    expect(of({ token: "secret", audiences: ["us", "them"] })).toEqual({
      authenticated: true,
      user,
      audiences: ["us"],
    });
    expect(of({ token: "secret", audiences: ["them"] })).toMatchObject({ user: {}, error: expect.any(String) });
    expect(of({ token: "wrong" })).toMatchObject({ user: {}, error: expect.any(String) });
    expect(() => of({})).toThrow("token is required for TokenReview in authentication");
  });
});
