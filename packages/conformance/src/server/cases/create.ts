import type { ConformanceCase } from "../harness/conformance-case.ts";
import {
  budgets,
  configMap,
  configMaps,
  deployment,
  deployments,
  lease,
  leases,
  type Meta,
  object,
  pod,
  pods,
} from "./objects.ts";

const budget = (name: string, meta: Meta = {}) =>
  object("policy/v1", "PodDisruptionBudget", name, { spec: { minAvailable: 1 } }, meta);

export const createCases: readonly ConformanceCase[] = [
  {
    name: "create: an object comes back with what the server adds",
    steps: [{ path: configMaps, body: configMap("a", { k: "v" }, { labels: { l: "1" }, annotations: { n: "2" } }) }],
  },
  {
    name: "create: a name that is taken",
    steps: [
      { path: configMaps, body: configMap("a") },
      { path: configMaps, body: configMap("a", { other: "data" }) },
    ],
  },
  {
    name: "create: generateName, and what was made of it can be read",
    steps: [
      { path: configMaps, body: configMap("", {}, { generateName: "made-" }), save: { made: "metadata.name" } },
      { path: `${configMaps}/{made}` },
      { path: configMaps, body: configMap("", {}, { generateName: "made-" }) },
    ],
  },
  {
    name: "create: a name and a generateName: the name counts",
    steps: [{ path: configMaps, body: configMap("named", {}, { generateName: "made-" }) }],
  },
  {
    name: "create: neither name nor generateName",
    steps: [{ path: configMaps, body: configMap("") }],
  },
  {
    name: "create: what the server owns is not taken from the client",
    steps: [
      {
        path: configMaps,
        body: configMap(
          "a",
          {},
          {
            uid: "11111111-2222-4333-8444-555555555555",
            creationTimestamp: "2001-01-01T00:00:00Z",
            deletionTimestamp: "2001-01-01T00:00:00Z",
            deletionGracePeriodSeconds: 3,
            generation: 7,
            selfLink: "/somewhere",
          },
        ),
      },
    ],
  },
  {
    name: "create: with a resourceVersion",
    steps: [{ path: configMaps, body: configMap("a", {}, { resourceVersion: "17" }) }],
  },
  {
    name: "create: another namespace in the body than in the path",
    steps: [
      { path: configMaps, body: configMap("a", {}, { namespace: "default" }) },
      { path: configMaps, body: configMap("b", {}, { namespace: "{ns}" }) },
    ],
  },
  {
    name: "create: in a namespace that is not there",
    steps: [
      { path: "/api/v1/namespaces/{ns}-none/configmaps", body: configMap("a") },
      { path: "/api/v1/namespaces/{ns}-none/pods", body: pod("a") },
    ],
  },
  {
    name: "create: a namespaced kind without a namespace",
    steps: [{ path: "/api/v1/configmaps", body: configMap("a") }],
  },
  {
    name: "create: another kind than the path says",
    steps: [{ path: configMaps, body: object("v1", "Secret", "a") }],
  },
  {
    name: "create: another group than the path says",
    steps: [
      { path: configMaps, body: deployment("a") },
      { path: deployments, body: configMap("a") },
    ],
  },
  {
    name: "create: a kind that nobody knows",
    encodings: ["json"],
    steps: [
      { path: configMaps, body: object("v1", "Meteor", "a") },
      { path: configMaps, body: object("stars/v1", "Meteor", "a") },
    ],
  },
  {
    name: "create: without apiVersion and kind in JSON",
    encodings: ["json"],
    steps: [
      { path: configMaps, body: { metadata: { name: "a" }, data: { k: "v" } } },
      { path: deployments, body: { ...deployment("a"), apiVersion: undefined, kind: undefined } },
    ],
  },
  {
    name: "create: an empty body",
    encodings: ["json"],
    steps: [
      { path: configMaps, raw: "" },
      { path: configMaps, raw: "{}" },
      { path: configMaps, raw: "null" },
    ],
  },
  {
    name: "create: bodies that are no JSON",
    encodings: ["json"],
    steps: [
      { path: configMaps, raw: "{" },
      { path: configMaps, raw: "[]" },
      { path: configMaps, raw: '"text"' },
      { path: configMaps, raw: '{"metadata":{"name":"a"}} trailing' },
    ],
  },
  {
    name: "create: values of a wrong type",
    encodings: ["json"],
    steps: [
      { path: configMaps, body: { ...configMap("a"), data: { n: 1 } } },
      { path: pods, body: pod("a", { containers: "many" }) },
      { path: pods, body: pod("a", { terminationGracePeriodSeconds: "30" }) },
      { path: configMaps, body: { ...configMap("a"), metadata: { name: "a", labels: ["x"] } } },
    ],
  },
  {
    name: "names: what a ConfigMap may be called",
    steps: ["UPPER", "a_b", "-a", "a-", ".a", "a..b", "a.b-c", `${"x".repeat(253)}`, `${"x".repeat(254)}`].map(
      (name) => ({
        path: configMaps,
        body: configMap(name),
      }),
    ),
  },
  {
    name: "names: what a namespace may be called",
    steps: ["{ns}.dot", "{ns}-UPPER", `{ns}-${"x".repeat(64)}`].map((name) => ({
      path: "/api/v1/namespaces",
      body: object("v1", "Namespace", name),
    })),
  },
  {
    name: "names: what a Service may be called",
    steps: ["1starts-with-digit", "has.dot", "Fine-not"].map((name) => ({
      path: "/api/v1/namespaces/{ns}/services",
      body: object("v1", "Service", name, { spec: { clusterIP: "None", ports: [{ port: 80 }] } }),
    })),
  },
  {
    name: "names: a generateName that makes no name",
    steps: [{ path: configMaps, body: configMap("", {}, { generateName: "Not_Good" }) }],
  },
  {
    name: "metadata: labels, annotations, finalizers and owners that are refused",
    steps: [
      { path: configMaps, body: configMap("a", {}, { labels: { "bad key": "v" } }) },
      { path: configMaps, body: configMap("a", {}, { labels: { k: "bad value!" } }) },
      { path: configMaps, body: configMap("a", {}, { labels: { [`${"x".repeat(64)}`]: "v" } }) },
      { path: configMaps, body: configMap("a", {}, { annotations: { "Bad/Key/Here": "v" } }) },
      { path: configMaps, body: configMap("a", {}, { finalizers: ["unqualified"] }) },
      { path: configMaps, body: configMap("a", {}, { finalizers: ["bad key/x", "example.com/ok"] }) },
      {
        path: configMaps,
        body: configMap("a", {}, { ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "", uid: "" }] }),
      },
      {
        path: configMaps,
        body: configMap(
          "a",
          {},
          {
            ownerReferences: ["x", "y"].map((name) => ({
              apiVersion: "v1",
              kind: "ConfigMap",
              name,
              uid: name,
              controller: true,
            })),
          },
        ),
      },
    ],
  },
  {
    name: "metadata: kinds that look at less of it",
    steps: [
      { path: budgets, body: budget("Bad_Name") },
      { path: budgets, body: budget("a", { finalizers: ["unqualified"] }) },
      { path: budgets, body: budget("b", { labels: { k: "bad value!" } }) },
      { path: budgets, body: budget("c/d") },
      { path: leases, body: lease("a", {}, { finalizers: ["unqualified"] }) },
      { path: leases, body: lease("Bad_Name") },
      { path: leases, body: lease("b", { leaseDurationSeconds: 0 }, { labels: { k: "bad value!" } }) },
    ],
  },
  {
    name: "metadata: several faults are told at once",
    steps: [
      {
        path: configMaps,
        body: configMap("Bad_Name", { "bad key!": "v" }, { labels: { "": "v" }, annotations: { "x y": "v" } }),
      },
    ],
  },
  {
    name: "dryRun: create answers as if, and keeps nothing",
    steps: [
      { path: `${configMaps}?dryRun=All`, body: configMap("a") },
      { path: `${configMaps}/a` },
      { path: `${configMaps}?dryRun=All`, body: configMap("Bad_Name") },
      { path: `${configMaps}?dryRun=Some`, body: configMap("a") },
    ],
  },
  {
    name: "dryRun: update, patch and delete change nothing",
    steps: [
      { path: configMaps, body: configMap("a"), silent: true },
      { method: "PUT", path: `${configMaps}/a?dryRun=All`, body: configMap("a", { b: "2" }) },
      { method: "PATCH", path: `${configMaps}/a?dryRun=All`, body: { data: { c: "3" } } },
      { method: "DELETE", path: `${configMaps}/a?dryRun=All` },
      { path: `${configMaps}/a` },
    ],
  },
  {
    name: "fieldValidation: unknown fields are warned of, refused or ignored",
    encodings: ["json"],
    steps: [
      "",
      "?fieldValidation=Warn",
      "?fieldValidation=Strict",
      "?fieldValidation=Ignore",
      "?fieldValidation=Maybe",
    ].map((query, index) => ({
      path: `${configMaps}${query}`,
      body: { ...configMap(`a${index}`), colour: "red", metadata: { name: `a${index}`, shape: "round" } },
    })),
  },
  {
    name: "fieldValidation: unknown fields deep inside, and a field twice",
    encodings: ["json"],
    steps: [
      {
        path: `${pods}?fieldValidation=Strict`,
        body: pod("a", { containers: [{ name: "c", image: "app:1", colour: "red" }], depth: 3 }),
      },
      {
        path: `${configMaps}?fieldValidation=Strict`,
        raw: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"k":"1","k":"2"}}',
      },
      {
        path: configMaps,
        raw: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"k":"1"},"data":{"l":"2"}}',
      },
    ],
  },
  {
    name: "ConfigMap: keys and sizes",
    steps: [
      { path: configMaps, body: configMap("a", { "bad key": "v" }) },
      { path: configMaps, body: { ...configMap("a", { both: "v" }), binaryData: { both: "AAEC" } } },
      { path: configMaps, body: { ...configMap("a"), binaryData: { bytes: "AAEC/w==" } } },
      { path: configMaps, body: { ...configMap("immutable"), immutable: true } },
      {
        method: "PUT",
        path: `${configMaps}/immutable`,
        body: { ...configMap("immutable", { a: "2" }), immutable: true },
      },
      { method: "PATCH", path: `${configMaps}/immutable`, body: { immutable: false } },
    ],
  },
  {
    name: "Secret: types, stringData, and data that is no base64",
    encodings: ["json"],
    steps: [
      { path: "/api/v1/namespaces/{ns}/secrets", body: object("v1", "Secret", "a", { stringData: { k: "text" } }) },
      { path: "/api/v1/namespaces/{ns}/secrets", body: object("v1", "Secret", "b", { data: { k: "no base64!" } }) },
      {
        path: "/api/v1/namespaces/{ns}/secrets",
        body: object("v1", "Secret", "c", { type: "kubernetes.io/tls", data: { "tls.crt": "AA==" } }),
      },
    ],
  },
];
