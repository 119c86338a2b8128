import { beforeEach, describe, expect, it } from "vitest";
import type { ApiError } from "../api-error.ts";
import type { UserInfo } from "../request-info.ts";
import type { AccessAuthorizer } from "./auth.ts";
import { createAuthorizer } from "./create-authorizer.ts";
import { impersonate } from "./impersonate.ts";
import { emptyStore, plainUser, put, request } from "./testing/cluster.ts";

const rbac = "rbac.authorization.k8s.io";
const admin = plainUser("root", "system:masters");
const driver = plainUser("hollow-driver");

/** The rights of the driver on a real control plane: users and the group of nodes, by the way of old. */
function authorizerOf(...rules: object[]): AccessAuthorizer {
  const store = emptyStore();
  put(store, `clusterroles.${rbac}`, { name: "r" }, { rules });
  const subjects = [{ kind: "User", name: driver.name }];
  put(store, `clusterrolebindings.${rbac}`, { name: "r" }, { subjects, roleRef: { kind: "ClusterRole", name: "r" } });
  return createAuthorizer({ store });
}

let ofDriver: AccessAuthorizer;

beforeEach(() => {
  ofDriver = authorizerOf(
    { apiGroups: [""], resources: ["users"], verbs: ["impersonate"] },
    { apiGroups: [""], resources: ["groups"], resourceNames: ["system:nodes"], verbs: ["impersonate"] },
  );
});

function as(user: UserInfo, headers: readonly string[], authorizer: AccessAuthorizer = ofDriver): UserInfo {
  return impersonate(headers, request(user, "list", "pods", { namespace: "ns" }), authorizer);
}

function refusal(user: UserInfo, headers: readonly string[], authorizer?: AccessAuthorizer): ApiError {
  try {
    as(user, headers, authorizer);
  } catch (error) {
    return error as ApiError;
  }
  throw new Error("it was allowed");
}

const node = ["Impersonate-User", "system:node:a"];

describe("impersonate", () => {
  it("leaves those alone who do not ask for it", () => {
    expect(as(driver, ["accept", "application/json"])).toBe(driver);
    expect(as(driver, ["Impersonate-User", ""])).toBe(driver);
  });

  it("gives user, uid, groups and extras, and that they are authenticated", () => {
    const headers = [
      ...["impersonate-user", "bob", "Impersonate-Group", "devs", "impersonate-group", "ops"],
      ...[
        "Impersonate-Uid",
        "42",
        "Impersonate-Extra-Example.com%2Fscopes",
        "view",
        "impersonate-extra-example.com%2fscopes",
        "edit",
      ],
    ];
    expect(as(admin, headers)).toEqual({
      name: "bob",
      uid: "42",
      groups: ["devs", "ops", "system:authenticated"],
      extra: { "example.com/scopes": ["view", "edit"] },
    });
  });

  it("knows the groups of service accounts, and of nodes where the right is for nodes", () => {
    expect(as(admin, ["Impersonate-User", "system:serviceaccount:ns:default"]).groups).toEqual([
      "system:serviceaccounts",
      "system:serviceaccounts:ns",
      "system:authenticated",
    ]);
    expect(as(plainUser("boss", "system:masters"), node).groups).toEqual(["system:nodes", "system:authenticated"]);
    expect(as(driver, node).groups).toEqual(["system:authenticated"]);
    expect(as(driver, [...node, "Impersonate-Group", "system:nodes"]).groups).toEqual([
      "system:nodes",
      "system:authenticated",
    ]);
    expect(as(admin, ["Impersonate-User", "system:anonymous"]).groups).toEqual(["system:unauthenticated"]);
  });

  it("refuses what there is no right to, in the words of the first mode", () => {
    const error = refusal(driver, [...node, "Impersonate-Group", "system:masters"]);
    expect(error.message).toBe(
      'groups "system:masters" is forbidden: User "hollow-driver" cannot impersonate resource "groups" in API group "" at the cluster scope',
    );
    expect(error.details).toEqual({ name: "system:masters", kind: "groups" });
    expect(refusal(plainUser("eve"), ["Impersonate-User", "bob"]).message).toBe(
      'pods is forbidden: User "eve" cannot impersonate-on:user-info:list resource "pods" in API group "" in the namespace "ns"',
    );
    expect(refusal(driver, ["Impersonate-User", "system:serviceaccount:ns:default"]).message).toBe(
      'pods is forbidden: User "hollow-driver" cannot impersonate-on:serviceaccount:list resource "pods" in API group "" in the namespace "ns"',
    );
  });

  it("grants by a constrained right what it is for and nothing else", () => {
    const authorizer = authorizerOf(
      { apiGroups: [""], resources: ["pods"], verbs: ["impersonate-on:arbitrary-node:list"] },
      { apiGroups: ["authentication.k8s.io"], resources: ["nodes"], verbs: ["impersonate:arbitrary-node"] },
    );
    expect(as(driver, node, authorizer).groups).toContain("system:nodes");
    const get = request(driver, "get", "pods", { namespace: "ns", name: "p" });
    expect(() => impersonate(node, get, authorizer)).toThrow(
      'pods "p" is forbidden: User "hollow-driver" cannot impersonate-on:arbitrary-node:get resource "pods"',
    );
    const path = { user: driver, verb: "get", path: "/metrics" };
    expect(() => impersonate(node, path, authorizer)).toThrow(
      'forbidden: User "hollow-driver" cannot impersonate-on:arbitrary-node:get path "/metrics"',
    );
  });

  it("tries first what worked last", () => {
    const boss = plainUser("boss", "system:masters");
    const authorizer = createAuthorizer({ store: emptyStore() });
    expect(as(boss, node, authorizer).groups).toContain("system:nodes");
    expect(as(boss, ["Impersonate-User", "x", "Impersonate-Group", "system:masters"], authorizer).name).toBe("x");
    expect(as(boss, node, authorizer).groups).toEqual(["system:authenticated"]);
    expect(as(admin, node, authorizer).groups).toContain("system:nodes");
  });

  it("wants a user", () => {
    const error = refusal(admin, ["Impersonate-Group", "devs"]);
    expect(error.status()).toMatchObject({
      message:
        'requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string{"devs"}, Extra:map[string][]string(nil)} without impersonating a user name',
      reason: "BadRequest",
      code: 400,
    });
  });
});
