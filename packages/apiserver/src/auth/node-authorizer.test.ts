import { beforeEach, describe, expect, it } from "vitest";
import type { Verb } from "../resources/resource-info.ts";
import type { MemoryStore } from "../store/memory-store.ts";
import type { AccessAuthorizer } from "./auth.ts";
import { createAuthorizer } from "./create-authorizer.ts";
import { type Asked, emptyStore, nodeUser, put, request } from "./testing/cluster.ts";

let store: MemoryStore;
let authorizer: AccessAuthorizer;

beforeEach(() => {
  store = emptyStore();
  authorizer = createAuthorizer({ store });
  const spec = {
    nodeName: "a",
    serviceAccountName: "builder",
    volumes: [
      { name: "conf", configMap: { name: "conf" } },
      { name: "data", persistentVolumeClaim: { claimName: "data" } },
    ],
  };
  put(store, "pods", { namespace: "ns", name: "mine", uid: "1" }, { spec });
  put(store, "persistentvolumes", { name: "pv" }, { spec: { claimRef: { namespace: "ns", name: "data" } } });
});

/** "" when node a is allowed to, else why not. */
function refusal(verb: Verb, target: string, asked: Asked = {}, node = "a"): string | undefined {
  const decision = authorizer.authorize(request(nodeUser(node), verb, target, asked));
  return decision.allowed ? undefined : decision.reason;
}

const own = { namespace: "ns" };
const noRelation = "no relationship found between node 'a' and this object";

describe("the Node authorizer", () => {
  it("lets a node read what its pods refer to, one by one", () => {
    expect(refusal("get", "configmaps", { ...own, name: "conf" })).toBeUndefined();
    expect(refusal("watch", "configmaps", { ...own, fieldSelector: "metadata.name=conf" })).toBeUndefined();
    expect(refusal("get", "persistentvolumeclaims", { ...own, name: "data" })).toBeUndefined();
    expect(refusal("get", "persistentvolumes", { name: "pv" })).toBeUndefined();
    expect(refusal("get", "serviceaccounts", { ...own, name: "builder" })).toBeUndefined();
    expect(refusal("create", "serviceaccounts/token", { ...own, name: "builder" })).toBeUndefined();
    expect(refusal("patch", "persistentvolumeclaims/status", { ...own, name: "data" })).toBeUndefined();
  });

  it.each<[Verb, string, Asked, string]>([
    ["get", "secrets", { ...own, name: "conf" }, noRelation],
    ["get", "configmaps", { namespace: "other", name: "conf" }, noRelation],
    ["list", "configmaps", own, "No Object name found"],
    ["list", "configmaps", {}, "can only read namespaced object of this type"],
    ["update", "configmaps", { ...own, name: "conf" }, "can only read resources of this type"],
    ["list", "persistentvolumeclaims", own, "can only get individual resources of this type"],
    ["get", "persistentvolumes", { name: "other" }, noRelation],
    ["create", "serviceaccounts/token", { ...own, name: "default" }, noRelation],
    ["create", "serviceaccounts", own, "can only create tokens for individual service accounts"],
    ["list", "serviceaccounts", own, "can only create tokens for individual service accounts"],
  ])("refuses %s of %s %j", (verb, target, asked, reason) => {
    expect(refusal(verb, target, asked)).toBe(reason);
  });

  it("forgets with the pod", () => {
    store.delete(request(nodeUser("a"), "get", "pods").resource, "ns", "mine");
    expect(refusal("get", "configmaps", { ...own, name: "conf" })).toBe(noRelation);
    expect(refusal("get", "pods", { ...own, name: "mine" })).toBe(noRelation);
  });

  it("lets a node look at its own pods", () => {
    expect(refusal("get", "pods", { ...own, name: "mine" })).toBeUndefined();
    expect(refusal("list", "pods", { fieldSelector: "spec.nodeName=a" })).toBeUndefined();
    expect(refusal("watch", "pods", { ...own, fieldSelector: "metadata.name=mine" })).toBeUndefined();
    expect(refusal("get", "pods", { ...own, name: "mine" }, "b")).toBe(
      "no relationship found between node 'b' and this object",
    );
    const selectorNeeded = "can only list/watch pods with spec.nodeName field selector";
    expect(refusal("list", "pods", { fieldSelector: "spec.nodeName=b" })).toBe(selectorNeeded);
    expect(refusal("watch", "pods", own)).toBe(selectorNeeded);
  });

  it("leaves it to admission which pod and which node is written", () => {
    for (const target of ["pods/status", "nodes/status"])
      expect(refusal("patch", target, { name: "x" })).toBeUndefined();
    expect(refusal("create", "pods", own)).toBeUndefined();
    expect(refusal("delete", "pods", { ...own, name: "x" })).toBeUndefined();
    expect(refusal("create", "pods/eviction", { ...own, name: "x" })).toBeUndefined();
    expect(refusal("patch", "nodes", { name: "x" })).toBeUndefined();
    expect(refusal("patch", "pods", { ...own, name: "mine" })).toBe("");
    expect(refusal("create", "pods/binding", { ...own, name: "mine" })).toBe("");
    expect(refusal("delete", "nodes", { name: "a" })).toBe("");
  });

  it("shows a node no Node but its own", () => {
    expect(refusal("get", "nodes", { name: "a" })).toBeUndefined();
    expect(refusal("watch", "nodes", { fieldSelector: "metadata.name=a" })).toBeUndefined();
    expect(refusal("list", "nodes")).toBe("node 'a' cannot read all nodes, only its own Node object");
    expect(refusal("get", "nodes", { name: "b" })).toBe("node 'a' cannot read 'b', only its own Node object");
  });

  it("keeps a node to its own lease and CSINode", () => {
    const lease = "leases.coordination.k8s.io";
    const namespace = "kube-node-lease";
    expect(refusal("update", lease, { namespace, name: "a" })).toBeUndefined();
    expect(refusal("create", lease, { namespace })).toBeUndefined();
    expect(refusal("update", lease, { namespace, name: "b" })).toBe(
      "can only access node lease with the same name as the requesting node",
    );
    expect(refusal("get", lease, { namespace: "kube-system", name: "a" })).toBe(
      'can only access leases in the "kube-node-lease" system namespace',
    );
    expect(refusal("list", lease, { namespace })).toBe("can only get, create, update, patch, or delete a node lease");
    expect(refusal("get", "csinodes.storage.k8s.io", { name: "a" })).toBeUndefined();
    expect(refusal("get", "csinodes.storage.k8s.io", { name: "b" })).toBe(
      "can only access CSINode with the same name as the requesting node",
    );
  });

  it("lets a node delete its own slices by selector only", () => {
    const slices = "resourceslices.resource.k8s.io";
    expect(refusal("deletecollection", slices, { fieldSelector: "spec.nodeName=a" })).toBeUndefined();
    expect(refusal("deletecollection", slices)).toBe(
      "can only list/watch/deletecollection resourceslices with nodeName field selector",
    );
  });

  it("gives all nodes the rest of a node's rights", () => {
    expect(refusal("watch", "services")).toBeUndefined();
    expect(refusal("watch", "csidrivers.storage.k8s.io")).toBeUndefined();
    expect(refusal("watch", "runtimeclasses.node.k8s.io")).toBeUndefined();
    expect(refusal("patch", "events", { ...own, name: "e" })).toBeUndefined();
    expect(refusal("create", "events.events.k8s.io", own)).toBeUndefined();
    expect(refusal("list", "namespaces")).toBe("");
    expect(refusal("delete", "services", { ...own, name: "s" })).toBe("");
  });

  it("knows no node without a name", () => {
    expect(refusal("get", "nodes", { name: "a" }, "")).toBe('unknown node for user "system:node:"');
  });
});
