import type { ConformanceCase, RequestStep } from "../harness/conformance-case.ts";
import {
  binding,
  budgets,
  configMap,
  configMaps,
  core,
  deleteOptions,
  deployment,
  deployments,
  jobs,
  node,
  nodes,
  noUid,
  object,
  pod,
  pods,
  podTemplate,
  replicaSets,
  serviceAccounts,
} from "./objects.ts";

const scale = (name: string, replicas: number, meta = {}) =>
  object("autoscaling/v1", "Scale", name, { spec: { replicas } }, meta);

const eviction = (name: string, options: object = {}) =>
  object("policy/v1", "Eviction", name, { deleteOptions: options });

const tokenRequest = (spec: object) => ({ apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec });

const ready: RequestStep = {
  method: "PATCH",
  path: `${pods}/p/status`,
  body: { status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] } },
  silent: true,
};
const guarded: RequestStep = {
  path: pods,
  body: pod("p", { nodeName: "{ns}-n1" }, { labels: { app: "x" } }),
  save: { uid: "metadata.uid" },
  silent: true,
};
const budget = (minAvailable: number | string): RequestStep => ({
  path: budgets,
  body: object("policy/v1", "PodDisruptionBudget", "x", {
    spec: { minAvailable, selector: { matchLabels: { app: "x" } } },
  }),
});

export const subresourceCases: readonly ConformanceCase[] = [
  {
    name: "status: read and written apart from the object",
    steps: [
      { path: deployments, body: deployment("d"), silent: true },
      { path: `${deployments}/d/status` },
      {
        method: "PUT",
        path: `${deployments}/d/status`,
        body: {
          ...deployment("d", { replicas: 9, paused: true }, { labels: { kept: "no" } }),
          status: { replicas: 1 },
        },
      },
      {
        method: "PATCH",
        path: `${deployments}/d/status`,
        body: { spec: { paused: true }, status: { readyReplicas: 1 } },
      },
      { path: `${deployments}/d` },
      { path: `${deployments}/none/status` },
    ],
  },
  {
    name: "status: that is not valid",
    steps: [
      { path: deployments, body: deployment("d"), silent: true },
      { method: "PATCH", path: `${deployments}/d/status`, body: { status: { replicas: -1, availableReplicas: 5 } } },
      { path: pods, body: pod("p"), silent: true },
      {
        method: "PATCH",
        path: `${pods}/p/status`,
        body: { status: { podIPs: [{ ip: "nowhere" }], podIP: "nowhere" } },
      },
      { method: "PATCH", path: `${pods}/p/status`, body: { status: { nominatedNodeName: "Not A Name" } } },
    ],
  },
  {
    name: "status: of a node, as a kubelet writes it first",
    steps: [
      { path: nodes, body: node("{ns}-n", { status: { capacity: { cpu: "4", memory: "8388608Ki", pods: "110" } } }) },
      {
        method: "PATCH",
        path: `${nodes}/{ns}-n/status`,
        body: {
          status: {
            conditions: [{ type: "Ready", status: "True", reason: "KubeletReady", message: "ready" }],
            daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
            nodeInfo: {
              architecture: "amd64",
              bootID: "b",
              containerRuntimeVersion: "containerd://2.0.0",
              kernelVersion: "6.0",
              kubeProxyVersion: "",
              kubeletVersion: "v1.36.3",
              machineID: "m",
              operatingSystem: "linux",
              osImage: "test",
              systemUUID: "s",
            },
            allocatable: { cpu: "3900m", memory: "8Gi", pods: "110", "example.com/gpu": "2" },
          },
        },
      },
      { path: `${nodes}/{ns}-n` },
      { method: "DELETE", path: `${nodes}/{ns}-n`, silent: true },
    ],
  },
  {
    name: "scale: read, written and patched",
    steps: [
      { path: deployments, body: deployment("d", { replicas: 2 }), save: { rv: "metadata.resourceVersion" } },
      { path: `${deployments}/d/scale` },
      { method: "PUT", path: `${deployments}/d/scale`, body: scale("d", 5) },
      { method: "PATCH", path: `${deployments}/d/scale`, body: { spec: { replicas: 7 } } },
      { method: "PUT", path: `${deployments}/d/scale`, body: scale("d", 1, { resourceVersion: "{rv}" }) },
      { method: "PUT", path: `${deployments}/d/scale`, body: scale("d", -1) },
      { path: `${deployments}/d` },
      { path: `${deployments}/none/scale` },
    ],
  },
  {
    name: "scale: of other kinds",
    steps: [
      {
        path: replicaSets,
        body: object("apps/v1", "ReplicaSet", "r", {
          spec: { replicas: 1, selector: { matchLabels: { app: "r" } }, template: podTemplate("r") },
        }),
        silent: true,
      },
      { path: `${replicaSets}/r/scale` },
      { method: "PUT", path: `${replicaSets}/r/scale`, body: scale("r", 3) },
      { path: `${jobs}/j/scale` },
      { path: `${configMaps}/c/scale` },
    ],
  },
  {
    name: "binding: a pod is bound once",
    steps: [
      { path: pods, body: pod("p"), save: { uid: "metadata.uid" } },
      { path: `${pods}/p/binding`, body: binding("p", "{ns}-n1") },
      { path: `${pods}/p` },
      { path: `${pods}/p/binding`, body: binding("p", "{ns}-n2") },
      { path: `${pods}/none/binding`, body: binding("none", "{ns}-n1") },
    ],
  },
  {
    name: "binding: what is refused",
    steps: [
      { path: pods, body: pod("p"), silent: true },
      { path: `${pods}/p/binding`, body: object("v1", "Binding", "p", { target: { kind: "Node", name: "" } }) },
      { path: `${pods}/p/binding`, body: object("v1", "Binding", "p", { target: { kind: "Pod", name: "x" } }) },
      {
        path: `${pods}/p/binding`,
        body: object("v1", "Binding", "p", { target: { kind: "Node", name: "n" } }, { uid: noUid }),
      },
      { path: `${pods}/p/binding`, body: binding("other", "{ns}-n1") },
      { path: `${core}/bindings`, body: binding("p", "{ns}-n1") },
      { path: `${pods}/p` },
    ],
  },
  {
    name: "binding: of a gated pod",
    steps: [
      { path: pods, body: pod("p", { schedulingGates: [{ name: "example.com/wait" }] }) },
      { path: `${pods}/p/binding`, body: binding("p", "{ns}-n1") },
      { method: "PATCH", path: `${pods}/p`, body: { spec: { schedulingGates: null } } },
      { path: `${pods}/p/binding`, body: binding("p", "{ns}-n1") },
    ],
  },
  {
    name: "eviction: without a budget deletes",
    steps: [
      guarded,
      { path: `${pods}/p/eviction`, body: eviction("p") },
      { path: `${pods}/p` },
      { path: `${pods}/none/eviction`, body: eviction("none") },
    ],
  },
  {
    name: "eviction: preconditions and options",
    // The real server tries for 10 s before it says that the uid is another.
    encodings: ["json"],
    steps: [
      guarded,
      { path: `${pods}/p/eviction`, body: eviction("p", { preconditions: { uid: noUid } }) },
      { path: `${pods}/p/eviction`, body: eviction("other") },
      { path: `${pods}/p/eviction`, body: eviction("p", { dryRun: ["All"] }) },
      { path: `${pods}/p/eviction`, body: eviction("p", { gracePeriodSeconds: 3, preconditions: { uid: "{uid}" } }) },
      { path: `${pods}/p` },
    ],
  },
  {
    name: "eviction: refused by a budget that nobody has looked at yet, and by one that is used up",
    steps: [
      guarded,
      ready,
      budget(1),
      { path: `${pods}/p/eviction`, body: eviction("p") },
      {
        method: "PATCH",
        path: `${budgets}/x/status`,
        body: {
          status: {
            observedGeneration: 1,
            currentHealthy: 1,
            desiredHealthy: 1,
            disruptionsAllowed: 0,
            expectedPods: 1,
          },
        },
      },
      { path: `${pods}/p/eviction`, body: eviction("p") },
    ],
  },
  {
    name: "eviction: allowed by a budget, which is counted down",
    steps: [
      guarded,
      ready,
      budget("50%"),
      {
        method: "PATCH",
        path: `${budgets}/x/status`,
        body: {
          status: {
            observedGeneration: 1,
            currentHealthy: 2,
            desiredHealthy: 1,
            disruptionsAllowed: 1,
            expectedPods: 2,
          },
        },
        silent: true,
      },
      { path: `${pods}/p/eviction`, body: eviction("p") },
      { path: `${budgets}/x` },
    ],
  },
  {
    name: "token: for a service account",
    steps: [
      { path: `${serviceAccounts}/default/token`, body: tokenRequest({ expirationSeconds: 3600 }) },
      {
        path: `${serviceAccounts}/default/token`,
        body: tokenRequest({ audiences: ["a", "b"], expirationSeconds: 600 }),
      },
      { path: `${serviceAccounts}/default/token`, body: tokenRequest({}) },
      { path: `${serviceAccounts}/default/token`, body: tokenRequest({ expirationSeconds: 60 }) },
      { path: `${serviceAccounts}/none/token`, body: tokenRequest({}) },
    ],
  },
  {
    name: "token: bound to a pod, and what cannot be bound",
    steps: [
      { path: pods, body: pod("p", { nodeName: "{ns}-n1" }), save: { uid: "metadata.uid" }, silent: true },
      {
        path: `${serviceAccounts}/default/token`,
        body: tokenRequest({ boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "p", uid: "{uid}" } }),
      },
      {
        path: `${serviceAccounts}/default/token`,
        body: tokenRequest({ boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "p", uid: noUid } }),
      },
      {
        path: `${serviceAccounts}/default/token`,
        body: tokenRequest({ boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "none" } }),
      },
      {
        path: `${serviceAccounts}/default/token`,
        body: tokenRequest({ boundObjectRef: { apiVersion: "v1", kind: "ConfigMap", name: "p" } }),
      },
    ],
  },
  {
    name: "log: of a pod that runs nowhere",
    steps: [
      { path: pods, body: pod("p"), silent: true },
      { path: `${pods}/p/log` },
      { path: `${pods}/none/log` },
      { path: `${pods}/p/log?container=other` },
    ],
  },
  {
    name: "subresources: that are not there, and verbs they do not have",
    steps: [
      { path: pods, body: pod("p"), silent: true },
      { path: `${pods}/p/colour` },
      { path: `${configMaps}/c/status` },
      { path: `${pods}/p/binding` },
      { method: "DELETE", path: `${pods}/p/status` },
      { method: "DELETE", path: `${pods}/p/eviction`, body: deleteOptions({}) },
      { method: "PUT", path: `${pods}/p/eviction`, body: eviction("p") },
      { method: "POST", path: `${deployments}/d/scale`, body: scale("d", 1) },
      { method: "POST", path: `${configMaps}/c`, body: configMap("c") },
      { method: "PUT", path: configMaps, body: configMap("c") },
      { method: "PATCH", path: configMaps, body: {} },
    ],
  },
  {
    name: "namespaces: finalize and status",
    steps: [
      { path: "/api/v1/namespaces/{ns}" },
      {
        method: "PUT",
        path: "/api/v1/namespaces/{ns}/finalize",
        body: object("v1", "Namespace", "{ns}", { spec: { finalizers: ["kubernetes", "example.com/more"] } }),
      },
      { method: "PATCH", path: "/api/v1/namespaces/{ns}/status", body: { status: { phase: "Terminating" } } },
      { method: "PATCH", path: "/api/v1/namespaces/{ns}", body: { metadata: { labels: { x: "y" } } } },
    ],
  },
];
