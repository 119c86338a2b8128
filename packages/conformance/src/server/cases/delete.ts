import type { ConformanceCase, RequestStep } from "../harness/conformance-case.ts";
import {
  configMap,
  configMaps,
  deleteOptions,
  deployment,
  deployments,
  jobs,
  labelled,
  node,
  noUid,
  object,
  pod,
  pods,
  podTemplate,
  services,
} from "./objects.ts";

const ids = { rv: "metadata.resourceVersion", uid: "metadata.uid" };
const del = (path: string, options?: Readonly<Record<string, unknown>>): RequestStep => ({
  method: "DELETE",
  path,
  ...(options !== undefined && { body: deleteOptions(options) }),
});
const job = (name: string) =>
  object("batch/v1", "Job", name, { spec: { template: podTemplate(name, { restartPolicy: "Never" }) } });
const gone: RequestStep = { path: `${configMaps}/a` };
const boundPod: RequestStep = { path: pods, body: pod("p", { nodeName: "{ns}-n1" }), save: ids };

export const deleteCases: readonly ConformanceCase[] = [
  {
    name: "delete: says what was deleted",
    steps: [
      { path: configMaps, body: configMap("a"), silent: true },
      del(`${configMaps}/a`),
      gone,
      del(`${configMaps}/a`),
    ],
  },
  {
    name: "delete: of kinds that answer with the object, and of others",
    steps: [
      {
        path: "/api/v1/namespaces/{ns}/secrets",
        body: { apiVersion: "v1", kind: "Secret", metadata: { name: "a" } },
        silent: true,
      },
      del("/api/v1/namespaces/{ns}/secrets/a"),
      { path: deployments, body: deployment("a"), silent: true },
      del(`${deployments}/a`),
      { path: pods, body: pod("a"), silent: true },
      del(`${pods}/a`),
      {
        path: services,
        body: {
          apiVersion: "v1",
          kind: "Service",
          metadata: { name: "a" },
          spec: { clusterIP: "None", ports: [{ port: 1 }] },
        },
        silent: true,
      },
      del(`${services}/a`),
      { path: "/api/v1/nodes", body: node("{ns}-a"), silent: true },
      del("/api/v1/nodes/{ns}-a"),
    ],
  },
  {
    name: "delete: preconditions",
    steps: [
      { path: configMaps, body: configMap("a"), save: ids },
      del(`${configMaps}/a`, { preconditions: { uid: noUid } }),
      del(`${configMaps}/a`, { preconditions: { resourceVersion: "1" } }),
      del(`${configMaps}/a`, { preconditions: { uid: "{uid}", resourceVersion: "{rv}" } }),
      gone,
    ],
  },
  {
    name: "delete: with a finalizer waits until it is taken away",
    steps: [
      { path: configMaps, body: configMap("a", {}, { finalizers: ["example.com/hold"] }) },
      del(`${configMaps}/a`),
      del(`${configMaps}/a`),
      gone,
      { method: "PATCH", path: `${configMaps}/a`, body: { metadata: { finalizers: ["example.com/other"] } } },
      { method: "PATCH", path: `${configMaps}/a`, body: { data: { still: "changed" } } },
      { method: "PATCH", path: `${configMaps}/a`, body: { metadata: { finalizers: null } } },
      gone,
    ],
  },
  {
    name: "delete: with a finalizer, ended by an update",
    steps: [
      { path: configMaps, body: configMap("a", {}, { finalizers: ["example.com/hold"] }), silent: true },
      del(`${configMaps}/a`, { gracePeriodSeconds: 5 }),
      { method: "PUT", path: `${configMaps}/a`, body: configMap("a") },
      gone,
    ],
  },
  {
    name: "delete: a bound pod gets its grace period, and goes with 0",
    steps: [
      boundPod,
      del(`${pods}/p`),
      { path: `${pods}/p` },
      del(`${pods}/p`),
      del(`${pods}/p`, { gracePeriodSeconds: 7 }),
      del(`${pods}/p`, { gracePeriodSeconds: 60 }),
      del(`${pods}/p`, { gracePeriodSeconds: 0 }),
      { path: `${pods}/p` },
    ],
  },
  {
    name: "delete: a pod that no node has goes at once",
    steps: [{ path: pods, body: pod("p"), silent: true }, del(`${pods}/p`), { path: `${pods}/p` }],
  },
  {
    name: "delete: a pod whose containers ended goes at once",
    steps: [
      boundPod,
      { method: "PATCH", path: `${pods}/p/status`, body: { status: { phase: "Succeeded" } }, silent: true },
      del(`${pods}/p`),
      { path: `${pods}/p` },
    ],
  },
  {
    name: "delete: a pod with grace period by the query, and a finalizer",
    steps: [
      { path: pods, body: pod("p", { nodeName: "{ns}-n1" }, { finalizers: ["example.com/hold"] }), save: ids },
      { method: "DELETE", path: `${pods}/p?gracePeriodSeconds=3` },
      del(`${pods}/p`, { gracePeriodSeconds: 0 }),
      { method: "PATCH", path: `${pods}/p`, body: { metadata: { finalizers: null } } },
      { path: `${pods}/p` },
    ],
  },
  {
    name: "delete: options that are refused",
    steps: [
      { path: configMaps, body: configMap("a"), silent: true },
      del(`${configMaps}/a`, { propagationPolicy: "Sometimes" }),
      del(`${configMaps}/a`, { propagationPolicy: "Orphan", orphanDependents: true }),
      del(`${configMaps}/a`, { gracePeriodSeconds: -1 }),
      { method: "DELETE", path: `${configMaps}/a?propagationPolicy=Sometimes` },
      { method: "DELETE", path: `${configMaps}/a?gracePeriodSeconds=soon` },
    ],
  },
  {
    name: "delete: bodies that are no options",
    encodings: ["json"],
    steps: [
      { path: configMaps, body: configMap("a"), silent: true },
      { method: "DELETE", path: `${configMaps}/a`, raw: "{" },
      { method: "DELETE", path: `${configMaps}/a`, raw: '"text"' },
      { method: "DELETE", path: `${configMaps}/a`, body: configMap("a") },
      { method: "DELETE", path: `${configMaps}/a`, raw: "{}" },
    ],
  },
  {
    name: "delete: foreground and orphan propagation become finalizers",
    steps: [
      { path: deployments, body: deployment("f"), silent: true },
      del(`${deployments}/f`, { propagationPolicy: "Foreground" }),
      { path: `${deployments}/f` },
      { method: "PATCH", path: `${deployments}/f`, body: { metadata: { finalizers: null } } },
      { path: deployments, body: deployment("o"), silent: true },
      del(`${deployments}/o`, { propagationPolicy: "Orphan" }),
      { method: "PATCH", path: `${deployments}/o`, body: { metadata: { finalizers: null } } },
      { path: deployments, body: deployment("b"), silent: true },
      del(`${deployments}/b`, { propagationPolicy: "Background" }),
      { path: deployments, body: deployment("old"), silent: true },
      del(`${deployments}/old`, { orphanDependents: true }),
    ],
  },
  {
    name: "delete: of a Job says what becomes of its pods",
    steps: [
      { path: jobs, body: job("a"), silent: true },
      { path: jobs, body: job("b"), silent: true },
      del(`${jobs}/a`),
      del(`${jobs}/b`, { propagationPolicy: "Background" }),
      { path: jobs, body: job("c"), silent: true },
      del(jobs),
    ],
  },
  {
    name: "delete: what is being deleted cannot get new finalizers",
    steps: [
      { path: configMaps, body: configMap("a", {}, { finalizers: ["example.com/hold"] }), silent: true },
      del(`${configMaps}/a`),
      {
        method: "PATCH",
        path: `${configMaps}/a`,
        body: { metadata: { finalizers: ["example.com/hold", "example.com/new"] } },
      },
      { method: "PATCH", path: `${configMaps}/a`, body: { metadata: { deletionTimestamp: null } } },
    ],
  },
  {
    name: "deletecollection: all of a namespace",
    steps: [
      { path: configMaps, body: configMap("a"), silent: true },
      { path: configMaps, body: configMap("b"), silent: true },
      { method: "DELETE", path: configMaps },
      { path: configMaps },
      { method: "DELETE", path: configMaps },
    ],
  },
  {
    name: "deletecollection: by selectors, with finalizers, and dry",
    steps: [
      { path: configMaps, body: labelled("a", { x: "1" }), silent: true },
      { path: configMaps, body: labelled("b", { x: "2" }), silent: true },
      {
        path: configMaps,
        body: configMap("c", {}, { labels: { x: "1" }, finalizers: ["example.com/hold"] }),
        silent: true,
      },
      { method: "DELETE", path: `${configMaps}?labelSelector=x%3D1&dryRun=All` },
      { method: "DELETE", path: `${configMaps}?labelSelector=x%3D1` },
      { path: configMaps },
      { method: "DELETE", path: `${configMaps}?fieldSelector=metadata.name%3Db` },
      { method: "DELETE", path: `${configMaps}?labelSelector=x+in` },
    ],
  },
  {
    name: "deletecollection: of pods gives them their grace",
    steps: [
      { path: pods, body: pod("bound", { nodeName: "{ns}-n1" }), silent: true },
      { path: pods, body: pod("free"), silent: true },
      { method: "DELETE", path: pods },
      { path: pods },
      { method: "DELETE", path: `${pods}?gracePeriodSeconds=0`, body: deleteOptions({ gracePeriodSeconds: 0 }) },
      { path: pods },
    ],
  },
  {
    name: "deletecollection: what cannot be deleted together",
    steps: [
      { method: "DELETE", path: "/api/v1/namespaces" },
      { method: "DELETE", path: "/api/v1/configmaps" },
    ],
  },
];
