/** One patch on one object, to be answered alike by the real server and by `applyPatch`. */
export interface PatchVector {
  readonly name: string;
  readonly resource: "serviceaccounts" | "deployments" | "nodes" | "configmaps";
  /** Without name; default: one with all the lists that patches of its kind are about. */
  readonly object?: object;
  readonly type: "strategic" | "merge" | "json";
  /** An object, or the text itself where it is not what JSON.stringify would write. */
  readonly patch: unknown;
  readonly fieldValidation?: "Ignore" | "Warn" | "Strict";
}

/** With what the server adds by default, so that a patch which adds one is not changed by defaulting. */
function container(name: string, more: object = {}): object {
  return {
    name,
    image: `${name}:1`,
    resources: {},
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    imagePullPolicy: "IfNotPresent",
    ...more,
  };
}

const env = (name: string) => ({ name, value: "1" });
const port = (containerPort: number, protocol = "TCP") => ({ containerPort, protocol });

export const defaultObjects: Readonly<Record<PatchVector["resource"], object>> = {
  serviceaccounts: {
    metadata: { finalizers: ["example.com/a", "example.com/b"], labels: { a: "1" } },
    secrets: [{ name: "a" }, { name: "b" }, { name: "c" }],
    imagePullSecrets: [{ name: "x" }, { name: "y" }],
  },
  deployments: {
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: {
          volumes: [{ name: "v", emptyDir: {} }],
          containers: [
            container("a", { env: [env("A"), env("B"), env("C")], ports: [port(80), port(81), port(82)] }),
            container("b"),
            container("c"),
          ],
          tolerations: [{ key: "a", operator: "Exists" }],
        },
      },
    },
  },
  nodes: {
    spec: { taints: [{ key: "a", effect: "NoSchedule" }], podCIDR: "10.9.0.0/24", podCIDRs: ["10.9.0.0/24"] },
  },
  configmaps: { data: { a: "1", b: "2", list: "[]" }, metadata: { annotations: { "example.com/x": "1" } } },
};

const podSpec = (spec: object) => ({ spec: { template: { spec } } });
const names = (...all: readonly string[]) => all.map((name) => ({ name }));
const remove = (name: string) => ({ name, $patch: "delete" });

const strategic = (name: string, resource: PatchVector["resource"], patch: unknown): PatchVector => ({
  name,
  resource,
  type: "strategic",
  patch,
});

const members: readonly PatchVector[] = [
  strategic("sets, changes and removes members", "configmaps", { data: { a: null, b: "3", c: "4" } }),
  strategic("removes what is not there", "configmaps", { data: { x: null }, binaryData: null }),
  strategic("nulls in a new object", "configmaps", { metadata: { labels: { a: null, b: "1" } } }),
  strategic("empties a map", "configmaps", { data: { a: null, b: null, list: null } }),
  strategic("kind and apiVersion are not looked at", "configmaps", { kind: "Pod", apiVersion: "v2", data: { a: "5" } }),
  strategic("an empty patch", "configmaps", {}),
  strategic("null", "configmaps", "null"),
  strategic("replaces an object", "configmaps", { data: { $patch: "replace", x: "1" } }),
  strategic("deletes an object", "configmaps", { data: { $patch: "delete" } }),
  strategic("a directive in a new object", "configmaps", { binaryData: { $patch: "delete" }, data: { z: "1" } }),
  strategic("an unknown directive", "configmaps", { data: { $patch: "merge" } }),
  strategic("retains keys of a strategy", "deployments", {
    spec: { strategy: { $retainKeys: ["type"], type: "Recreate" } },
  }),
  strategic("retains keys, all of them", "deployments", {
    spec: { strategy: { $retainKeys: ["type", "rollingUpdate"], rollingUpdate: { maxSurge: 2 } } },
  }),
  strategic("retains keys but patches others", "deployments", {
    spec: { strategy: { $retainKeys: ["x"], type: "Recreate" } },
  }),
  strategic("retains keys that are no list", "deployments", { spec: { strategy: { $retainKeys: "type" } } }),
  strategic(
    "retains keys of a volume",
    "deployments",
    podSpec({
      volumes: [{ name: "v", $retainKeys: ["name", "hostPath"], hostPath: { path: "/x", type: "" } }],
    }),
  ),
];

const lists: readonly PatchVector[] = [
  strategic(
    "merges by name and adds in front",
    "deployments",
    podSpec({ containers: [{ name: "b", image: "b:2" }, container("n")] }),
  ),
  strategic(
    "merges in merged elements",
    "deployments",
    podSpec({ containers: [{ name: "a", env: [env("N"), { name: "B", value: "2" }] }] }),
  ),
  strategic(
    "merges ports by containerPort",
    "deployments",
    podSpec({ containers: [{ name: "a", ports: [{ ...port(81), name: "p" }, port(83)] }] }),
  ),
  strategic("replaces tolerations", "deployments", podSpec({ tolerations: [{ key: "b", operator: "Exists" }] })),
  strategic("replaces taints", "nodes", { spec: { taints: [{ key: "b", effect: "NoSchedule" }] } }),
  strategic("merges pod CIDRs", "nodes", { spec: { podCIDRs: ["10.9.0.0/24"] } }),
  strategic("adds and changes references", "serviceaccounts", {
    secrets: names("n", "b", "m"),
  }),
  strategic(
    "the same element twice",
    "deployments",
    podSpec({
      containers: [container("n"), { name: "n", image: "n:2" }, { name: "a", image: "a:2" }, { name: "a", tty: true }],
    }),
  ),
  strategic("deletes elements", "serviceaccounts", { secrets: [remove("b"), remove("x")] }),
  strategic(
    "deletes and adds the same element",
    "deployments",
    podSpec({ containers: [remove("a"), container("a", { image: "a:9" })] }),
  ),
  strategic("deletes all elements", "serviceaccounts", { secrets: [remove("a"), remove("b"), remove("c")] }),
  strategic("replaces the list", "serviceaccounts", { secrets: [{ $patch: "replace" }, { name: "n" }, { name: "b" }] }),
  strategic("replaces the list by nothing", "serviceaccounts", { secrets: [{ $patch: "replace" }] }),
  strategic("an empty list", "serviceaccounts", { secrets: [] }),
  strategic("null for a list", "serviceaccounts", { secrets: null }),
  strategic("an element without its key", "serviceaccounts", { secrets: [{ kind: "Secret" }] }),
  strategic("a deletion without a key", "serviceaccounts", { secrets: [{ $patch: "delete" }] }),
  strategic("an element with an odd directive", "serviceaccounts", { secrets: [{ name: "a", $patch: "x" }] }),
  strategic("an element that says merge", "serviceaccounts", { secrets: [{ name: "a", $patch: "merge" }] }),
  strategic("elements of another type", "serviceaccounts", { secrets: ["a"] }),
  strategic("lists in a list", "serviceaccounts", { secrets: [["a"]] }),
  strategic("unites finalizers", "serviceaccounts", { metadata: { finalizers: ["example.com/c", "example.com/b"] } }),
  strategic("deletes finalizers", "serviceaccounts", {
    metadata: { "$deleteFromPrimitiveList/finalizers": ["example.com/a", "example.com/x"] },
  }),
  strategic("deletes and adds finalizers", "serviceaccounts", {
    metadata: { "$deleteFromPrimitiveList/finalizers": ["example.com/a"], finalizers: ["example.com/c"] },
  }),
  strategic("deletes null from a list", "serviceaccounts", {
    metadata: { "$deleteFromPrimitiveList/finalizers": null },
  }),
  strategic("deletes from no list", "serviceaccounts", { metadata: { $deleteFromPrimitiveList: ["a"] } }),
  strategic("owners by uid", "serviceaccounts", {
    metadata: { ownerReferences: [{ apiVersion: "v1", kind: "Node", name: "n", uid: "1" }] },
  }),
];

const orders: readonly PatchVector[] = [
  strategic("reorders", "serviceaccounts", { "$setElementOrder/secrets": names("c", "a", "b") }),
  strategic("reorders some", "serviceaccounts", { "$setElementOrder/secrets": names("c", "a") }),
  strategic("reorders with what is not there", "serviceaccounts", { "$setElementOrder/secrets": names("x", "c", "b") }),
  strategic("adds in its place", "serviceaccounts", {
    "$setElementOrder/secrets": names("a", "n", "b", "c"),
    secrets: names("n"),
  }),
  strategic("adds between server's elements", "serviceaccounts", {
    "$setElementOrder/secrets": names("c", "n"),
    secrets: names("n"),
  }),
  strategic("goes with a deletion", "serviceaccounts", {
    "$setElementOrder/secrets": names("c", "a"),
    secrets: [remove("b")],
  }),
  strategic("a new element takes a deleted one's room", "serviceaccounts", {
    "$setElementOrder/secrets": names("n"),
    secrets: [{ name: "n" }, remove("a")],
  }),
  strategic("two new, one deleted", "serviceaccounts", {
    "$setElementOrder/secrets": names("n", "m"),
    secrets: [{ name: "n" }, { name: "m" }, remove("a")],
  }),
  strategic("an empty order", "serviceaccounts", { "$setElementOrder/secrets": [], secrets: names("n", "m") }),
  strategic("an order that lacks an element", "serviceaccounts", {
    "$setElementOrder/secrets": names("a"),
    secrets: names("n"),
  }),
  strategic("an order against the list's", "serviceaccounts", {
    "$setElementOrder/secrets": names("m", "n"),
    secrets: names("n", "m"),
  }),
  strategic("an order with a replacement first", "serviceaccounts", {
    "$setElementOrder/secrets": names("n"),
    secrets: [{ $patch: "replace" }, { name: "n" }],
  }),
  strategic("an order with a replacement last", "serviceaccounts", {
    "$setElementOrder/secrets": names("n"),
    secrets: [{ name: "n" }, { $patch: "replace" }],
  }),
  strategic("an order of finalizers", "serviceaccounts", {
    metadata: {
      "$setElementOrder/finalizers": ["example.com/b", "example.com/c", "example.com/a"],
      finalizers: ["example.com/c"],
    },
  }),
  strategic("an order of what is new", "configmaps", {
    metadata: { "$setElementOrder/finalizers": ["example.com/b", "example.com/a"], finalizers: ["example.com/a"] },
  }),
  strategic("an order of nothing", "configmaps", { metadata: { "$setElementOrder/finalizers": [], finalizers: [] } }),
  strategic("an order of a text", "configmaps", { "$setElementOrder/kind": [] }),
  strategic("an order of no field", "configmaps", { "$setElementOrder/nothing": [] }),
  strategic("an order that is no list", "serviceaccounts", { "$setElementOrder/secrets": "a" }),
  strategic("an order without a name", "serviceaccounts", { $setElementOrder: [] }),
];

const faults: readonly PatchVector[] = [
  strategic("no JSON", "configmaps", "{"),
  strategic("a list", "configmaps", "[]"),
  strategic("a text for a number", "deployments", { spec: { replicas: "x" } }),
  strategic("a fraction for a number", "deployments", { spec: { replicas: 1.5 } }),
  strategic("a number for a text", "configmaps", { data: { a: 1 } }),
  strategic("a flag for a text", "configmaps", { data: { a: true } }),
  strategic("a text for a map", "configmaps", { data: "x" }),
  strategic("a text for a struct", "deployments", { spec: { template: "x" } }),
  strategic("a map for a list", "serviceaccounts", { secrets: {} }),
  strategic("a text for a flag", "configmaps", { immutable: "x" }),
  ...(["merge", "strategic"] as const).map(
    (type): PatchVector => ({
      name: `an unknown field, ${type}`,
      resource: "deployments",
      type,
      patch: { spec: { foo: 1 } },
      fieldValidation: "Strict",
    }),
  ),
  {
    name: "duplicate fields",
    resource: "configmaps",
    type: "merge",
    patch: '{"data":{"a":"1","a":"2"}}',
    fieldValidation: "Strict",
  },
  {
    name: "duplicate fields, strategic",
    resource: "configmaps",
    type: "strategic",
    patch: '{"data":{"a":"1","a":"2"},"x":1}',
    fieldValidation: "Strict",
  },
  {
    name: "duplicate fields, ignored",
    resource: "configmaps",
    type: "merge",
    patch: '{"data":{"a":"1","a":"2"}}',
    fieldValidation: "Ignore",
  },
  { name: "an unknown field, warned of", resource: "configmaps", type: "merge", patch: { foo: 1, data: { a: "7" } } },
];

const mergePatches: readonly PatchVector[] = [
  ["members", { data: { a: null, b: "3", c: "4" } }],
  ["lists as a whole", { metadata: { finalizers: ["example.com/c"] } }],
  ["nulls in new objects", { metadata: { labels: { a: null, b: "1" } } }],
  ["null", "null"],
  ["a list", "[]"],
  ["a number", "5"],
  ["no JSON", "{]"],
  ["a wrong type", { data: { a: 1 } }],
  ["a wrong type of a map", { data: "x" }],
  ["another kind", { kind: "LimitRange" }],
  ["another kind that it is none of", { kind: "Secret" }],
  ["a kind that is none", { kind: "Nothing" }],
  ["another version", { apiVersion: "v2" }],
].map(([name, patch]) => ({ name: `merge: ${String(name)}`, resource: "configmaps", type: "merge", patch }));

const jsonPatches: readonly PatchVector[] = [
  ["add", [{ op: "add", path: "/data/c", value: "3" }]],
  [
    "add to a list",
    [
      { op: "add", path: "/metadata/finalizers", value: ["example.com/a"] },
      { op: "add", path: "/metadata/finalizers/0", value: "example.com/b" },
    ],
  ],
  [
    "add from the end",
    [
      { op: "add", path: "/metadata/finalizers", value: ["example.com/a"] },
      { op: "add", path: "/metadata/finalizers/-1", value: "example.com/b" },
    ],
  ],
  ["escapes", [{ op: "replace", path: "/metadata/annotations/example.com~1x", value: "2" }]],
  ["replace what is not there", [{ op: "replace", path: "/data/new", value: "3" }]],
  ["remove", [{ op: "remove", path: "/data/a" }]],
  ["remove what is not there", [{ op: "remove", path: "/data/x" }]],
  ["move", [{ op: "move", from: "/data/a", path: "/data/z" }]],
  ["copy", [{ op: "copy", from: "/data/a", path: "/data/z" }]],
  ["copy what is not there", [{ op: "copy", from: "/data/x", path: "/data/z" }]],
  [
    "test, true",
    [
      { op: "test", path: "/data/a", value: "1" },
      { op: "add", path: "/data/c", value: "3" },
    ],
  ],
  [
    "test, false",
    [
      { op: "add", path: "/data/c", value: "3" },
      { op: "test", path: "/data/a", value: "2" },
    ],
  ],
  ["test of nothing", [{ op: "test", path: "/data/x", value: null }]],
  ["an empty list", []],
  ["null", "null"],
  ["an object", {}],
  ["a list of texts", ["x"]],
  ["a number as operation", [{ op: 1, path: "/data" }]],
  ["an unknown operation", [{ op: "merge", path: "/data" }]],
  ["a null operation", "[null]"],
  ["no path", [{ op: "add", value: 1 }]],
  ["a way that is not there", [{ op: "add", path: "/x/y", value: 1 }]],
  ["no slash", [{ op: "add", path: "odd/data/c", value: "3" }]],
  ["the whole document", [{ op: "replace", path: "", value: [] }]],
  ["a wrong type", [{ op: "replace", path: "/data/a", value: 1 }]],
].map(([name, patch]) => ({ name: `json: ${String(name)}`, resource: "configmaps", type: "json", patch }));

export const patchVectors: readonly PatchVector[] = [
  ...members,
  ...lists,
  ...orders,
  ...faults,
  ...mergePatches,
  ...jsonPatches,
];
