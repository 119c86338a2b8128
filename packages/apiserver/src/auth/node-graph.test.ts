import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createNodeGraph } from "./node-graph.ts";
import { emptyStore, put, remove } from "./testing/cluster.ts";

const names = ["x", "y"] as const;
const nodes = ["a", "b"] as const;

const name = fc.constantFrom(...names);
const pod = fc.record({
  node: fc.constantFrom("", ...nodes),
  mirror: fc.boolean(),
  account: fc.constantFrom("", ...names),
  env: fc.option(name, { nil: undefined }),
  volume: fc.option(name, { nil: undefined }),
  debug: fc.option(name, { nil: undefined }),
});
type Pod = typeof pod extends fc.Arbitrary<infer T> ? T : never;
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ put: fc.constantFrom("p", "q", "r"), pod }) },
  { weight: 1, arbitrary: fc.record({ remove: fc.constantFrom("p", "q", "r") }) },
);

function specOf({ node, account, env, volume, debug }: Pod): object {
  return {
    ...(node !== "" && { nodeName: node }),
    serviceAccountName: account,
    containers: [
      { name: "c", env: env === undefined ? [] : [{ name: "E", valueFrom: { secretKeyRef: { name: env } } }] },
    ],
    volumes: volume === undefined ? [] : [{ name: "v", configMap: { name: volume } }],
    ...(debug !== undefined && { ephemeralContainers: [{ name: "d", envFrom: [{ secretRef: { name: debug } }] }] }),
  };
}

describe("createNodeGraph", () => {
  it("knows after any changes what the pods of the moment refer to", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.array(step, { maxLength: 5 }), (steps, before) => {
        const store = emptyStore();
        const pods = new Map<string, Pod>();
        let uid = 0;
        const apply = (next: (typeof steps)[number]): void => {
          if ("remove" in next) {
            if (pods.delete(next.remove)) remove(store, "pods", "ns", next.remove);
            return;
          }
          const old = pods.get(next.put);
          // The spec of a pod is immutable but for its binding and its ephemeral containers, which are only added.
          const kept =
            old === undefined
              ? next.pod
              : { ...old, node: old.node || next.pod.node, debug: old.debug ?? next.pod.debug };
          pods.set(next.put, kept);
          const annotations = kept.mirror ? { "kubernetes.io/config.mirror": "hash" } : {};
          if (old === undefined) uid++;
          const metadata = { namespace: "ns", name: next.put, uid: `${next.put}${uid}`, annotations };
          put(store, "pods", metadata, { spec: specOf(kept) });
        };
        for (const next of before) apply(next);
        const graph = createNodeGraph(store);
        for (const next of steps) apply(next);
        for (const node of nodes) {
          for (const of of names) {
            const real = [...pods.values()].filter((each) => each.node === node && !each.mirror);
            const expected = {
              serviceaccounts: real.some(({ account }) => account === of),
              secrets: real.some(({ env, debug }) => env === of || debug === of),
              configmaps: real.some(({ volume }) => volume === of),
            };
            const found = {
              serviceaccounts: graph.refers(node, "serviceaccounts", "ns", of),
              secrets: graph.refers(node, "secrets", "ns", of),
              configmaps: graph.refers(node, "configmaps", "ns", of),
            };
            expect(found).toEqual(expected);
          }
        }
      }),
    );
  });

  it("follows a claim to its volume's secrets", () => {
    const store = emptyStore();
    const graph = createNodeGraph(store);
    const csi = { driver: "d", nodeStageSecretRef: { namespace: "kube-system", name: "key" } };
    put(store, "persistentvolumes", { name: "pv" }, { spec: { claimRef: { namespace: "ns", name: "data" }, csi } });
    expect(graph.refers("a", "secrets", "kube-system", "key")).toBe(false);
    const volumes = [{ name: "v", persistentVolumeClaim: { claimName: "data" } }];
    put(store, "pods", { namespace: "ns", name: "p", uid: "1" }, { spec: { nodeName: "a", volumes } });
    expect(graph.refers("a", "persistentvolumeclaims", "ns", "data")).toBe(true);
    expect(graph.refers("a", "secrets", "kube-system", "key")).toBe(true);
    expect(graph.refers("b", "secrets", "kube-system", "key")).toBe(false);
    remove(store, "persistentvolumes", "", "pv");
    expect(graph.refers("a", "secrets", "kube-system", "key")).toBe(false);
  });

  it("knows the claims that were made for a pod", () => {
    const store = emptyStore();
    const graph = createNodeGraph(store);
    const spec = {
      nodeName: "a",
      volumes: [{ name: "scratch", ephemeral: { volumeClaimTemplate: {} } }],
      resourceClaims: [{ name: "gpu", resourceClaimTemplateName: "t" }],
    };
    put(store, "pods", { namespace: "ns", name: "p", uid: "1" }, { spec });
    expect(graph.refers("a", "persistentvolumeclaims", "ns", "p-scratch")).toBe(true);
    expect(graph.refers("a", "resourceclaims", "ns", "p-gpu-1")).toBe(false);
    const status = { resourceClaimStatuses: [{ name: "gpu", resourceClaimName: "p-gpu-1" }] };
    put(store, "pods", { namespace: "ns", name: "p", uid: "1" }, { spec, status });
    expect(graph.refers("a", "resourceclaims", "ns", "p-gpu-1")).toBe(true);
  });
});
