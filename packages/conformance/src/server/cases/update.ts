import type { ConformanceCase } from "../harness/conformance-case.ts";
import {
  configMap,
  configMaps,
  deployment,
  deployments,
  events,
  lease,
  leases,
  node,
  nodes,
  noUid,
  object,
  pod,
  pods,
  podTemplate,
  services,
} from "./objects.ts";

const saveVersion = { rv: "metadata.resourceVersion", uid: "metadata.uid" };

export const updateCases: readonly ConformanceCase[] = [
  {
    name: "update: replaces, and keeps what the server owns",
    steps: [
      { path: configMaps, body: configMap("a", { a: "1" }, { labels: { l: "1" } }), save: saveVersion },
      { method: "PUT", path: `${configMaps}/a`, body: configMap("a", { b: "2" }, { resourceVersion: "{rv}" }) },
      { path: `${configMaps}/a` },
    ],
  },
  {
    name: "update: without a resourceVersion overwrites",
    steps: [
      { path: configMaps, body: configMap("a"), silent: true },
      { method: "PUT", path: `${configMaps}/a`, body: configMap("a", { b: "2" }) },
    ],
  },
  {
    name: "update: with an old resourceVersion",
    steps: [
      { path: configMaps, body: configMap("a"), save: saveVersion },
      { method: "PUT", path: `${configMaps}/a`, body: configMap("a", { b: "2" }) },
      { method: "PUT", path: `${configMaps}/a`, body: configMap("a", { c: "3" }, { resourceVersion: "{rv}" }) },
      { path: `${configMaps}/a` },
    ],
  },
  {
    name: "update: the same again changes no version",
    steps: [
      { path: configMaps, body: configMap("a") },
      { method: "PUT", path: `${configMaps}/a`, body: configMap("a") },
      { method: "PUT", path: `${configMaps}/a`, body: configMap("a") },
    ],
  },
  {
    name: "update: of what is not there",
    steps: [
      { method: "PUT", path: `${configMaps}/none`, body: configMap("none") },
      { method: "PUT", path: `${configMaps}/none`, body: configMap("none", {}, { resourceVersion: "1" }) },
      { method: "PUT", path: `${configMaps}/none`, body: configMap("none", {}, { uid: noUid }) },
      { method: "PUT", path: `${deployments}/none`, body: deployment("none") },
    ],
  },
  {
    name: "update: a resourceVersion that is no number",
    steps: [
      { path: configMaps, body: configMap("a"), silent: true },
      { method: "PUT", path: `${configMaps}/a`, body: configMap("a", {}, { resourceVersion: "new" }) },
      { method: "PUT", path: `${configMaps}/none`, body: configMap("none", {}, { resourceVersion: "new" }) },
      { method: "PUT", path: `${leases}/none`, body: lease("none", {}, { resourceVersion: "new" }) },
    ],
  },
  {
    name: "update: a Lease and an Event that are not there are created",
    steps: [
      { method: "PUT", path: `${leases}/new`, body: lease("new") },
      { method: "PUT", path: `${leases}/newer`, body: lease("newer", {}, { resourceVersion: "5" }) },
      {
        method: "PUT",
        path: `${events}/new`,
        body: object("v1", "Event", "new", {
          involvedObject: { kind: "Pod", name: "p", namespace: "{ns}" },
          reason: "Tested",
          type: "Normal",
        }),
      },
    ],
  },
  {
    name: "update: another name, namespace or uid in the body than in the path",
    steps: [
      { path: configMaps, body: configMap("a"), silent: true },
      { method: "PUT", path: `${configMaps}/a`, body: configMap("b") },
      { method: "PUT", path: `${configMaps}/a`, body: configMap("a", {}, { namespace: "default" }) },
      { method: "PUT", path: `${configMaps}/a`, body: configMap("a", {}, { uid: noUid }) },
      { method: "PUT", path: `${configMaps}/a`, body: configMap("") },
    ],
  },
  {
    name: "update: what is immutable",
    steps: [
      { path: deployments, body: deployment("d"), silent: true },
      {
        method: "PUT",
        path: `${deployments}/d`,
        body: deployment("d", { selector: { matchLabels: { app: "x" } }, template: podTemplate("x") }),
      },
      { path: pods, body: pod("p"), silent: true },
      { method: "PUT", path: `${pods}/p`, body: pod("p", { containers: [{ name: "other", image: "app:1" }] }) },
      { method: "PATCH", path: `${pods}/p`, body: { spec: { nodeName: "elsewhere" } } },
      { method: "PATCH", path: `${pods}/p`, body: { spec: { hostNetwork: true } } },
    ],
  },
  {
    name: "update: an image of a pod may change",
    steps: [
      { path: pods, body: pod("p"), silent: true },
      {
        method: "PATCH",
        path: `${pods}/p`,
        contentType: "application/strategic-merge-patch+json",
        body: { spec: { containers: [{ name: "c", image: "app:2" }] } },
      },
    ],
  },
  {
    name: "generation: counts changes of the spec, not of metadata or status",
    steps: [
      { path: deployments, body: deployment("d") },
      { method: "PATCH", path: `${deployments}/d`, body: { spec: { replicas: 3 } } },
      { method: "PATCH", path: `${deployments}/d`, body: { metadata: { labels: { x: "y" } } } },
      { method: "PATCH", path: `${deployments}/d/status`, body: { status: { observedGeneration: 2 } } },
      { method: "PATCH", path: `${deployments}/d`, body: { metadata: { annotations: { x: "y" } } } },
    ],
  },
  {
    name: "update: status is left alone by the object's own path",
    steps: [
      { path: deployments, body: { ...deployment("d"), status: { replicas: 9 } } },
      {
        method: "PUT",
        path: `${deployments}/d`,
        body: { ...deployment("d", { paused: true }), status: { replicas: 9 } },
      },
    ],
  },
  {
    name: "update: an empty text in a map is a value",
    steps: [
      { path: configMaps, body: configMap("a", { k: "" }, { labels: { l: "" } }) },
      { method: "PUT", path: `${configMaps}/a`, body: configMap("a", {}, { labels: { l: "" } }) },
      { method: "PATCH", path: `${configMaps}/a`, body: { metadata: { labels: { l: null, m: "" } } } },
      { method: "PATCH", path: `${configMaps}/a`, body: { metadata: { annotations: { "example.com/a": "" } } } },
    ],
  },
  {
    name: "update: a node's labels and taints",
    steps: [
      { path: nodes, body: node("{ns}-n1", { spec: { taints: [{ key: "k", effect: "NoSchedule" }] } }) },
      { method: "PATCH", path: `${nodes}/{ns}-n1`, body: { metadata: { labels: { zone: "a" } } } },
      { method: "PATCH", path: `${nodes}/{ns}-n1`, body: { spec: { unschedulable: true } } },
      {
        method: "PATCH",
        path: `${nodes}/{ns}-n1`,
        body: { spec: { podCIDR: "10.1.0.0/24", podCIDRs: ["10.1.0.0/24"] } },
      },
      {
        method: "PATCH",
        path: `${nodes}/{ns}-n1`,
        body: { spec: { podCIDR: "10.2.0.0/24", podCIDRs: ["10.2.0.0/24"] } },
      },
      {
        method: "PATCH",
        path: `${nodes}/{ns}-n1`,
        body: { spec: { taints: [{ key: "bad key", effect: "Sometimes" }] } },
      },
      { method: "DELETE", path: `${nodes}/{ns}-n1` },
    ],
  },
  {
    name: "update: a headless Service",
    steps: [
      {
        path: services,
        body: object("v1", "Service", "s", {
          spec: { clusterIP: "None", selector: { app: "x" }, ports: [{ port: 80 }] },
        }),
      },
      { method: "PATCH", path: `${services}/s`, body: { spec: { ports: [{ port: 81, name: "web" }] } } },
      { method: "PATCH", path: `${services}/s`, body: { spec: { clusterIP: "10.0.0.9" } } },
      { method: "DELETE", path: `${services}/s` },
    ],
  },
  {
    name: "update: a lease's times come back to the microsecond",
    steps: [
      { path: leases, body: lease("l", { renewTime: "2020-02-02T02:02:02.123456Z" }), save: saveVersion },
      {
        method: "PUT",
        path: `${leases}/l`,
        body: lease("l", { renewTime: "2020-02-02T02:02:12.000000Z" }, { resourceVersion: "{rv}" }),
      },
      { method: "PUT", path: `${leases}/l`, body: lease("l", { leaseDurationSeconds: 0 }) },
    ],
  },
];
