import { beforeEach, describe, expect, it } from "vitest";
import { emptyStore, nodeUser, put } from "../auth/testing/cluster.ts";
import type { KubeObject } from "../object.ts";
import type { MemoryStore } from "../store/memory-store.ts";
import { forbiddenLabels } from "./node-restriction-nodes.ts";
import { object, refusalOf, type Write } from "./testing/admit.ts";

let store: MemoryStore;
const user = nodeUser("a");
const inNs = { namespace: "ns" } as const;

beforeEach(() => {
  store = emptyStore();
  for (const name of ["ns", "kube-node-lease"]) put(store, "namespaces", { name }, { status: { phase: "Active" } });
  put(store, "nodes", { name: "a", uid: "node-1" });
  put(store, "pods", { namespace: "ns", name: "mine", uid: "1" }, { spec: { nodeName: "a" } });
  put(store, "pods", { namespace: "ns", name: "other", uid: "2" }, { spec: { nodeName: "b" } });
});

/** Of a write by node a; "admitted", or the code and the message. */
function refusal(write: Write): string {
  return refusalOf(store, { user, ...write });
}

describe("NodeRestriction of nodes", () => {
  const update = (object: KubeObject, old: KubeObject, what: Write["what"] = "update nodes"): string =>
    refusal({ what, name: object.metadata.name ?? "", object, old });

  it("keeps a node to itself", () => {
    expect(refusal({ what: "create nodes", object: object({ name: "a" }) })).toBe("admitted");
    expect(refusal({ what: "create nodes", object: object({ name: "b" }) })).toBe(
      '403 nodes "b" is forbidden: node "a" is not allowed to modify node "b"',
    );
    expect(update(object({ name: "b" }), object({ name: "b" }), "update nodes/status")).toBe(
      '403 nodes "b" is forbidden: node "a" is not allowed to modify node "b"',
    );
  });

  it("lets no node set labels that would draw pods to it", () => {
    const labels = { "node-role.kubernetes.io/master": "", "example.com/x": "", "kubernetes.io/os": "linux" };
    expect(refusal({ what: "create nodes", object: object({ name: "a", labels }) })).toBe(
      '403 nodes "a" is forbidden: node "a" is not allowed to set the following labels: node-role.kubernetes.io/master',
    );
    const own = object({ name: "a", labels });
    expect(update(own, own)).toBe("admitted");
    expect(update(object({ name: "a", labels: {} }), own)).toBe(
      '403 nodes "a" is forbidden: is not allowed to modify labels: node-role.kubernetes.io/master',
    );
  });

  it.each([
    ["example.com/rack", true],
    ["rack", true],
    ["kubernetes.io/hostname", true],
    ["topology.kubernetes.io/zone", true],
    ["kubelet.kubernetes.io/any", true],
    ["x.node.kubernetes.io/any", true],
    ["notkubernetes.io/any", true],
    ["kubernetes.io/any", false],
    ["x.k8s.io/any", false],
    ["node-restriction.kubernetes.io/any", false],
    ["x.node-restriction.kubernetes.io/any", false],
  ])("of label %s: %s", (label, isAllowed) => {
    expect(forbiddenLabels({ [label]: "x" })).toEqual(isAllowed ? [] : [label]);
    expect(forbiddenLabels({}, { [label]: "x" })).toEqual(isAllowed ? [] : [label]);
    expect(forbiddenLabels({ [label]: "x" }, { [label]: "x" })).toEqual([]);
  });

  it("lets no node change its taints or owners, though it may bring taints along", () => {
    const taints = [{ key: "k", effect: "NoSchedule" }];
    const tainted = object({ name: "a" }, { spec: { taints } });
    expect(refusal({ what: "create nodes", object: tainted })).toBe("admitted");
    expect(update(object({ name: "a" }), tainted, "update nodes/status")).toBe(
      '403 nodes "a" is forbidden: node "a" is not allowed to modify taints',
    );
    const ownerReferences = [{ apiVersion: "v1", kind: "Node", name: "a", uid: "1" }];
    expect(update(object({ name: "a", ownerReferences }), object({ name: "a" }))).toBe(
      '403 nodes "a" is forbidden: node "a" is not allowed to modify ownerReferences',
    );
    expect(update(object({ name: "a" }, { spec: { taints: [] } }), object({ name: "a" }))).toBe("admitted");
  });
});

describe("NodeRestriction of pods", () => {
  const owner = { apiVersion: "v1", kind: "Node", name: "a", uid: "node-1", controller: true };
  const mirror = (metadata: object = {}, spec: object = {}): KubeObject => {
    const annotations = { "kubernetes.io/config.mirror": "hash" };
    return object(
      { name: "m", annotations, ownerReferences: [owner], ...metadata },
      { spec: { nodeName: "a", ...spec } },
    );
  };
  const create = (pod: KubeObject): string => refusal({ ...inNs, what: "create pods", object: pod });

  it("lets a node make mirror pods of its own", () => {
    expect(create(mirror())).toBe("admitted");
    expect(create(mirror({}, { volumes: [{ name: "v", hostPath: { path: "/" } }] }))).toBe("admitted");
  });

  it.each<[string, object, object, string]>([
    ["another node's", {}, { nodeName: "b" }, 'node "a" can only create pods with spec.nodeName set to itself'],
    ["an orphan", { ownerReferences: [] }, {}, 'node "a" can only create pods with an owner reference set to itself'],
    [
      "one with two owners",
      { ownerReferences: [owner, owner] },
      {},
      'node "a" can only create pods with a single owner reference set to itself',
    ],
    [
      "one of another owner",
      { ownerReferences: [{ ...owner, name: "b" }] },
      {},
      'node "a" can only create pods with an owner reference set to itself',
    ],
    [
      "one that is not controlled",
      { ownerReferences: [{ ...owner, controller: false }] },
      {},
      'node "a" can only create pods with a controller owner reference set to itself',
    ],
    [
      "one that blocks",
      { ownerReferences: [{ ...owner, blockOwnerDeletion: true }] },
      {},
      'node "a" must not set blockOwnerDeletion on an owner reference',
    ],
    [
      "one of a former node",
      { ownerReferences: [{ ...owner, uid: "node-0" }] },
      {},
      "node a UID mismatch: expected node-0 got node-1",
    ],
    [
      "one with a config map",
      {},
      { volumes: [{ name: "v", configMap: { name: "c" } }] },
      'node "a" can not create pods that reference configmaps',
    ],
    [
      "one with a claim",
      {},
      { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "c" } }] },
      'node "a" can not create pods that reference persistentvolumeclaims',
    ],
    [
      "one with trust bundles",
      {},
      { volumes: [{ name: "v", projected: { sources: [{ clusterTrustBundle: { path: "p" } }] } }] },
      'node "a" can not create pods that reference clustertrustbundles',
    ],
  ])("refuses %s", (_, metadata, spec, why) => {
    expect(create(mirror(metadata, spec))).toBe(`403 pods "m" is forbidden: ${why}`);
  });

  it("refuses pods that are none of its mirrors", () => {
    put(store, "serviceaccounts", { namespace: "ns", name: "default" });
    expect(create(object({ name: "m" }, { spec: { nodeName: "a" } }))).toBe(
      '403 pods "m" is forbidden: pod does not have "kubernetes.io/config.mirror" annotation, node "a" can only create mirror pods',
    );
    const pod = object({ name: "mine" }, { spec: { nodeName: "a" } });
    expect(refusal({ ...inNs, what: "update pods", name: "mine", object: pod, old: pod })).toBe(
      '403 pods "mine" is forbidden: unexpected operation "UPDATE", node "a" can only create and delete mirror pods',
    );
  });

  it("keeps deletion, eviction and status to its own pods", () => {
    const of = (what: Write["what"], name: string): string => {
      const pod = object({ name }, { spec: { nodeName: name === "mine" ? "a" : "b" } });
      const isUpdate = what.startsWith("update");
      return refusal({ ...inNs, what, name, object: pod, ...(isUpdate && { old: pod }) });
    };
    for (const what of ["delete pods", "create pods/eviction", "update pods/status"] as const) {
      expect(of(what, "mine")).toBe("admitted");
    }
    const other = '403 pods "other" is forbidden:';
    expect(of("delete pods", "other")).toBe(`${other} node "a" can only delete pods with spec.nodeName set to itself`);
    expect(of("create pods/eviction", "other")).toBe(
      `${other} node a can only evict pods with spec.nodeName set to itself`,
    );
    expect(of("update pods/status", "other")).toBe(
      `${other} node "a" can only update pod status for pods with spec.nodeName set to itself`,
    );
    expect(of("delete pods", "gone")).toBe('404 pod "gone" not found');
    expect(of("create pods/eviction", "gone")).toBe('404 pod "gone" not found');
    expect(of("update pods/resize", "mine")).toBe(
      `403 pods "mine" is forbidden: unexpected pod subresource "resize", only 'status' and 'eviction' are allowed`,
    );
  });

  it("lets no labels be changed by way of the status", () => {
    const old = object({ name: "mine", labels: { app: "web" } }, { spec: { nodeName: "a" } });
    const relabelled = object({ name: "mine", labels: {} }, { spec: { nodeName: "a" } });
    expect(refusal({ ...inNs, what: "update pods/status", name: "mine", object: relabelled, old })).toBe(
      '403 pods "mine" is forbidden: node "a" cannot update labels through pod status',
    );
    const claims = { status: { resourceClaimStatuses: [{ name: "c", resourceClaimName: "x" }] } };
    expect(refusal({ ...inNs, what: "update pods/status", name: "mine", object: { ...old, ...claims }, old })).toBe(
      '403 pods "mine" is forbidden: node "a" cannot update resource claim statues',
    );
  });
});

describe("NodeRestriction of leases and CSINodes", () => {
  it("keeps a node to its own", () => {
    const namespace = "kube-node-lease";
    const create = (name: string, home = namespace): string =>
      refusal({ namespace: home, what: "create leases.coordination.k8s.io", object: object({ name }) });
    const text = "can only access node lease with the same name as the requesting node";
    expect(create("a")).toBe("admitted");
    expect(create("b")).toBe(`403 leases.coordination.k8s.io "b" is forbidden: ${text}`);
    expect(create("a", "ns")).toBe(
      '403 leases.coordination.k8s.io "a" is forbidden: can only access leases in the "kube-node-lease" system namespace',
    );
    const csi = (name: string): string => refusal({ what: "create csinodes.storage.k8s.io", object: object({ name }) });
    expect(csi("a")).toBe("admitted");
    expect(csi("b")).toBe(
      '403 csinodes.storage.k8s.io "b" is forbidden: can only access CSINode with the same name as the requesting node',
    );
  });
});

describe("NodeRestriction of claims", () => {
  const claim = object({ name: "c", resourceVersion: "1" }, { spec: {}, status: { phase: "Bound" } });
  const update = (object: KubeObject, what: Write["what"] = "update persistentvolumeclaims/status"): string =>
    refusal({ ...inNs, what, name: "c", object, old: claim });

  it("lets a node report capacity and conditions only", () => {
    const metadata = { name: "c", resourceVersion: "2" };
    expect(update({ ...claim, metadata, status: { phase: "Bound", capacity: { storage: "1Gi" } } })).toBe("admitted");
    expect(update({ ...claim, status: { phase: "Lost" } })).toMatch(
      /node "a" is not allowed to update fields other than status\.quantity and status\.conditions/,
    );
    expect(update(claim, "update persistentvolumeclaims")).toMatch(/may only update PVC status$/);
  });
});

describe("NodeRestriction of tokens", () => {
  const ref = { apiVersion: "v1", kind: "Pod", name: "mine", uid: "1" };
  const ask = (spec: object): string =>
    refusal({ ...inNs, what: "create serviceaccounts/token", name: "default", object: object({}, { spec }) });
  const refused = '403 serviceaccounts "default" is forbidden:';

  beforeEach(() => {
    const sources = [
      { serviceAccountToken: { path: "token" } },
      { serviceAccountToken: { path: "v", audience: "vault" } },
    ];
    const volumes = [
      { name: "t", projected: { sources } },
      { name: "d", csi: { driver: "secrets.example.com" } },
    ];
    put(store, "pods", { namespace: "ns", name: "mine", uid: "1" }, { spec: { nodeName: "a", volumes } });
    put(
      store,
      "csidrivers.storage.k8s.io",
      { name: "secrets.example.com" },
      { spec: { tokenRequests: [{ audience: "csi" }] } },
    );
  });

  it("gives tokens that are bound to a pod of the node", () => {
    expect(ask({ boundObjectRef: ref })).toBe("admitted");
    // As the JSON form of a decoded request has it.
    expect(ask({ boundObjectRef: ref, audiences: null, expirationSeconds: null })).toBe("admitted");
    expect(ask({})).toBe(`${refused} node requested token not bound to a pod`);
    expect(ask({ boundObjectRef: { ...ref, kind: "Node" } })).toBe(
      `${refused} node requested token not bound to a pod`,
    );
    expect(ask({ boundObjectRef: { ...ref, uid: "" } })).toBe(
      `${refused} node requested token with a pod binding without a uid`,
    );
    expect(ask({ boundObjectRef: { ...ref, uid: "0" } })).toBe(
      `${refused} the UID in the bound object reference (0) does not match the UID in record. The object might have been deleted and then recreated`,
    );
    expect(ask({ boundObjectRef: { ...ref, name: "other", uid: "2" } })).toBe(
      `${refused} node requested token bound to a pod scheduled on a different node`,
    );
    expect(ask({ boundObjectRef: { ...ref, name: "gone" } })).toBe('404 pod "gone" not found');
  });

  it("gives them for audiences that the pod's volumes name, or that the node has a right to", () => {
    for (const audience of ["vault", "csi", "allowed-audience"]) {
      expect(ask({ boundObjectRef: ref, audiences: [audience] })).toBe("admitted");
    }
    expect(ask({ boundObjectRef: ref, audiences: ["other"] })).toBe(
      `${refused} audience "other" not found in pod spec volume, system:node:a is not authorized to request tokens for this audience`,
    );
    expect(ask({ boundObjectRef: ref, audiences: ["vault", "csi"] })).toBe(
      `${refused} node may only request 0 or 1 audiences`,
    );
  });
});
