import { beforeEach, describe, expect, it } from "vitest";
import { emptyStore, plainUser, put, request } from "../auth/testing/cluster.ts";
import type { KubeObject } from "../object.ts";
import type { MemoryStore } from "../store/memory-store.ts";
import { namespaceLifecycle } from "./namespace-lifecycle.ts";
import { admit, object, refusalOf } from "./testing/admit.ts";

let store: MemoryStore;
const inNs = { namespace: "ns" } as const;

beforeEach(() => {
  store = emptyStore();
  put(store, "namespaces", { name: "ns" }, { status: { phase: "Active" } });
  put(store, "serviceaccounts", { namespace: "ns", name: "default", uid: "sa" });
});

/** Spec of a pod after admission. */
function podSpec(spec: object = {}, metadata: KubeObject["metadata"] = { name: "p" }): Record<string, unknown> {
  const pod = object(metadata, { spec: { containers: [{ name: "c" }], ...spec } });
  return admit(store, { ...inNs, what: "create pods", object: pod })["spec"] as Record<string, unknown>;
}

function podRefusal(spec: object, metadata: KubeObject["metadata"] = { name: "p" }): string {
  return refusalOf(store, { ...inNs, what: "create pods", object: object(metadata, { spec }) });
}

describe("NamespaceLifecycle", () => {
  const config = object({ name: "c" });

  it("lets nothing be made in a namespace that is not there", () => {
    const missing = { namespace: "gone", object: config, old: config, name: "c" };
    expect(refusalOf(store, { ...missing, what: "create configmaps" })).toBe('404 namespaces "gone" not found');
    expect(refusalOf(store, { ...missing, what: "update configmaps" })).toBe('404 namespaces "gone" not found');
    expect(refusalOf(store, { ...missing, what: "delete configmaps" })).toBe("admitted");
  });

  it("lets nothing new be made in one that ends", () => {
    put(store, "namespaces", { name: "ns" }, { status: { phase: "Terminating" } });
    const create = { info: request(plainUser("u"), "create", "configmaps", inNs), operation: "CREATE" } as const;
    expect(() =>
      namespaceLifecycle.mutate?.({ ...create, object: config, old: undefined, dryRun: false }, store),
    ).toThrow(
      expect.objectContaining({
        message:
          'configmaps "c" is forbidden: unable to create new content in namespace ns because it is being terminated',
        details: {
          name: "c",
          kind: "configmaps",
          causes: [
            {
              reason: "NamespaceTerminating",
              message: "namespace ns is being terminated",
              field: "metadata.namespace",
            },
          ],
        },
      }),
    );
    const write = { ...inNs, name: "c", object: config, old: config };
    expect(refusalOf(store, { ...write, what: "update configmaps" })).toBe("admitted");
  });

  it("keeps what the server lives from", () => {
    const text = '403 namespaces "kube-system" is forbidden: this namespace may not be deleted';
    expect(refusalOf(store, { what: "delete namespaces", name: "kube-system" })).toBe(text);
    expect(refusalOf(store, { what: "delete namespaces", name: "ns" })).toBe("admitted");
  });
});

describe("ServiceAccount", () => {
  const mount = {
    name: "kube-api-access-abcde",
    readOnly: true,
    mountPath: "/var/run/secrets/kubernetes.io/serviceaccount",
  };

  it("gives a pod its account and mounts the token in every container", () => {
    const spec = podSpec({ initContainers: [{ name: "i" }], volumes: [{ name: "v", emptyDir: {} }] });
    expect(spec).toMatchObject({
      serviceAccountName: "default",
      serviceAccount: "default",
      initContainers: [{ name: "i", volumeMounts: [mount] }],
      containers: [{ name: "c", volumeMounts: [mount] }],
    });
    expect(spec["volumes"]).toEqual([
      { name: "v", emptyDir: {} },
      {
        name: "kube-api-access-abcde",
        projected: {
          sources: [
            { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
            { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
            {
              downwardAPI: {
                items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }],
              },
            },
          ],
          defaultMode: 420,
        },
      },
    ]);
    expect(spec).not.toHaveProperty("imagePullSecrets");
  });

  it("mounts nothing over what is there, and nothing where it is not wanted", () => {
    const own = { name: "mine", mountPath: mount.mountPath };
    expect(podSpec({ containers: [{ name: "c", volumeMounts: [own] }] })).not.toHaveProperty("volumes");
    const given = { name: "kube-api-access-given", emptyDir: {} };
    const spec = podSpec({ volumes: [given] });
    expect(spec).toMatchObject({ volumes: [given], containers: [{ volumeMounts: [{ name: given.name }] }] });
    expect(podSpec({ automountServiceAccountToken: false })).not.toHaveProperty("volumes");
    const account = { automountServiceAccountToken: false, imagePullSecrets: [{ name: "registry" }] };
    put(store, "serviceaccounts", { namespace: "ns", name: "quiet" }, account);
    const quiet = podSpec({ serviceAccountName: "quiet" });
    expect(quiet).not.toHaveProperty("volumes");
    expect(quiet["imagePullSecrets"]).toEqual([{ name: "registry" }]);
    expect(podSpec({ serviceAccountName: "quiet", automountServiceAccountToken: true })).toHaveProperty("volumes");
  });

  it("wants the account to be there", () => {
    expect(podRefusal({ serviceAccountName: "nobody" })).toBe(
      '403 pods "p" is forbidden: error looking up service account ns/nobody: serviceaccount "nobody" not found',
    );
    expect(podRefusal({ serviceAccountName: "nobody" }, { generateName: "web-" })).toMatch(
      /^403 pods "web-" is forbidden/,
    );
    expect(podRefusal({ serviceAccountName: "nobody" }, {})).toMatch(/^403 pods "Unknown" is forbidden/);
  });

  it("gives mirror pods nothing", () => {
    const mirror = { name: "p", annotations: { "kubernetes.io/config.mirror": "hash" } };
    expect(podSpec({}, mirror)).not.toHaveProperty("serviceAccountName");
    expect(podRefusal({ serviceAccountName: "default" }, mirror)).toMatch(
      /a mirror pod may not reference service accounts$/,
    );
    const volumes = [{ name: "v", secret: { secretName: "s" } }];
    expect(podRefusal({ volumes }, mirror)).toMatch(/a mirror pod may not reference secrets$/);
    const tokens = [{ name: "v", projected: { sources: [{ serviceAccountToken: { path: "t" } }] } }];
    expect(podRefusal({ volumes: tokens }, mirror)).toMatch(/may not use ServiceAccountToken volume projections$/);
  });
});

describe("TaintNodesByCondition", () => {
  const notReady = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" };
  const taintsOf = (node: KubeObject): unknown =>
    (admit(store, { what: "create nodes", object: node })["spec"] as { taints?: unknown }).taints;

  it("taints new nodes once", () => {
    const other = { key: "dedicated", value: "x", effect: "NoExecute" };
    expect(taintsOf(object({ name: "n" }))).toEqual([notReady]);
    expect(taintsOf(object({ name: "n" }, { spec: { taints: [other] } }))).toEqual([other, notReady]);
    expect(taintsOf(object({ name: "n" }, { spec: { taints: [notReady] } }))).toEqual([notReady]);
    const old = object({ name: "n" }, { spec: {} });
    expect(admit(store, { what: "update nodes", name: "n", object: old, old })["spec"]).toEqual({});
  });
});

describe("Priority", () => {
  const classes = "priorityclasses.scheduling.k8s.io";

  it("is 0 and preempts where nothing is said", () => {
    expect(podSpec()).toMatchObject({ priority: 0, preemptionPolicy: "PreemptLowerPriority" });
    expect(podSpec()).not.toHaveProperty("priorityClassName");
  });

  it("is that of the class, the default one included", () => {
    put(store, classes, { name: "high" }, { value: 1000, preemptionPolicy: "Never" });
    expect(podSpec({ priorityClassName: "high" })).toMatchObject({ priority: 1000, preemptionPolicy: "Never" });
    put(store, classes, { name: "usual" }, { value: 5, globalDefault: true, preemptionPolicy: "PreemptLowerPriority" });
    expect(podSpec()).toMatchObject({ priority: 5, priorityClassName: "usual" });
    const second = object({ name: "other" }, { globalDefault: true });
    expect(refusalOf(store, { what: `create ${classes}`, object: second })).toBe(
      `403 ${classes} "other" is forbidden: PriorityClass usual is already marked as default. Only one default can exist`,
    );
    const same = object({ name: "usual" }, { globalDefault: true });
    expect(refusalOf(store, { what: `update ${classes}`, name: "usual", object: same, old: same })).toBe("admitted");
  });

  it("is not for pods to say", () => {
    expect(podRefusal({ priorityClassName: "gone" })).toBe(
      '403 pods "p" is forbidden: no PriorityClass with name gone was found',
    );
    expect(podRefusal({ priority: 7 })).toBe(
      '403 pods "p" is forbidden: the integer value of priority (7) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name',
    );
    expect(podRefusal({ preemptionPolicy: "Never" })).toBe(
      '403 pods "p" is forbidden: the string value of PreemptionPolicy (Never) must not be provided in pod spec; priority admission controller computed PreemptLowerPriority from the given PriorityClass name',
    );
    expect(podSpec({ priority: 0 })).toMatchObject({ priority: 0 });
  });

  it("stays when a pod is written back without it", () => {
    const old = object({ name: "p" }, { spec: { priority: 3, preemptionPolicy: "Never" } });
    const next = object({ name: "p" }, { spec: {} });
    const { spec } = admit(store, { ...inNs, what: "update pods", name: "p", object: next, old });
    expect(spec).toMatchObject({ priority: 3, preemptionPolicy: "Never" });
  });
});

describe("DefaultTolerationSeconds", () => {
  const fiveMinutes = (key: string): object => ({
    key,
    operator: "Exists",
    effect: "NoExecute",
    tolerationSeconds: 300,
  });
  const both = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"].map(fiveMinutes);

  it("adds what is missing", () => {
    const [first, second] = both;
    expect(podSpec()["tolerations"]).toEqual(both);
    const other = { key: "x", operator: "Exists" };
    expect(podSpec({ tolerations: [other] })["tolerations"]).toEqual([other, ...both]);
    const own = { key: "node.kubernetes.io/not-ready", operator: "Exists" };
    expect(podSpec({ tolerations: [own] })["tolerations"]).toEqual([own, second]);
    const scheduling = { ...first, effect: "NoSchedule" };
    expect(podSpec({ tolerations: [scheduling] })["tolerations"]).toEqual([scheduling, ...both]);
    const all = { operator: "Exists" };
    expect(podSpec({ tolerations: [all] })["tolerations"]).toEqual([all]);
  });
});

describe("DefaultStorageClass", () => {
  const classes = "storageclasses.storage.k8s.io";
  const isDefault = { "storageclass.kubernetes.io/is-default-class": "true" };
  const classOf = (spec: object, annotations: Record<string, string> = {}): unknown => {
    const claim = object({ name: "c", annotations }, { spec });
    return admit(store, { ...inNs, what: "create persistentvolumeclaims", object: claim })["spec"];
  };

  it("gives claims without a class the newest default one", () => {
    expect(classOf({})).toEqual({});
    put(store, classes, { name: "new", creationTimestamp: "2026-01-02T00:00:00Z", annotations: isDefault });
    put(store, classes, { name: "old", creationTimestamp: "2026-01-01T00:00:00Z", annotations: isDefault });
    put(store, classes, { name: "other", creationTimestamp: "2026-01-03T00:00:00Z" });
    expect(classOf({})).toEqual({ storageClassName: "new" });
    expect(classOf({ storageClassName: "" })).toEqual({ storageClassName: "" });
    expect(classOf({}, { "volume.beta.kubernetes.io/storage-class": "x" })).toEqual({});
  });
});

describe("RuntimeClass", () => {
  const classes = "runtimeclasses.node.k8s.io";

  it("adds overhead and scheduling of the class, and refuses what contradicts them", () => {
    const overhead = { podFixed: { cpu: "250m" } };
    const scheduling = { nodeSelector: { runtime: "kata" }, tolerations: [{ key: "kata", operator: "Exists" }] };
    put(store, classes, { name: "kata" }, { handler: "kata", overhead, scheduling });
    const kata = { runtimeClassName: "kata" };
    const spec = podSpec({ ...kata, nodeSelector: { disk: "ssd" } });
    expect(spec).toMatchObject({ overhead: { cpu: "250m" }, nodeSelector: { disk: "ssd", runtime: "kata" } });
    expect(spec["tolerations"]).toContainEqual({ key: "kata", operator: "Exists" });
    expect(podRefusal({ ...kata, overhead: { cpu: "1" } })).toMatch(
      /Pod's Overhead doesn't match RuntimeClass's defined Overhead$/,
    );
    expect(podRefusal({ ...kata, nodeSelector: { runtime: "runc" } })).toMatch(
      /conflict: runtimeClass\.scheduling\.nodeSelector\[runtime\] = kata; pod\.spec\.nodeSelector\[runtime\] = runc$/,
    );
    expect(podRefusal({ runtimeClassName: "gone" })).toMatch(/pod rejected: RuntimeClass "gone" not found$/);
    expect(podRefusal({ overhead: { cpu: "1" } })).toMatch(
      /pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead$/,
    );
  });
});

describe("PodTopologyLabels", () => {
  it("copies zone and region of the node to the pod or its binding", () => {
    const labels = { "topology.kubernetes.io/zone": "a", "topology.kubernetes.io/region": "r", other: "x" };
    put(store, "nodes", { name: "n", labels });
    const copied = { "topology.kubernetes.io/zone": "a", "topology.kubernetes.io/region": "r" };
    const pod = object({ name: "p", labels: { app: "web" } }, { spec: { nodeName: "n" } });
    expect(admit(store, { ...inNs, what: "create pods", object: pod }).metadata.labels).toEqual({
      app: "web",
      ...copied,
    });
    const bind = (name: string): KubeObject => {
      const binding = object({ name: "p" }, { target: { kind: "Node", name } });
      return admit(store, { ...inNs, name: "p", what: "create pods/binding", object: binding });
    };
    expect(bind("n").metadata.labels).toEqual(copied);
    expect(bind("gone").metadata.labels).toBeUndefined();
  });
});
