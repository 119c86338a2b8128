import type { ConformanceCase, Identity, RequestStep } from "../harness/conformance-case.ts";
import { configMap, configMaps, lease, node, nodes, object, pod, pods, secrets, serviceAccounts } from "./objects.ts";

const self: Identity = "node:{ns}-n1";
const other: Identity = "node:{ns}-n2";
const nodeLeases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
const own: RequestStep = { path: nodes, body: node("{ns}-n1"), as: self, silent: true, save: { node: "metadata.uid" } };
const bound: RequestStep = {
  path: pods,
  body: pod("p", {
    nodeName: "{ns}-n1",
    volumes: [
      { name: "s", secret: { secretName: "used" } },
      { name: "c", configMap: { name: "used" } },
    ],
  }),
  silent: true,
  save: { pod: "metadata.uid" },
};
const cleanUp: readonly RequestStep[] = ["n1"].map((name) => ({
  method: "DELETE",
  path: `${nodes}/{ns}-${name}`,
  silent: true,
}));
const tokenRequest = (spec: object = {}) => ({ apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec });

export const identityCases: readonly ConformanceCase[] = [
  {
    name: "authentication: nobody, a wrong token, no token at all",
    encodings: ["json"],
    steps: [
      { path: configMaps, as: "anonymous" },
      { path: configMaps, as: "token:wrong" },
      { path: configMaps, as: "anonymous", headers: { authorization: "Basic YTpi" } },
      { path: configMaps, as: "anonymous", headers: { authorization: "Bearer " } },
      { path: "/version", as: "anonymous", view: (body) => typeof (body as { major?: unknown }).major },
    ],
  },
  {
    name: "authorization: a user without any rights",
    encodings: ["json"],
    steps: [
      { path: configMaps, as: "user:nobody" },
      { path: `${configMaps}/a`, as: "user:nobody" },
      { path: configMaps, body: configMap("a"), as: "user:nobody" },
      { method: "DELETE", path: `${configMaps}/a`, as: "user:nobody" },
      { path: "/apis/apps/v1/deployments", as: "user:nobody" },
      { method: "PATCH", path: `${pods}/p/status`, body: {}, as: "user:nobody" },
      { path: nodes, as: "user:nobody" },
      { path: "/metrics", as: "user:nobody" },
      { path: "/api", as: "user:nobody", view: (body) => (body as { kind: string }).kind },
    ],
  },
  {
    name: "authorization: user in group system:masters",
    encodings: ["json"],
    steps: [{ path: configMaps, as: "user:root,system:masters", body: configMap("a") }],
  },
  {
    name: "tokens: of a service account name it",
    encodings: ["json"],
    steps: [
      { path: `${serviceAccounts}/default/token`, body: tokenRequest(), save: { token: "status.token" }, silent: true },
      { path: configMaps, as: "token:{token}" },
      { method: "DELETE", path: `${serviceAccounts}/default`, silent: true },
      // The real server looks at its cache of service accounts.
      { path: configMaps, as: "token:{token}", until: 401 },
    ],
  },
  {
    name: "impersonation: as a user, with groups, and by who may not",
    encodings: ["json"],
    steps: [
      { path: configMaps, headers: { "impersonate-user": "nobody" } },
      { path: configMaps, headers: { "impersonate-user": "x", "impersonate-group": "system:masters" } },
      { path: configMaps, headers: { "impersonate-group": "system:masters" } },
      { path: configMaps, as: "user:nobody", headers: { "impersonate-user": "root" } },
      {
        path: `${nodes}/{ns}-n1`,
        headers: { "impersonate-user": "system:node:{ns}-n1", "impersonate-group": "system:nodes" },
      },
      { path: configMaps, headers: { "impersonate-user": "system:serviceaccount:{ns}:default" } },
    ],
  },
  {
    name: "node: makes and reads itself, and nobody else",
    steps: [
      { path: nodes, body: node("{ns}-n1"), as: self },
      { path: nodes, body: node("{ns}-n9"), as: self },
      { path: `${nodes}/{ns}-n1`, as: self },
      { path: `${nodes}/{ns}-n1`, as: other },
      { path: nodes, as: self, view: (body) => (body as { kind: string }).kind },
      { method: "PATCH", path: `${nodes}/{ns}-n1/status`, body: { status: { phase: "" } }, as: self },
      { method: "PATCH", path: `${nodes}/{ns}-n1/status`, body: { status: { phase: "" } }, as: other },
      { method: "DELETE", path: `${nodes}/{ns}-n1`, as: self },
      ...cleanUp,
    ],
  },
  {
    name: "node: labels and taints that it may not set",
    steps: [
      {
        path: nodes,
        body: node("{ns}-n1", {}, { labels: { "node-restriction.kubernetes.io/x": "y" } }),
        as: self,
      },
      own,
      { method: "PATCH", path: `${nodes}/{ns}-n1`, body: { metadata: { labels: { mine: "yes" } } }, as: self },
      {
        method: "PATCH",
        path: `${nodes}/{ns}-n1`,
        body: { metadata: { labels: { "node-restriction.kubernetes.io/x": "y" } } },
        as: self,
      },
      {
        method: "PATCH",
        path: `${nodes}/{ns}-n1`,
        body: { metadata: { labels: { "x.kubernetes.io/y": "z" } } },
        as: self,
      },
      { method: "PATCH", path: `${nodes}/{ns}-n1`, body: { spec: { taints: null } }, as: self },
      {
        method: "PATCH",
        path: `${nodes}/{ns}-n1`,
        body: { metadata: { ownerReferences: [{ apiVersion: "v1", kind: "Node", name: "x", uid: "x" }] } },
        as: self,
      },
      ...cleanUp,
    ],
  },
  {
    name: "node: its lease, and that of another",
    steps: [
      { path: nodeLeases, body: lease("{ns}-n1"), as: self },
      { path: `${nodeLeases}/{ns}-n1`, as: self },
      { method: "PUT", path: `${nodeLeases}/{ns}-n1`, body: lease("{ns}-n1", { leaseDurationSeconds: 41 }), as: self },
      { path: `${nodeLeases}/{ns}-n1`, as: other },
      { method: "PUT", path: `${nodeLeases}/{ns}-n1`, body: lease("{ns}-n1"), as: other },
      { path: nodeLeases, body: lease("{ns}-n9"), as: self },
      { path: "/apis/coordination.k8s.io/v1/namespaces/{ns}/leases", body: lease("{ns}-n1"), as: self },
      { method: "DELETE", path: `${nodeLeases}/{ns}-n1`, as: self },
    ],
  },
  {
    name: "node: reads pods of its own, and lists by its name only",
    steps: [
      own,
      bound,
      { path: pods, body: pod("q", { nodeName: "{ns}-n2" }), silent: true },
      { path: `${pods}/p`, as: self, until: 200, view: (body) => (body as { kind: string }).kind },
      { path: `${pods}/q`, as: self },
      {
        path: "/api/v1/pods?fieldSelector=spec.nodeName%3D{ns}-n1",
        as: self,
        view: (body) => (body as { kind: string }).kind,
      },
      { path: "/api/v1/pods?fieldSelector=spec.nodeName%3D{ns}-n2", as: self, view: (body) => body },
      { path: "/api/v1/pods", as: self },
      { path: pods, as: self },
      ...cleanUp,
    ],
  },
  {
    name: "node: status and deletion of pods, its own and others",
    steps: [
      own,
      bound,
      { path: pods, body: pod("q", { nodeName: "{ns}-n2" }), silent: true },
      { method: "PATCH", path: `${pods}/p/status`, body: { status: { phase: "Running" } }, as: self },
      { method: "PATCH", path: `${pods}/q/status`, body: { status: { phase: "Running" } }, as: self },
      { method: "PATCH", path: `${pods}/p/status`, body: { metadata: { labels: { x: "y" } } }, as: self },
      { method: "PATCH", path: `${pods}/p`, body: { metadata: { labels: { x: "y" } } }, as: self },
      { method: "DELETE", path: `${pods}/q`, as: self },
      { method: "DELETE", path: `${pods}/p?gracePeriodSeconds=0`, as: self },
      ...cleanUp,
    ],
  },
  {
    name: "node: makes mirror pods only",
    steps: [
      own,
      { path: pods, body: pod("plain", { nodeName: "{ns}-n1" }), as: self },
      {
        path: pods,
        body: pod(
          "mirror",
          { nodeName: "{ns}-n1" },
          {
            annotations: { "kubernetes.io/config.mirror": "x" },
            ownerReferences: [{ apiVersion: "v1", kind: "Node", name: "{ns}-n1", uid: "{node}", controller: true }],
          },
        ),
        as: self,
      },
      {
        path: pods,
        body: pod("unowned", { nodeName: "{ns}-n1" }, { annotations: { "kubernetes.io/config.mirror": "x" } }),
        as: self,
      },
      {
        path: pods,
        body: pod("foreign", { nodeName: "{ns}-n2" }, { annotations: { "kubernetes.io/config.mirror": "x" } }),
        as: self,
      },
      ...cleanUp,
    ],
  },
  {
    name: "node: secrets and configmaps that its pods use",
    steps: [
      own,
      { path: secrets, body: object("v1", "Secret", "used", { data: { k: "dg==" } }), silent: true },
      { path: secrets, body: object("v1", "Secret", "unused"), silent: true },
      { path: configMaps, body: configMap("used"), silent: true },
      { path: configMaps, body: configMap("unused"), silent: true },
      bound,
      { path: `${secrets}/used`, as: self, until: 200 },
      { path: `${secrets}/unused`, as: self },
      { path: `${configMaps}/used`, as: self },
      { path: `${configMaps}/unused`, as: self },
      {
        path: `${configMaps}?fieldSelector=metadata.name%3Dused`,
        as: self,
        view: (body) => (body as { kind: string }).kind,
      },
      { path: configMaps, as: self },
      { path: `${secrets}/used`, as: other },
      ...cleanUp,
    ],
  },
  {
    name: "node: tokens for its pods only",
    steps: [
      own,
      bound,
      { path: `${pods}/p`, as: self, until: 200, silent: true },
      {
        path: `${serviceAccounts}/default/token`,
        body: tokenRequest({ boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "p", uid: "{pod}" } }),
        as: self,
        until: 201,
      },
      { path: `${serviceAccounts}/default/token`, body: tokenRequest(), as: self },
      {
        path: `${serviceAccounts}/default/token`,
        body: tokenRequest({ boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "p", uid: "{pod}" } }),
        as: other,
      },
      ...cleanUp,
    ],
  },
  {
    name: "node: what no node may do",
    steps: [
      { path: configMaps, body: configMap("a"), as: self },
      { path: "/apis/apps/v1/namespaces/{ns}/deployments", as: self },
      { path: "/api/v1/namespaces", as: self },
      { method: "DELETE", path: pods, as: self },
      { path: "/api/v1/services", as: self, view: (body) => (body as { kind: string }).kind },
    ],
  },
  {
    name: "node: a name that is no node's",
    encodings: ["json"],
    steps: [
      { path: `${nodes}/x`, as: "user:system:node:x" },
      { path: `${nodes}/x`, as: "user:system:node:,system:nodes" },
      { path: nodes, body: node("{ns}-n1"), as: "user:alice,system:nodes" },
    ],
  },
];
