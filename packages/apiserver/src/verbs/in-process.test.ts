import { describe, expect, it } from "vitest";
import type { KubeObject } from "../object.ts";
import { createBootstrapObjects, serverUser } from "./bootstrap.ts";
import { createInProcessApi } from "./in-process.ts";
import { configMapOf, makeApi, podOf, refusal } from "./testing/test-api.ts";

function makeInProcess() {
  const test = makeApi();
  return { ...test, cluster: createInProcessApi(test.api, test.store, serverUser) };
}

describe("the API in its own process", () => {
  it("reads stored objects and writes copies", () => {
    const { cluster } = makeInProcess();
    const mine = { metadata: { name: "a", namespace: "default", labels: { x: "y" } } };
    const created = cluster.create<KubeObject>("configmaps", mine as unknown as KubeObject);
    expect(created).toMatchObject({ apiVersion: "v1", kind: "ConfigMap", metadata: { uid: "uid-1" } });
    expect(mine.metadata).toEqual({ name: "a", namespace: "default", labels: { x: "y" } });
    expect(cluster.get("configmaps", "default", "a")).toBe(created);
    expect(cluster.list("configmaps")).toEqual([created]);
    expect(cluster.listAny("configmaps", "other")).toEqual([]);
    expect(cluster.get("configmaps", "default", "b")).toBeUndefined();
  });

  it("refuses as HTTP does", () => {
    const { cluster } = makeInProcess();
    const first = cluster.create<KubeObject>("configmaps", configMapOf("a") as KubeObject);
    cluster.update("configmaps", { ...first, data: { k: "v" } });
    expect(refusal(() => cluster.update("configmaps", { ...first, data: { k: "w" } })).code).toBe("Conflict");
    expect(refusal(() => cluster.create("configmaps", configMapOf("a"))).code).toBe("AlreadyExists");
    expect(refusal(() => cluster.delete("configmaps", "default", "b")).code).toBe("NotFound");
    expect(refusal(() => cluster.delete("configmaps", "default", "a", { uid: "other" })).code).toBe("Conflict");
    expect(refusal(() => cluster.list("unheard-of")).code).toBe("NotFound");
  });

  it("binds pods, sets their status and notices it", () => {
    const { cluster } = makeInProcess();
    const seen: string[] = [];
    const stop = cluster.watch<KubeObject>("pods", ({ type, object }) =>
      seen.push(`${type} ${object.metadata.resourceVersion}`),
    );
    cluster.create("pods", podOf("p"));
    cluster.bind("default", "p", "n");
    const pod = cluster.get<KubeObject>("pods", "default", "p")!;
    expect(pod["spec"]).toMatchObject({ nodeName: "n" });
    const after = cluster.updateStatus("pods", { ...pod, status: { phase: "Running" } });
    expect(after).toMatchObject({ status: { phase: "Running" } });
    cluster.delete("pods", "default", "p", { gracePeriodSeconds: 0 });
    stop();
    cluster.create("pods", podOf("q"));
    expect(seen).toEqual(["ADDED 2", "MODIFIED 3", "MODIFIED 4", "MODIFIED 5", "DELETED 6"]);
  });

  it("finalizes namespaces", () => {
    const { cluster } = makeInProcess();
    cluster.create("namespaces", { metadata: { name: "ns" } });
    cluster.delete("namespaces", "", "ns");
    const namespace = cluster.get<KubeObject>("namespaces", "", "ns")!;
    cluster.finalizeNamespace({ ...namespace, spec: {} });
    expect(cluster.get("namespaces", "", "ns")).toBeUndefined();
  });

  it("knows what can be deleted, each storage once", () => {
    const { cluster } = makeInProcess();
    const names = cluster.resources().map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(cluster.resources()).toContainEqual({
      name: "deployments.apps",
      namespaced: true,
      apiVersion: "apps/v1",
      kind: "Deployment",
    });
    expect(names).toContain("events");
    expect(names).not.toContain("tokenreviews.authentication.k8s.io");
  });
});

describe("a new cluster", () => {
  it("has its namespaces, priority classes and the Service of the API, also when it is made twice", () => {
    const { api, cluster, store } = makeInProcess();
    createBootstrapObjects(api);
    const { revision } = store;
    createBootstrapObjects(api);
    expect(store.revision).toBe(revision);
    const names = (resource: string) => cluster.list<KubeObject>(resource).map(({ metadata }) => metadata.name);
    expect(names("namespaces")).toEqual(["default", "kube-node-lease", "kube-public", "kube-system"]);
    expect(names("priorityclasses.scheduling.k8s.io")).toEqual(["system-cluster-critical", "system-node-critical"]);
    expect(cluster.get<KubeObject>("services", "default", "kubernetes")?.["spec"]).toMatchObject({
      clusterIP: "10.0.0.1",
    });
  });
});
