import type { ConformanceCase, RequestStep } from "../harness/conformance-case.ts";
import { configMap, configMaps, namespaces, object, pod, pods } from "./objects.ts";

const another = object("v1", "Namespace", "{ns}-b");
const finalize = (finalizers: readonly string[]): RequestStep => ({
  method: "PUT",
  path: `${namespaces}/{ns}-b/finalize`,
  body: object("v1", "Namespace", "{ns}-b", { spec: { finalizers } }),
});

export const namespaceCases: readonly ConformanceCase[] = [
  {
    name: "namespace: created with its label, phase and finalizer",
    steps: [
      { path: namespaces, body: another },
      { path: `${namespaces}/{ns}-b` },
      { path: `${namespaces}?labelSelector=kubernetes.io/metadata.name%3D{ns}-b` },
      { path: `${namespaces}?fieldSelector=metadata.name%3D{ns}-b` },
      { path: `${namespaces}?fieldSelector=metadata.name%3D{ns}-b,status.phase%3DTerminating` },
    ],
  },
  {
    name: "namespace: while it ends nothing new comes into it",
    steps: [
      { path: configMaps, body: configMap("before"), silent: true },
      { method: "DELETE", path: `${namespaces}/{ns}` },
      { path: `${namespaces}/{ns}` },
      { path: configMaps, body: configMap("late"), until: 403 },
      { path: pods, body: pod("late") },
      { method: "PATCH", path: `${configMaps}/before`, body: { data: { still: "changed" } } },
      { method: "DELETE", path: `${configMaps}/before` },
      { method: "DELETE", path: `${namespaces}/{ns}` },
    ],
  },
  {
    name: "namespace: goes when it is finalized",
    steps: [
      { path: namespaces, body: another, silent: true },
      { method: "DELETE", path: `${namespaces}/{ns}-b` },
      finalize([]),
      { path: `${namespaces}/{ns}-b` },
      { path: "/api/v1/namespaces/{ns}-b/configmaps", body: configMap("a"), until: 404 },
    ],
  },
  {
    name: "namespace: finalized before it ends",
    steps: [
      { path: namespaces, body: another, silent: true },
      finalize([]),
      { method: "DELETE", path: `${namespaces}/{ns}-b` },
      { path: `${namespaces}/{ns}-b` },
    ],
  },
  {
    name: "namespace: those that cannot be deleted",
    encodings: ["json"],
    steps: ["default", "kube-system", "kube-public"].map((name) => ({
      method: "DELETE",
      path: `${namespaces}/${name}?dryRun=All`,
    })),
  },
  {
    name: "namespace: label and spec cannot be changed at will",
    steps: [
      {
        method: "PATCH",
        path: `${namespaces}/{ns}`,
        body: { metadata: { labels: { "kubernetes.io/metadata.name": "other" } } },
      },
      { method: "PATCH", path: `${namespaces}/{ns}`, body: { spec: { finalizers: ["example.com/mine"] } } },
      {
        method: "PATCH",
        path: `${namespaces}/{ns}`,
        body: { metadata: { labels: { "kubernetes.io/metadata.name": null } } },
      },
    ],
  },
];
