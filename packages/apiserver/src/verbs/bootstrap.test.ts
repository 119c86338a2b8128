import { describe, expect, it } from "vitest";
import { createBootstrapObjects } from "./bootstrap.ts";
import { infoOf, makeApi } from "./testing/test-api.ts";

describe("a new cluster", () => {
  it("has its namespaces, priority classes and the Service of the API, also when it is made twice", () => {
    const { api, store } = makeApi();
    createBootstrapObjects(api);
    const { revision } = store;
    createBootstrapObjects(api);
    expect(store.revision).toBe(revision);
    const names = (key: string) => store.list(infoOf("list", key).resource, "").map(({ metadata }) => metadata.name);
    expect(names("namespaces")).toEqual(["default", "kube-node-lease", "kube-public", "kube-system"]);
    expect(names("priorityclasses.scheduling.k8s.io")).toEqual(["system-cluster-critical", "system-node-critical"]);
    const service = store.get(infoOf("get", "services").resource, "default", "kubernetes");
    expect(service?.["spec"]).toMatchObject({ clusterIP: "10.0.0.1", ports: [{ port: 443, targetPort: 6443 }] });
  });
});
