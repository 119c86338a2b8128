import { beforeEach, describe, expect, it } from "vitest";
import type { UserInfo } from "../request-info.ts";
import type { Verb } from "../resources/resource-info.ts";
import type { MemoryStore } from "../store/memory-store.ts";
import type { AccessAuthorizer } from "./auth.ts";
import { anonymousUser } from "./create-authenticator.ts";
import { createAuthorizer } from "./create-authorizer.ts";
import { type Asked, emptyStore, plainUser, put, remove, request } from "./testing/cluster.ts";

const rbac = "rbac.authorization.k8s.io";
let store: MemoryStore;
let authorizer: AccessAuthorizer;

beforeEach(() => {
  store = emptyStore();
  authorizer = createAuthorizer({ store, adminUsers: ["hollow-admin"], adminGroups: ["hollow:controllers"] });
});

function can(user: UserInfo, verb: Verb, target: string, asked: Asked = {}): boolean {
  return authorizer.authorize(request(user, verb, target, asked)).allowed;
}

function canGet(user: UserInfo, path: string): boolean {
  return authorizer.authorizePath({ user, verb: "get", path }).allowed;
}

const alice = plainUser("alice", "devs");
const builder = plainUser("system:serviceaccount:ci:builder", "system:serviceaccounts");

describe("createAuthorizer", () => {
  it("lets system:masters and the admins of its options do everything", () => {
    for (const user of [
      plainUser("root", "system:masters"),
      plainUser("hollow-admin"),
      plainUser("x", "hollow:controllers"),
    ]) {
      expect(can(user, "delete", "namespaces", { name: "x" })).toBe(true);
      expect(canGet(user, "/metrics")).toBe(true);
    }
  });

  it("lets everyone who said who they are discover the API, and others see little", () => {
    for (const path of ["/version", "/healthz", "/api", "/apis/apps/v1", "/openapi/v3/api/v1"]) {
      expect(canGet(alice, path)).toBe(true);
    }
    expect(canGet(alice, "/metrics")).toBe(false);
    expect(canGet(plainUser("m", "system:monitoring"), "/metrics")).toBe(true);
    expect(canGet(anonymousUser, "/healthz")).toBe(true);
    expect(canGet(anonymousUser, "/api")).toBe(false);
    expect(can(anonymousUser, "list", "pods")).toBe(false);
    expect(can(alice, "create", "selfsubjectaccessreviews.authorization.k8s.io")).toBe(true);
  });

  it("grants what stored roles grant, at once and no longer than they are there", () => {
    expect(can(alice, "list", "pods", { namespace: "ns" })).toBe(false);
    const rules = [{ verbs: ["get", "list"], apiGroups: [""], resources: ["pods", "*/log"] }];
    put(store, `clusterroles.${rbac}`, { name: "reader" }, { rules });
    const subjects = [{ kind: "Group", name: "devs" }];
    const roleRef = { kind: "ClusterRole", name: "reader" };
    put(store, `rolebindings.${rbac}`, { namespace: "ns", name: "devs" }, { subjects, roleRef });
    expect(can(alice, "list", "pods", { namespace: "ns" })).toBe(true);
    expect(can(alice, "get", "pods/log", { namespace: "ns", name: "p" })).toBe(true);
    expect(can(alice, "get", "pods/status", { namespace: "ns", name: "p" })).toBe(false);
    expect(can(alice, "delete", "pods", { namespace: "ns", name: "p" })).toBe(false);
    expect(can(alice, "list", "pods", { namespace: "other" })).toBe(false);
    expect(can(alice, "list", "pods")).toBe(false);
    put(store, `clusterrolebindings.${rbac}`, { name: "devs" }, { subjects, roleRef });
    expect(can(alice, "list", "pods")).toBe(true);
    remove(store, `clusterrolebindings.${rbac}`, "", "devs");
    expect(can(alice, "list", "pods")).toBe(false);
  });

  it("knows names, paths and service accounts in roles", () => {
    const rules = [
      { verbs: ["update"], apiGroups: ["apps"], resources: ["deployments"], resourceNames: ["web"] },
      { verbs: ["get"], nonResourceURLs: ["/metrics", "/debug/*"] },
    ];
    put(store, `clusterroles.${rbac}`, { name: "deployer" }, { rules });
    const roleRef = { kind: "ClusterRole", name: "deployer" };
    const subjects = [{ kind: "ServiceAccount", namespace: "ci", name: "builder" }];
    put(store, `clusterrolebindings.${rbac}`, { name: "ci" }, { subjects, roleRef });
    expect(can(builder, "update", "deployments.apps", { namespace: "ns", name: "web" })).toBe(true);
    expect(can(builder, "update", "deployments.apps", { namespace: "ns", name: "db" })).toBe(false);
    expect(can(builder, "update", "deployments", { namespace: "ns", name: "web" })).toBe(false);
    expect(canGet(builder, "/metrics")).toBe(true);
    expect(canGet(builder, "/debug/pprof")).toBe(true);
    expect(canGet(builder, "/debug")).toBe(false);
  });

  it("says which role is missing", () => {
    const subjects = [{ kind: "User", name: "alice" }];
    const bind = (name: string, kind: string): void => {
      const metadata = { namespace: "ns", name };
      put(store, `rolebindings.${rbac}`, metadata, { subjects, roleRef: { kind, name: "gone" } });
    };
    bind("a", "Role");
    const asked = request(alice, "get", "pods", { namespace: "ns", name: "p" });
    expect(authorizer.authorize(asked)).toEqual({
      allowed: false,
      reason: 'RBAC: role.rbac.authorization.k8s.io "gone" not found',
    });
    bind("b", "ClusterRole");
    expect(authorizer.authorize(asked)).toEqual({
      allowed: false,
      reason: `RBAC: [role.${rbac} "gone" not found, clusterrole.${rbac} "gone" not found]`,
    });
  });
});
