import type { ConformanceCase, EventsStep, RequestStep, WatchStep } from "../harness/conformance-case.ts";
import { configMap, configMaps, deployment, deployments, labelled, pod, pods } from "./objects.ts";

const watch = (query = "", path = configMaps): WatchStep => ({
  watch: "w",
  path: `${path}?watch=1${query === "" ? "" : `&${query}`}`,
});
const expect = (count: number, more: Partial<EventsStep> = {}): EventsStep => ({ events: "w", count, ...more });
const make = (name: string): RequestStep => ({ path: configMaps, body: configMap(name), silent: true });
const change = (name: string, data: Readonly<Record<string, unknown>>): RequestStep => ({
  method: "PATCH",
  path: `${configMaps}/${name}`,
  body: { data },
  silent: true,
});
const label = (name: string, x: string | null): RequestStep => ({
  method: "PATCH",
  path: `${configMaps}/${name}`,
  body: { metadata: { labels: { x } } },
  silent: true,
});
const remove = (name: string): RequestStep => ({ method: "DELETE", path: `${configMaps}/${name}`, silent: true });
const here: RequestStep = { path: configMaps, save: { rv: "metadata.resourceVersion" }, silent: true };

const life: readonly RequestStep[] = [
  make("a"),
  make("b"),
  change("a", { b: "2" }),
  remove("b"),
  change("a", { c: "3" }),
  remove("a"),
];

export const watchCases: readonly ConformanceCase[] = [
  { name: "watch: changes in their order", steps: [here, watch("resourceVersion={rv}"), ...life, expect(6)] },
  { name: "watch: from a version of the past", steps: [here, ...life, watch("resourceVersion={rv}"), expect(6)] },
  {
    name: "watch: without a version begins with what is there",
    steps: [make("a"), make("b"), watch(), expect(2), change("b", { x: "y" }), expect(1)],
  },
  {
    name: "watch: from version 0 begins with what is there",
    steps: [
      make("a"),
      make("b"),
      // Until the real server's cache has them.
      { path: `${configMaps}/b?resourceVersion=0`, until: 200, silent: true },
      watch("resourceVersion=0"),
      expect(2),
      remove("a"),
      expect(1),
    ],
  },
  {
    name: "watch: ends after its time",
    steps: [here, watch("resourceVersion={rv}&timeoutSeconds=1"), make("a"), expect(1, { ends: true })],
  },
  {
    name: "watch: a version of the future",
    encodings: ["json"],
    steps: [watch("resourceVersion=999999999&timeoutSeconds=4"), expect(1, { ends: true })],
  },
  {
    name: "watch: versions and options that are refused",
    steps: [
      watch("resourceVersion=tomorrow"),
      watch("resourceVersionMatch=Exact&resourceVersion=5"),
      watch("resourceVersionMatch=NotOlderThan"),
      watch("sendInitialEvents=true"),
      watch("sendInitialEvents=true&resourceVersionMatch=Exact"),
      watch("sendInitialEvents=maybe&resourceVersionMatch=NotOlderThan"),
      watch("labelSelector=x+in"),
      watch("fieldSelector=data.a%3D1"),
      watch("timeoutSeconds=soon"),
    ],
  },
  {
    name: "watch: labels come and go",
    steps: [
      make("a"),
      here,
      watch("resourceVersion={rv}&labelSelector=x%3D1"),
      label("a", "1"),
      change("a", { seen: "yes" }),
      label("a", "2"),
      change("a", { seen: "no" }),
      label("a", "1"),
      remove("a"),
      expect(5),
    ],
  },
  {
    name: "watch: of one object by field",
    steps: [here, watch("resourceVersion={rv}&fieldSelector=metadata.name%3Da"), ...life, expect(4)],
  },
  {
    name: "watch: pods of a node, as a kubelet does",
    steps: [
      { path: pods, body: pod("p"), silent: true },
      { path: pods, save: { rv: "metadata.resourceVersion" }, silent: true },
      watch("resourceVersion={rv}&fieldSelector=spec.nodeName%3D{ns}-n1", pods),
      {
        path: `${pods}/p/binding`,
        body: { apiVersion: "v1", kind: "Binding", metadata: { name: "p" }, target: { kind: "Node", name: "{ns}-n1" } },
        silent: true,
      },
      { method: "PATCH", path: `${pods}/p/status`, body: { status: { phase: "Running" } }, silent: true },
      { method: "DELETE", path: `${pods}/p`, silent: true },
      { method: "DELETE", path: `${pods}/p?gracePeriodSeconds=0`, silent: true },
      expect(4),
    ],
  },
  {
    name: "watch: finalizers make a deletion two events",
    steps: [
      { path: configMaps, body: configMap("a", {}, { finalizers: ["example.com/hold"] }), silent: true },
      here,
      watch("resourceVersion={rv}"),
      remove("a"),
      { method: "PATCH", path: `${configMaps}/a`, body: { metadata: { finalizers: null } }, silent: true },
      expect(2),
    ],
  },
  {
    name: "watch: what changes nothing is no event",
    steps: [
      make("a"),
      here,
      watch("resourceVersion={rv}"),
      change("a", { a: "1" }),
      change("a", { b: "2" }),
      expect(1),
    ],
  },
  {
    name: "watch: WatchList sends the state, then its bookmark, then changes",
    steps: [
      make("a"),
      make("b"),
      watch("sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"),
      expect(3),
      change("a", { b: "2" }),
      expect(1),
    ],
  },
  {
    name: "watch: WatchList of nothing, and without bookmarks",
    steps: [
      { ...watch("sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"), watch: "empty" },
      { events: "empty", count: 1 },
      watch("sendInitialEvents=true&resourceVersionMatch=NotOlderThan"),
      make("a"),
      expect(1),
    ],
  },
  {
    name: "watch: WatchList with selector",
    steps: [
      { path: configMaps, body: labelled("in", { x: "1" }), silent: true },
      { path: configMaps, body: labelled("out", { x: "2" }), silent: true },
      watch("sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&labelSelector=x%3D1"),
      expect(2),
    ],
  },
  {
    name: "watch: sendInitialEvents=false begins now",
    steps: [
      make("a"),
      watch("sendInitialEvents=false&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"),
      expect(0),
      make("b"),
      expect(1),
    ],
  },
  {
    name: "watch: of one object by its path is a get",
    steps: [make("a"), { path: `${configMaps}/a?watch=1` }, { path: `${configMaps}/none?watch=1` }],
  },
  {
    name: "watch: the older path",
    steps: [
      here,
      { watch: "w", path: "/api/v1/watch/namespaces/{ns}/configmaps?resourceVersion={rv}" },
      make("a"),
      expect(1),
    ],
  },
  {
    name: "watch: of a group that is not the core",
    steps: [
      { path: deployments, save: { rv: "metadata.resourceVersion" }, silent: true },
      watch("resourceVersion={rv}", deployments),
      { path: deployments, body: deployment("d"), silent: true },
      { method: "PATCH", path: `${deployments}/d/scale`, body: { spec: { replicas: 3 } }, silent: true },
      { method: "DELETE", path: `${deployments}/d`, silent: true },
      expect(3),
    ],
  },
  {
    name: "watch: as tables and as metadata",
    encodings: ["json"],
    steps: [
      here,
      {
        watch: "w",
        path: `${configMaps}?watch=1&resourceVersion={rv}`,
        accept: "application/json;as=Table;g=meta.k8s.io;v=v1",
      },
      {
        watch: "m",
        path: `${configMaps}?watch=1&resourceVersion={rv}`,
        accept: "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1",
      },
      make("a"),
      make("b"),
      { ...expect(2), view: ageless },
      { events: "m", count: 2 },
    ],
  },
  {
    name: "watch: of what has no watch",
    steps: [
      { watch: "w", path: "/api/v1/namespaces/{ns}/bindings?watch=1" },
      { watch: "v", path: `${deployments}/d/scale?watch=1` },
    ],
  },
];

/** Ages in cells are of the moment. */
function ageless(body: unknown): unknown {
  const { rows = [], ...rest } = body as { rows?: { cells: unknown[] }[] };
  return { ...rest, rows: rows.map((row) => ({ ...row, cells: row.cells.slice(0, -1) })) };
}
