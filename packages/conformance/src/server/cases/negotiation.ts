import type { ConformanceCase, RequestStep } from "../harness/conformance-case.ts";
import { configMap, configMaps, deployment, deployments, pod, pods } from "./objects.ts";

const table = "application/json;as=Table;g=meta.k8s.io;v=v1";
const metadata = (kind: string): string => `application/json;as=${kind};g=meta.k8s.io;v=v1`;
const made: RequestStep = { path: configMaps, body: configMap("a"), silent: true };

/** The rows without ages, which are of the moment. */
function ageless(body: unknown): unknown {
  const { columnDefinitions, rows, ...rest } = body as {
    columnDefinitions?: { name: string }[];
    rows?: { cells: unknown[] }[];
  };
  const age = columnDefinitions?.findIndex(({ name }) => name === "Age") ?? -1;
  return {
    ...rest,
    ...(columnDefinitions !== undefined && { columnDefinitions }),
    ...(rows !== undefined && {
      rows: rows.map((row) => ({ ...row, cells: row.cells.map((cell, at) => (at === age ? "{age}" : cell)) })),
    }),
  };
}

const kindOf = (body: unknown): unknown =>
  typeof body === "string" ? body.length > 0 : { kind: (body as { kind?: unknown }).kind };

/** Those of the answer's entries whose `name` is in the list, in the list's order. */
const only =
  (list: string, wanted: readonly string[]) =>
  (body: unknown): unknown => {
    const entries = (body as Record<string, readonly { readonly name: string }[]>)[list] ?? [];
    const found = wanted.map((name) => entries.find((entry) => entry.name === name) ?? `no ${name}`);
    // Of the storage's encoding, which is no promise to clients.
    return {
      ...(body as object),
      [list]: found.map((entry) => (typeof entry === "string" ? entry : withoutHash(entry))),
    };
  };

function withoutHash(entry: object): object {
  const { storageVersionHash: _, ...rest } = entry as { storageVersionHash?: string };
  return rest;
}

const discovered: Readonly<Record<string, readonly string[]>> = {
  "/api/v1": [
    "bindings",
    "configmaps",
    "events",
    "namespaces",
    "namespaces/finalize",
    "namespaces/status",
    "nodes",
    "nodes/status",
    "persistentvolumeclaims",
    "persistentvolumeclaims/status",
    "persistentvolumes",
    "pods",
    "pods/binding",
    "pods/eviction",
    "pods/log",
    "pods/status",
    "secrets",
    "serviceaccounts",
    "serviceaccounts/token",
    "services",
    "services/status",
  ],
  "/apis/apps/v1": [
    "controllerrevisions",
    "daemonsets",
    "deployments",
    "deployments/scale",
    "deployments/status",
    "replicasets",
    "replicasets/scale",
    "statefulsets",
    "statefulsets/scale",
  ],
  "/apis/batch/v1": ["cronjobs", "jobs", "jobs/status"],
  "/apis/coordination.k8s.io/v1": ["leases"],
  "/apis/discovery.k8s.io/v1": ["endpointslices"],
  "/apis/events.k8s.io/v1": ["events"],
  "/apis/policy/v1": ["poddisruptionbudgets", "poddisruptionbudgets/status"],
  "/apis/scheduling.k8s.io/v1": ["priorityclasses"],
  "/apis/storage.k8s.io/v1": ["csidrivers", "csinodes", "storageclasses", "volumeattachments"],
  "/apis/node.k8s.io/v1": ["runtimeclasses"],
  "/apis/certificates.k8s.io/v1": ["certificatesigningrequests"],
};

export const negotiationCases: readonly ConformanceCase[] = [
  {
    name: "accept: what is given when several would do",
    encodings: ["json"],
    steps: [
      made,
      ...[
        "*/*",
        "",
        "application/*",
        "application/json, */*",
        "application/vnd.kubernetes.protobuf, application/json",
        "application/json;q=0.1, application/vnd.kubernetes.protobuf",
        "text/html, application/json",
        "application/yaml",
      ].map((accept) => ({ path: `${configMaps}/a`, accept, view: kindOf })),
    ],
  },
  {
    name: "accept: what nobody can give",
    encodings: ["json"],
    steps: [
      made,
      ...[
        "text/html",
        "image/png",
        "application/json;v=v9;as=Poem;g=stars",
        "application/vnd.kubernetes.protobuf;as=Poem;g=x;v=v1",
      ].map((accept) => ({ path: `${configMaps}/a`, accept, view: kindOf })),
      { path: configMaps, accept: "text/html" },
      { path: "/api/v1/nodes/{ns}-none", accept: "text/html" },
    ],
  },
  {
    name: "content-type: what nobody reads",
    encodings: ["json"],
    steps: [
      { path: configMaps, body: configMap("a"), contentType: "text/plain" },
      { path: configMaps, body: configMap("b"), contentType: "application/json; charset=utf-8" },
      { path: configMaps, body: configMap("c"), contentType: "" },
      { path: configMaps, body: configMap("d"), contentType: "nonsense" },
      { path: configMaps, body: configMap("e"), contentType: "application/vnd.kubernetes.protobuf" },
      {
        path: configMaps,
        raw: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: f}\n",
        contentType: "application/yaml",
      },
    ],
  },
  {
    name: "protobuf: bodies that are none",
    encodings: ["protobuf"],
    steps: [
      { path: configMaps, raw: Buffer.from("6b387300ffffffff", "hex") },
      { path: configMaps, raw: Buffer.from("6b387300", "hex") },
      { path: configMaps, raw: Buffer.from("0a0161", "hex") },
      { path: configMaps, raw: "{}" },
      { path: configMaps, raw: "" },
    ].map((step) => ({ ...step, method: "POST", view: withoutMessage })),
  },
  {
    name: "table: ConfigMaps, Deployments and Pods",
    encodings: ["json"],
    steps: [
      made,
      { path: configMaps, accept: table, view: ageless },
      { path: `${configMaps}/a`, accept: table, view: ageless },
      { path: deployments, body: deployment("d", { replicas: 3 }), silent: true },
      { path: deployments, accept: table, view: ageless },
      { path: pods, body: pod("p", { nodeName: "{ns}-n1" }), silent: true },
      { path: pods, accept: table, view: ageless },
      { path: `${pods}?limit=1`, accept: table, view: ageless },
    ],
  },
  {
    name: "table: includeObject",
    encodings: ["json"],
    steps: [
      made,
      ...["None", "Object", "Metadata", "Sometimes"].map((what) => ({
        path: `${configMaps}?includeObject=${what}`,
        accept: table,
        view: ageless,
      })),
    ],
  },
  {
    name: "table: errors stay Status objects; fall-back to JSON",
    encodings: ["json"],
    steps: [
      { path: `${configMaps}/none`, accept: table },
      { path: `${configMaps}/none`, accept: `${table},application/json` },
      { path: configMaps, accept: `${table},application/json`, view: ageless },
      { path: "/api/v1", accept: `${table},application/json`, view: kindOf },
    ],
  },
  {
    name: "PartialObjectMetadata: of an object, of a list, of a pod",
    encodings: ["json"],
    steps: [
      made,
      { path: `${configMaps}/a`, accept: metadata("PartialObjectMetadata") },
      { path: configMaps, accept: metadata("PartialObjectMetadataList") },
      { path: configMaps, accept: metadata("PartialObjectMetadata") },
      { path: configMaps, body: configMap("b"), accept: metadata("PartialObjectMetadata") },
      { method: "DELETE", path: `${configMaps}/b`, accept: metadata("PartialObjectMetadata") },
    ],
  },
  {
    name: "pretty: JSON for people",
    encodings: ["json"],
    steps: [made, { path: `${configMaps}/a?pretty=true` }],
  },
  {
    name: "discovery: groups and versions",
    encodings: ["json"],
    steps: [
      { path: "/api", view: (body) => ({ ...(body as object), serverAddressByClientCIDRs: "" }) },
      {
        path: "/apis",
        view: only("groups", [
          "apps",
          "batch",
          "coordination.k8s.io",
          "discovery.k8s.io",
          "events.k8s.io",
          "policy",
          "scheduling.k8s.io",
          "storage.k8s.io",
          "node.k8s.io",
          "certificates.k8s.io",
        ]),
      },
      { path: "/apis/apps" },
      { path: "/apis/none" },
      { path: "/apis/apps/v9" },
    ],
  },
  {
    name: "discovery: resources of each version",
    encodings: ["json"],
    steps: Object.entries(discovered).map(([path, names]) => ({ path, view: only("resources", names) })),
  },
  {
    name: "version and health",
    encodings: ["json"],
    steps: [
      { path: "/version", view: (body) => Object.keys(body as object).sort() },
      { path: "/version", view: (body) => (body as { gitVersion: string }).gitVersion },
      { path: "/livez", accept: "*/*" },
      { path: "/readyz", accept: "*/*" },
      { path: "/healthz", accept: "*/*" },
      { path: "/livez", accept: "*/*", as: "anonymous" },
      {
        path: "/metrics",
        accept: "*/*",
        view: (body) => /^apiserver_request_sli_duration_seconds_bucket\{/m.test(String(body)),
      },
    ],
  },
];

/** The decoder's own words are not part of the promise. */
function withoutMessage(body: unknown): unknown {
  return typeof body === "string" ? "text" : { ...(body as object), message: "" };
}
