import { ManualClock, seededRandom } from "@hollowfleet/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nameOf } from "../objects/meta.ts";
import type { OwnerReference, Pod } from "../objects/types.ts";
import { TestCluster } from "../testing/cluster.ts";
import { MemoryStore } from "../testing/memory-store.ts";
import { pod } from "../testing/objects.ts";
import { foregroundFinalizer, type OwnerState, OwnershipGraph, orphanFinalizer } from "./ownership-graph.ts";
import { planCollect } from "./plan.ts";

const owner = (uid: string, blockOwnerDeletion = true): OwnerReference => ({
  apiVersion: "v1",
  kind: "Pod",
  name: uid,
  uid,
  blockOwnerDeletion,
});
const resource = { name: "pods", namespaced: true, apiVersion: "v1", kind: "Pod" };
const deleted = (finalizer: string) => ({ deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: [finalizer] });

function owned(name: string, owners: OwnerReference[], metadata: Partial<Pod["metadata"]> = {}): Pod {
  return pod(name, { metadata: { ...metadata, ownerReferences: owners } });
}

describe("planCollect", () => {
  const states: Record<string, OwnerState> = { here: "present", gone: "absent", waits: "deleting dependents" };
  const dependent = (change: Partial<Pod["metadata"]> = {}, blocks = true) => {
    const object = owned("dependent", [owner("x-uid", blocks)], change);
    return { uid: "dependent-uid", resource, object };
  };
  const plan = (object: Pod, ...dependents: ReturnType<typeof dependent>[]) =>
    planCollect({ object, ownerState: ({ uid }) => states[uid] ?? "absent", dependents, uid: "x-uid" });

  it.each<[string, ReturnType<typeof plan>, ReturnType<typeof plan>]>([
    ["no owner", plan(owned("x", [])), { do: "nothing" }],
    ["an owner", plan(owned("x", [owner("here")])), { do: "nothing" }],
    ["owner gone", plan(owned("x", [owner("gone")])), { do: "delete", propagation: "Background" }],
    [
      "one of two gone",
      plan(owned("x", [owner("gone"), owner("here")])),
      { do: "set owners", owners: [owner("here")] },
    ],
    ["owner waits", plan(owned("x", [owner("waits")])), { do: "delete", propagation: "Background" }],
    [
      "owner waits, has dependents itself",
      plan(owned("x", [owner("waits")]), dependent()),
      { do: "delete", propagation: "Foreground" },
    ],
    [
      "waits in a circle",
      plan(owned("x", [owner("waits")]), dependent(deleted(foregroundFinalizer))),
      { do: "set owners", owners: [owner("waits", false)] },
    ],
    [
      "foreground, nothing left",
      plan(owned("x", [], deleted(foregroundFinalizer))),
      { do: "remove finalizer", finalizer: foregroundFinalizer },
    ],
    [
      "foreground, what is left does not block",
      plan(owned("x", [], deleted(foregroundFinalizer)), dependent({}, false)),
      { do: "remove finalizer", finalizer: foregroundFinalizer },
    ],
    [
      "foreground, something left",
      plan(owned("x", [], deleted(foregroundFinalizer)), dependent()),
      { do: "look at", dependents: [dependent()] },
    ],
    [
      "orphaning",
      plan(owned("x", [], deleted(orphanFinalizer)), dependent()),
      { do: "orphan", dependents: [dependent()] },
    ],
    [
      "orphaned",
      plan(owned("x", [], deleted(orphanFinalizer))),
      { do: "remove finalizer", finalizer: orphanFinalizer },
    ],
    ["held by others", plan(owned("x", [], deleted("example.com/mine"))), { do: "nothing" }],
  ])("%s", (_name, actual, expected) => {
    expect(actual).toEqual(expected);
  });
});

describe("OwnershipGraph", () => {
  it("knows an owner by uid, kind and namespace", () => {
    const graph = new OwnershipGraph([resource]);
    const child = owned("child", [owner("parent-uid")]);
    expect(graph.ownerState(child, owner("parent-uid"))).toBe("absent");
    graph.set(resource, pod("parent"));
    expect(graph.ownerState(child, owner("parent-uid"))).toBe("present");
    expect(graph.ownerState(owned("far", [], { namespace: "other" }), owner("parent-uid"))).toBe("absent");
    expect(graph.ownerState(child, { ...owner("x"), apiVersion: "example.com/v1", kind: "Widget" })).toBe("present");
    graph.set(resource, pod("parent", { metadata: deleted(foregroundFinalizer) }));
    expect(graph.ownerState(child, owner("parent-uid"))).toBe("deleting dependents");
    graph.set(resource, child);
    expect(graph.dependents("parent-uid").map(({ uid }) => uid)).toEqual(["child-uid"]);
    graph.set(resource, owned("child", []));
    expect(graph.hasDependents("parent-uid")).toBe(false);
  });
});

describe("the garbage collector", () => {
  const shape = fc.record({
    parents: fc.array(fc.option(fc.nat(100), { nil: undefined }), { minLength: 1, maxLength: 12 }),
    root: fc.nat(100),
    propagation: fc.constantFrom("Orphan", "Background", "Foreground"),
  });

  it("deletes all that hangs on what is deleted, or lets its children live", () => {
    fc.assert(
      fc.property(shape, ({ parents, root, propagation }) => {
        const cluster = new TestCluster();
        const names: string[] = [];
        const parentOf = new Map<string, string>();
        parents.forEach((parent, index) => {
          const name = `c${index}`;
          const above = parent === undefined ? undefined : names[parent % Math.max(1, names.length)];
          const uid =
            above === undefined ? undefined : cluster.store.get("configmaps", "default", above)?.metadata?.uid;
          const reference = {
            apiVersion: "v1",
            kind: "ConfigMap",
            name: above ?? "",
            uid: uid ?? "",
            blockOwnerDeletion: true,
          };
          const ownerReferences = above === undefined ? {} : { ownerReferences: [reference] };
          if (above !== undefined) parentOf.set(name, above);
          const metadata = { name, namespace: "default", ...ownerReferences };
          cluster.store.create("configmaps", { apiVersion: "v1", kind: "ConfigMap", metadata });
          names.push(name);
        });
        cluster.clock.advance(100);
        const victim = names[root % names.length] as string;
        cluster.store.delete("configmaps", "default", victim, { propagation: propagation as "Orphan" });
        cluster.clock.advance(60_000);

        const hangsOn = (name: string): boolean => {
          const above = parentOf.get(name);
          return name === victim || (above !== undefined && hangsOn(above));
        };
        const isDoomed = (name: string) => (propagation === "Orphan" ? name === victim : hangsOn(name));
        const left = cluster.store
          .list("configmaps", "default")
          .map(nameOf)
          .filter((name) => name.startsWith("c"));
        expect(left.sort()).toEqual(names.filter((name) => !isDoomed(name)).sort());
        expect(cluster.errors).toEqual([]);
        cluster.stop();
      }),
      { numRuns: 40 },
    );
  });
});

describe("MemoryStore", () => {
  it("refuses stale writes and keeps deleted objects while a finalizer holds them", () => {
    const store = new MemoryStore(new ManualClock(), seededRandom(1));
    store.create("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "default" } });
    const first = store.create<Pod>("pods", {
      ...pod("p"),
      metadata: { name: "p", namespace: "default", finalizers: ["f"] },
    });
    const second = store.update<Pod>("pods", { ...first, metadata: { ...first.metadata, labels: { a: "b" } } });
    expect(() => store.update("pods", first)).toThrow("Conflict");
    store.delete("pods", "default", "p");
    expect(store.get<Pod>("pods", "default", "p")?.metadata.deletionTimestamp).toBeDefined();
    const now = store.get<Pod>("pods", "default", "p") as Pod;
    store.update("pods", { ...now, metadata: { ...now.metadata, finalizers: [] } });
    expect(store.list("pods")).toEqual([]);
    expect(second.metadata.generation).toBe(1);
  });
});
