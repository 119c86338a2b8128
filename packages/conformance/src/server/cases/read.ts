import type { ConformanceCase, RequestStep } from "../harness/conformance-case.ts";
import { configMap, configMaps, labelled, pod, pods } from "./objects.ts";

const abc: readonly RequestStep[] = ["a", "b", "c", "d", "e"].map((name) => ({
  path: configMaps,
  body: configMap(name),
  silent: true,
}));

const fruits: readonly RequestStep[] = [
  labelled("apple", { colour: "red", size: "small" }),
  labelled("banana", { colour: "yellow", size: "large" }),
  labelled("cherry", { colour: "red" }),
  labelled("date", {}),
].map((body) => ({ path: configMaps, body, silent: true }));

/** Names of what a list has, and its metadata. */
const names = (body: unknown): unknown => {
  const { items, metadata, ...rest } = body as { items?: { metadata: { name: string } }[]; metadata?: unknown };
  return { ...rest, metadata, ...(items !== undefined && { names: items.map((item) => item.metadata.name) }) };
};

function selecting(queries: readonly string[], steps: readonly RequestStep[] = fruits): readonly RequestStep[] {
  return [...steps, ...queries.map((query) => ({ path: `${configMaps}?${query}`, view: names }))];
}

export const readCases: readonly ConformanceCase[] = [
  {
    name: "get: what was created, and what was not",
    steps: [
      { path: configMaps, body: configMap("a"), save: { rv: "metadata.resourceVersion" } },
      { path: `${configMaps}/a` },
      { path: `${configMaps}/none` },
      { path: "/apis/apps/v1/namespaces/{ns}/deployments/none" },
      { path: "/api/v1/namespaces/{ns}-none/configmaps/a" },
      { path: "/api/v1/nodes/{ns}-none" },
    ],
  },
  {
    name: "get: with a resourceVersion",
    steps: [
      { path: configMaps, body: configMap("a"), save: { rv: "metadata.resourceVersion" } },
      { path: `${configMaps}/a?resourceVersion={rv}` },
      { path: `${configMaps}/a?resourceVersion=0`, view: (body) => (body as { kind?: unknown }).kind },
      { path: `${configMaps}/a?resourceVersion=tomorrow` },
    ],
  },
  {
    name: "list: whole objects in the order of their names",
    steps: [
      { path: configMaps, body: configMap("b"), silent: true },
      { path: configMaps, body: configMap("a"), silent: true },
      { path: configMaps },
    ],
  },
  {
    name: "list: nothing, in a namespace that is there and in one that is not",
    steps: [{ path: configMaps }, { path: "/api/v1/namespaces/{ns}-none/configmaps" }, { path: pods }],
  },
  {
    name: "list: across namespaces, by selector",
    steps: [
      { path: configMaps, body: labelled("a", { case: "{ns}" }), silent: true },
      { path: "/api/v1/configmaps?labelSelector=case%3D{ns}" },
      { path: "/api/v1/configmaps?fieldSelector=metadata.namespace%3D{ns}", view: names },
    ],
  },
  {
    name: "list: pages of two, by continue",
    steps: [
      ...abc,
      { path: `${configMaps}?limit=2`, view: names, save: { next: "metadata.continue" } },
      { path: `${configMaps}?limit=2&continue={next}`, view: names, save: { last: "metadata.continue" } },
      { path: `${configMaps}?limit=2&continue={last}`, view: names },
    ],
  },
  {
    name: "list: a page goes on from the state at its beginning",
    steps: [
      ...abc,
      { path: `${configMaps}?limit=2`, view: names, save: { next: "metadata.continue" } },
      { path: configMaps, body: configMap("bb"), silent: true },
      { method: "DELETE", path: `${configMaps}/d`, silent: true },
      { path: `${configMaps}?continue={next}`, view: names },
      { path: configMaps, view: names },
    ],
  },
  {
    name: "list: limits at the edge",
    steps: [
      ...abc,
      { path: `${configMaps}?limit=5`, view: names },
      { path: `${configMaps}?limit=100`, view: names },
      { path: `${configMaps}?limit=0`, view: names },
      { path: `${configMaps}?limit=-1`, view: names },
      { path: `${configMaps}?limit=some` },
    ],
  },
  {
    name: "list: limit with a selector counts no remaining items",
    steps: [
      ...fruits,
      { path: `${configMaps}?limit=1&labelSelector=colour%3Dred`, view: names, save: { next: "metadata.continue" } },
      {
        path: `${configMaps}?limit=1&labelSelector=colour%3Dred&continue={next}`,
        view: names,
      },
    ],
  },
  {
    name: "list: continue that is none, and one with a resourceVersion",
    steps: [
      ...abc,
      { path: `${configMaps}?limit=2`, view: names, save: { next: "metadata.continue" } },
      { path: `${configMaps}?continue=nonsense` },
      { path: `${configMaps}?limit=2&continue={next}&resourceVersion=1` },
      { path: `${configMaps}?limit=2&continue={next}&resourceVersionMatch=Exact` },
    ],
  },
  {
    name: "list: resourceVersion and how it must match",
    steps: [
      { path: configMaps, body: configMap("a"), save: { rv: "metadata.resourceVersion" } },
      { path: configMaps, body: configMap("b"), silent: true },
      { path: `${configMaps}?resourceVersion={rv}&resourceVersionMatch=Exact`, view: names },
      { path: `${configMaps}?resourceVersion={rv}&resourceVersionMatch=NotOlderThan`, view: names },
      { path: `${configMaps}?resourceVersion={rv}`, view: names },
      { path: `${configMaps}?resourceVersion={rv}&limit=1`, view: names },
    ],
  },
  {
    name: "list: resourceVersions that are refused",
    steps: [
      { path: `${configMaps}?resourceVersion=tomorrow` },
      { path: `${configMaps}?resourceVersionMatch=Exact` },
      { path: `${configMaps}?resourceVersion=0&resourceVersionMatch=Exact` },
      { path: `${configMaps}?resourceVersion=1&resourceVersionMatch=Sometimes` },
      { path: `${configMaps}?resourceVersionMatch=NotOlderThan` },
      { path: `${configMaps}?sendInitialEvents=true` },
    ],
  },
  {
    name: "list: a resourceVersion of the future",
    steps: [
      {
        path: `${configMaps}?resourceVersion=999999999&resourceVersionMatch=NotOlderThan`,
        view: (body) => ({ ...(body as object), details: "" }),
      },
    ],
  },
  {
    name: "labelSelector: equal, not equal, in, not in, there, not there",
    steps: selecting([
      "labelSelector=colour%3Dred",
      "labelSelector=colour%3D%3Dred",
      "labelSelector=colour!%3Dred",
      "labelSelector=colour+in+(red,yellow)",
      "labelSelector=colour+notin+(red)",
      "labelSelector=size",
      "labelSelector=!size",
      "labelSelector=colour%3Dred,size%3Dsmall",
      "labelSelector=colour%3Dred,!size",
      "labelSelector=colour%3D",
      "labelSelector=",
      "labelSelector=colour+in+()",
    ]),
  },
  {
    name: "labelSelector: texts that are refused",
    steps: [
      "colour%3D%3D%3Dred",
      "colour+in",
      "colour+in+(red",
      ",",
      "bad+key%3Dx",
      "k%3Dbad+value",
      `k%3D${"x".repeat(64)}`,
      "a%3Db,,c%3Dd",
      "colour+within+(red)",
    ].map((text) => ({ path: `${configMaps}?labelSelector=${text}` })),
  },
  {
    name: "labelSelector: more than and less than",
    steps: selecting(
      ["labelSelector=n>5", "labelSelector=n<5", "labelSelector=n>x"],
      [1, 5, 9].map((n) => ({ path: configMaps, body: labelled(`n${n}`, { n: String(n) }), silent: true })),
    ),
  },
  {
    name: "fieldSelector: name and namespace",
    steps: selecting([
      "fieldSelector=metadata.name%3Dapple",
      "fieldSelector=metadata.name!%3Dapple",
      "fieldSelector=metadata.name%3Dapple,metadata.namespace%3D{ns}",
      "fieldSelector=metadata.namespace%3Ddefault",
      "fieldSelector=metadata.name%3D%3Dapple&labelSelector=colour%3Dyellow",
    ]),
  },
  {
    name: "fieldSelector: what no selector can look at",
    steps: [
      { path: `${configMaps}?fieldSelector=data.a%3D1` },
      { path: `${configMaps}?fieldSelector=metadata.labels%3D1` },
      { path: `${configMaps}?fieldSelector=nonsense` },
      { path: `${pods}?fieldSelector=spec.image%3D1` },
      { path: "/apis/apps/v1/namespaces/{ns}/deployments?fieldSelector=spec.replicas%3D1" },
    ],
  },
  {
    name: "fieldSelector: of pods by node and phase",
    steps: [
      { path: pods, body: pod("free"), silent: true },
      { path: pods, body: pod("bound", { nodeName: "{ns}-n1" }), silent: true },
      ...[
        "spec.nodeName%3D{ns}-n1",
        "spec.nodeName%3D",
        "spec.nodeName!%3D",
        "status.phase%3DPending",
        "status.phase%3DRunning",
        "spec.restartPolicy%3DAlways",
        "spec.schedulerName%3Dnobody",
        "spec.serviceAccountName%3Ddefault",
        "status.podIP%3D",
      ].map((selector) => ({ path: `${pods}?fieldSelector=${selector}`, view: names })),
    ],
  },
];
