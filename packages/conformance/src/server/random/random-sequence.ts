import { type Random, seededRandom } from "@hollowfleet/core";
import { binding, deleteOptions, noUid, object } from "../cases/objects.ts";
import type { EventsStep, RequestStep, Step, WatchStep } from "../harness/conformance-case.ts";
import { metadata, pick, type RandomKind, randomKinds } from "./random-kinds.ts";

/** Namespaces of a sequence beside {ns}. */
export const otherNamespaces = ["two", "three"] as const;

const strategic = "application/strategic-merge-patch+json";
const jsonPatch = "application/json-patch+json";

/** What one operation is about. */
interface Subject {
  readonly kind: RandomKind;
  readonly collection: string;
  readonly name: string;
  readonly path: string;
  /** Under which its uid and version are saved. */
  readonly key: string;
}

type Operation = (subject: Subject, random: Random) => RequestStep;

/**
 * Requests as a seed has them: equal for equal seeds, whatever they are answered. Objects are few, so that requests meet what
 * others left.
 */
export function randomSequence(seed: number, operations: number): readonly Step[] {
  const random = seededRandom(`sequence ${seed}`);
  return [
    ...watches(),
    ...Array.from({ length: operations }, () => operation(random)),
    ...watches().map(({ watch }): EventsStep => ({ events: watch, count: 0, settleMs: 1000 })),
    ...finalState(),
  ];
}

/** Every object there is; of the nodes those of the sequence. */
function finalState(): RequestStep[] {
  return randomKinds.flatMap(({ path, namespaced }) =>
    (namespaced ? namespaces : ["{ns}"]).map((namespace) => ({ path: path(namespace) })),
  );
}

const namespaces = ["{ns}", ...otherNamespaces.map((name) => `{ns}-${name}`)] as const;

/** Open from the beginning to the end, so that the order of all changes is compared. */
function watches(): WatchStep[] {
  const from = (kind: RandomKind | undefined, query: string, index: number): WatchStep => ({
    watch: `w${index}`,
    path: `${kind?.path("{ns}")}?watch=1&resourceVersionMatch=NotOlderThan&sendInitialEvents=false${query}`,
  });
  return [
    from(randomKinds[0], "", 0),
    from(randomKinds[0], "&labelSelector=x%3D1", 1),
    from(randomKinds[2], "", 2),
    from(randomKinds[2], "&fieldSelector=spec.nodeName%3Dnode-a", 3),
    from(randomKinds[3], "&labelSelector=x+in+(1,2)", 4),
    from(randomKinds[9], "", 5),
  ];
}

function operation(random: Random): RequestStep {
  const kind = pick(random, randomKinds);
  const namespace = pick(random, namespaces);
  const name = kind.namespaced
    ? pick(random, ["a", "b", "c", "d", "Bad_Name"])
    : `{ns}-${pick(random, ["a", "b", "c"])}`;
  const collection = kind.path(namespace);
  const key = `${collection}/${name}`.replaceAll(/\W/g, "_");
  const subject: Subject = { kind, collection, name, path: `${collection}/${name}`, key };
  let left = random.int(totalWeight);
  for (const [weight, make] of operations) {
    left -= weight;
    if (left < 0) return make(subject, random);
  }
  return get(subject, random);
}

const save = ({ key }: Subject): Readonly<Record<string, string>> => ({
  [`rv_${key}`]: "metadata.resourceVersion",
  [`uid_${key}`]: "metadata.uid",
});

/** The version that was last seen, an old one, or none. */
function version({ key }: Subject, random: Random): Record<string, string> {
  return pick(random, [{}, {}, { resourceVersion: `{rv_${key}?}` }, { resourceVersion: "1" }]);
}

const get: Operation = (subject) => ({ path: subject.path, save: save(subject) });

const create: Operation = (subject, random) => ({
  path: `${subject.collection}${pick(random, ["", "", "", "?dryRun=All"])}`,
  body: subject.kind.make(subject.name, random),
  save: save(subject),
});

const list: Operation = ({ collection, name }, random) => {
  const query = pick(random, [
    "",
    "labelSelector=x%3D1",
    "labelSelector=x+notin+(1,2)",
    "labelSelector=!x",
    `fieldSelector=metadata.name%3D${name}`,
    "limit=500",
  ]);
  return { path: `${collection}?${query}` };
};

const put: Operation = (subject, random) => {
  const body = subject.kind.make(subject.name, random);
  const own = { ...(body["metadata"] as object), ...version(subject, random) };
  return { method: "PUT", path: subject.path, body: { ...body, metadata: own }, save: save(subject) };
};

const merge: Operation = (subject, random) => ({
  method: "PATCH",
  path: subject.path,
  body: { ...subject.kind.change(random), metadata: { ...metadata(random), ...version(subject, random) } },
  save: save(subject),
});

const strategicMerge: Operation = (subject, random) => ({
  method: "PATCH",
  path: subject.path,
  contentType: strategic,
  body: pick(random, [
    { metadata: metadata(random) },
    { metadata: { finalizers: ["example.com/a"] } },
    { metadata: { "$deleteFromPrimitiveList/finalizers": ["example.com/a"] } },
    { metadata: { labels: { $patch: "replace", x: "1" } } },
    subject.kind.change(random),
  ]),
  save: save(subject),
});

const byJsonPatch: Operation = (subject, random) => ({
  method: "PATCH",
  path: subject.path,
  contentType: jsonPatch,
  body: pick(random, [
    [{ op: "add", path: "/metadata/labels", value: { x: "2" } }],
    [{ op: "remove", path: "/metadata/labels/x" }],
    [{ op: "replace", path: "/metadata/finalizers", value: [] }],
    [
      { op: "test", path: "/metadata/name", value: subject.name },
      { op: "add", path: "/metadata/annotations", value: {} },
    ],
  ]),
  save: save(subject),
});

const remove: Operation = (subject, random) => ({
  method: "DELETE",
  path: subject.path,
  body: deleteOptions(
    pick<Readonly<Record<string, unknown>>>(random, [
      {},
      {},
      { gracePeriodSeconds: 0 },
      { gracePeriodSeconds: 3 },
      { propagationPolicy: "Foreground" },
      { propagationPolicy: "Orphan" },
      { preconditions: { uid: noUid } },
      { preconditions: { uid: `{uid_${subject.key}?}`, resourceVersion: `{rv_${subject.key}?}` } },
      { dryRun: ["All"] },
    ]),
  ),
});

const unfinalize: Operation = ({ path }) => ({ method: "PATCH", path, body: { metadata: { finalizers: null } } });

const patchStatus: Operation = (subject, random) => ({
  method: "PATCH",
  path: `${subject.path}/status`,
  contentType: pick(random, [strategic, "application/merge-patch+json"]),
  body: { status: subject.kind.status?.(random) ?? {} },
});

const scale: Operation = ({ path, name }, random) =>
  random.next() < 0.5
    ? { path: `${path}/scale` }
    : {
        method: "PUT",
        path: `${path}/scale`,
        body: object("autoscaling/v1", "Scale", name, { spec: { replicas: random.int(5) - 1 } }),
      };

const bindOrEvict: Operation = ({ path, name }, random) =>
  random.next() < 0.5
    ? { path: `${path}/binding`, body: binding(name, "node-a") }
    : { path: `${path}/eviction`, body: object("policy/v1", "Eviction", name) };

const removeAll: Operation = ({ collection, kind }, random) => ({
  method: "DELETE",
  path: `${collection}?labelSelector=x%3D${pick(random, ["1", "2"])}${kind.namespaced ? "" : "&dryRun=All"}`,
});

const operations: readonly (readonly [weight: number, make: Operation])[] = [
  [24, create],
  [10, get],
  [8, list],
  [12, put],
  [10, merge],
  [8, strategicMerge],
  [4, byJsonPatch],
  [10, remove],
  [4, unfinalize],
  [5, patchStatus],
  [2, scale],
  [2, bindOrEvict],
  [1, removeAll],
];
const totalWeight = operations.reduce((sum, [weight]) => sum + weight, 0);
