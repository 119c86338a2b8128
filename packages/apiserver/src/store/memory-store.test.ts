import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ApiError } from "../api-error.ts";
import type { KubeObject } from "../object.ts";
import { findResource } from "../resources/all-resources.ts";
import { createMemoryStore, type MemoryStoreOptions } from "./memory-store.ts";
import type { StoreEvent } from "./store.ts";

const pods = findResource("", "v1", "pods")!;
const nodes = findResource("", "v1", "nodes")!;

function pod(namespace: string, name: string, data = ""): KubeObject {
  return { apiVersion: "v1", kind: "Pod", metadata: { namespace, name }, data };
}

function makeStore(options: Partial<MemoryStoreOptions> = {}) {
  return createMemoryStore({ nowMs: () => 0, ...options });
}

function keys(objects: readonly KubeObject[]): string[] {
  return objects.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
}

function thrown(run: () => unknown): ApiError {
  try {
    run();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("objects", () => {
  it("counts revisions over all resources, from 1", () => {
    const store = makeStore();
    expect(store.revision).toBe(1);
    const first = store.create(pods, pod("a", "x"));
    const node = store.create(nodes, { apiVersion: "v1", kind: "Node", metadata: { name: "n" } });
    expect([first.metadata.resourceVersion, node.metadata.resourceVersion, store.revision]).toEqual(["2", "3", 3]);
  });

  it("refuses to create twice, and to change what is not there", () => {
    const store = makeStore();
    store.create(pods, pod("a", "x"));
    expect(thrown(() => store.create(pods, pod("a", "x"))).message).toBe('pods "x" already exists');
    expect(thrown(() => store.update(pods, pod("a", "y"))).code).toBe("NotFound");
    expect(thrown(() => store.delete(pods, "b", "x")).code).toBe("NotFound");
    expect(store.revision).toBe(2);
  });

  it("lists in the order of namespace/name, where a dash sorts before the slash", () => {
    const store = makeStore();
    for (const [namespace, name] of [
      ["b", "y"],
      ["a", "z"],
      ["a-b", "m"],
      ["a", "c"],
      ["b", "x"],
    ] as const) {
      store.create(pods, pod(namespace, name));
    }
    expect(keys(store.list(pods, ""))).toEqual(["a-b/m", "a/c", "a/z", "b/x", "b/y"]);
    expect(keys(store.list(pods, "a"))).toEqual(["a/c", "a/z"]);
    expect(keys(store.list(pods, "", "a/c"))).toEqual(["a/z", "b/x", "b/y"]);
    expect(keys(store.list(pods, "", "a/zz"))).toEqual(["b/x", "b/y"]);
    expect(keys(store.list(pods, "b", "b/x"))).toEqual(["b/y"]);
  });

  it("gives the last state with the revision of the deletion, and leaves the stored one as it was", () => {
    const store = makeStore();
    const created = store.create(pods, pod("a", "x", "1"));
    const deleted = store.delete(pods, "a", "x");
    expect(deleted).toEqual({ ...pod("a", "x", "1"), metadata: { namespace: "a", name: "x", resourceVersion: "3" } });
    expect(created.metadata.resourceVersion).toBe("2");
    expect(store.count(pods)).toBe(0);
  });
});

describe("watch", () => {
  it("delivers the past after a revision, then what comes", () => {
    const store = makeStore();
    store.create(pods, pod("a", "x"));
    store.create(pods, pod("a", "y"));
    const seen: string[] = [];
    const watcher = store.watch(pods, 2, ({ type, revision }) => seen.push(`${type} ${revision}`));
    expect(seen).toEqual(["ADDED 3"]);
    store.delete(pods, "a", "x");
    watcher.stop();
    store.delete(pods, "a", "y");
    expect(seen).toEqual(["ADDED 3", "DELETED 4"]);
  });

  it("shows every receiver all changes in their order, also those that a receiver makes", () => {
    const store = makeStore();
    const seen: Record<string, number[]> = { first: [], second: [], late: [] };
    store.watch(pods, 1, ({ revision, object }) => {
      seen["first"]?.push(revision);
      if (object.metadata.name !== "x") return;
      store.create(pods, pod("a", "made-by-receiver"));
      store.watch(pods, 1, (event) => seen["late"]?.push(event.revision));
    });
    store.watch(pods, 1, ({ revision }) => seen["second"]?.push(revision));
    store.create(pods, pod("a", "x"));
    store.create(pods, pod("a", "y"));
    expect(seen).toEqual({ first: [2, 3, 4], second: [2, 3, 4], late: [2, 3, 4] });
  });

  it("is Expired once more events than the window holds have passed", () => {
    const store = makeStore({ historyEvents: 3 });
    for (let i = 0; i < 5; i++) store.create(pods, pod("a", `p${i}`));
    expect(thrown(() => store.watch(pods, 2, () => {})).message).toBe("too old resource version: 2 (3)");
    const seen: number[] = [];
    store.watch(pods, 3, ({ revision }) => seen.push(revision));
    expect(seen).toEqual([4, 5, 6]);
  });

  it("is Expired for events that are too old, and after a compaction", () => {
    let nowMs = 0;
    const store = makeStore({ nowMs: () => nowMs, historyMs: 1000 });
    store.create(pods, pod("a", "x"));
    nowMs = 2000;
    store.create(pods, pod("a", "y"));
    expect(thrown(() => store.watch(pods, 1, () => {})).code).toBe("Expired");
    store.compact();
    expect(thrown(() => store.watch(pods, 2, () => {})).httpCode).toBe(410);
    store.watch(pods, store.revision, () => {}).stop();
  });

  it("keeps its window while the old part is cut off", () => {
    const store = makeStore({ historyEvents: 100 });
    store.create(pods, pod("a", "x"));
    for (let i = 0; i < 5000; i++) store.update(pods, pod("a", "x", String(i)));
    const seen: unknown[] = [];
    store.watch(pods, store.revision - 2, ({ object }) => seen.push(object["data"]));
    expect(seen).toEqual(["4998", "4999"]);
  });
});

/** One random write. */
const write = fc.record({
  kind: fc.constantFrom("put", "put", "delete"),
  namespace: fc.constantFrom("a", "a-b", "b"),
  name: fc.constantFrom("w", "x", "x-1", "y", "z"),
});

describe("any sequence of writes", () => {
  it("lists every past revision as it was, and tells its changes in order", () => {
    fc.assert(
      fc.property(
        fc.array(write, { maxLength: 40 }),
        fc.constantFrom("", "a", "b"),
        fc.constantFrom("", "a/x", "b"),
        (writes, namespace, after) => {
          const store = makeStore();
          const states = new Map<string, KubeObject>();
          const listed = () =>
            [...states.entries()]
              .filter(([key]) => key > after && (namespace === "" || key.startsWith(`${namespace}/`)))
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([, object]) => object);
          const past: { readonly revision: number; readonly objects: readonly KubeObject[] }[] = [];
          const live: StoreEvent[] = [];
          store.watch(pods, 1, (event) => live.push(event));
          for (const { kind, namespace: ns, name } of writes) {
            const key = `${ns}/${name}`;
            if (kind === "delete") {
              if (states.delete(key)) store.delete(pods, ns, name);
            } else {
              const known = states.has(key);
              states.set(key, known ? store.update(pods, pod(ns, name)) : store.create(pods, pod(ns, name)));
            }
            past.push({ revision: store.revision, objects: listed() });
          }
          expect(store.list(pods, namespace, after)).toEqual(listed());
          for (const { revision, objects } of past)
            expect(store.listAt(pods, namespace, revision, after)).toEqual(objects);
          expect(live.map(({ revision }) => revision)).toEqual(live.map((_, i) => i + 2));
          const replayed: StoreEvent[] = [];
          store.watch(pods, 1, (event) => replayed.push(event)).stop();
          expect(replayed).toEqual(live);
        },
      ),
    );
  });
});

describe("size", () => {
  it("lists 10,000 objects without cloning any, after writes in random order", () => {
    const store = makeStore();
    for (let i = 0; i < 10_000; i++) store.create(pods, pod("a", `p${(i * 7919) % 10_000}`));
    const listed = store.list(pods, "a");
    expect(listed).toHaveLength(10_000);
    expect(listed[17]).toBe(store.get(pods, "a", listed[17]!.metadata.name!));
    expect(keys(listed)).toEqual(keys(listed).sort());
  });
});
