import { describe, expect, it } from "vitest";
import type { KubeObject } from "../object.ts";
import type { DeleteOptions } from "./api.ts";
import { configMapOf, infoOf, makeApi, podOf, refusal, type TestApi, watchOf } from "./testing/test-api.ts";

function del(test: TestApi, key: string, path: string, options: DeleteOptions = {}) {
  return test.api.delete(infoOf("delete", key, path), options);
}

describe("delete", () => {
  it("answers with a Status that names the object", () => {
    const test = makeApi();
    test.create("configmaps", configMapOf("a"));
    expect(del(test, "configmaps", "default/a")).toEqual({
      httpCode: 200,
      object: {
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Success",
        details: { name: "a", kind: "configmaps", uid: "uid-1" },
      },
      warnings: [],
    });
    expect(refusal(() => del(test, "configmaps", "default/a")).message).toBe('configmaps "a" not found');
  });

  it("heeds preconditions", () => {
    const test = makeApi();
    test.create("configmaps", configMapOf("a"));
    const byUid = refusal(() => del(test, "configmaps", "default/a", { preconditions: { uid: "other" } }));
    expect(byUid.message).toBe(
      'Operation cannot be fulfilled on ConfigMap "a": the UID in the precondition (other) does not match the UID in record (uid-1). The object might have been deleted and then recreated',
    );
    expect(refusal(() => del(test, "configmaps", "default/a", { preconditions: { resourceVersion: "1" } })).code).toBe(
      "Conflict",
    );
    expect(
      del(test, "configmaps", "default/a", { preconditions: { uid: "uid-1", resourceVersion: "2" } }).httpCode,
    ).toBe(200);
  });

  it("removes nothing in a dry run", () => {
    const test = makeApi();
    test.create("configmaps", configMapOf("a"));
    expect(del(test, "configmaps", "default/a", { dryRun: true }).httpCode).toBe(200);
    expect(test.store.revision).toBe(2);
  });

  it("refuses two ways of saying what becomes of dependents", () => {
    const test = makeApi();
    test.create("configmaps", configMapOf("a"));
    const options = { orphanDependents: true, propagationPolicy: "Orphan" } as const;
    expect(refusal(() => del(test, "configmaps", "default/a", options)).message).toBe(
      'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set',
    );
  });
});

describe("grace", () => {
  const onNode = { nodeName: "n", terminationGracePeriodSeconds: 30 };

  it("marks a pod on a node with the end of its grace and answers with it", () => {
    const test = makeApi();
    test.create("pods", podOf("p", onNode));
    const { object, httpCode } = del(test, "pods", "default/p");
    expect(httpCode).toBe(200);
    expect(object.metadata).toMatchObject({
      deletionTimestamp: "2026-01-01T00:00:30Z",
      deletionGracePeriodSeconds: 30,
      generation: 2,
      resourceVersion: "3",
    });
    expect(test.store.count(infoOf("get", "pods").resource)).toBe(1);
  });

  it("can be shortened, not lengthened, and ends with a deletion of 0 seconds", () => {
    const test = makeApi();
    test.create("pods", podOf("p", onNode));
    del(test, "pods", "default/p");
    const same = del(test, "pods", "default/p", { gracePeriodSeconds: 60 }).object as KubeObject;
    expect(same.metadata.resourceVersion).toBe("3");
    const shorter = del(test, "pods", "default/p", { gracePeriodSeconds: 10 }).object as KubeObject;
    expect(shorter.metadata).toMatchObject({
      deletionTimestamp: "2026-01-01T00:00:10Z",
      deletionGracePeriodSeconds: 10,
    });
    const watch = watchOf(test, "pods", "default", { resourceVersion: "4" });
    del(test, "pods", "default/p", { gracePeriodSeconds: 0, preconditions: { uid: "uid-1" } });
    // Two steps, as on the real server: first the grace is over, then the pod is gone.
    expect(watch.texts()).toEqual(["MODIFIED p@5", "DELETED p@6"]);
    expect((watch.events[1]!.object as KubeObject).metadata.deletionGracePeriodSeconds).toBe(0);
  });

  it("leaves one second to whoever watches when it has passed already", () => {
    const test = makeApi();
    test.create("pods", podOf("p", onNode));
    del(test, "pods", "default/p");
    test.clock.advance(60_000);
    const { metadata } = del(test, "pods", "default/p", { gracePeriodSeconds: 5 }).object as KubeObject;
    expect(metadata).toMatchObject({ deletionTimestamp: "2026-01-01T00:01:00Z", deletionGracePeriodSeconds: 1 });
  });

  it("is not given to a pod without a node", () => {
    const test = makeApi();
    test.create("pods", podOf("p"));
    const { object } = del(test, "pods", "default/p");
    expect(object).toMatchObject({ kind: "Pod", metadata: { name: "p" } });
    expect(test.store.count(infoOf("get", "pods").resource)).toBe(0);
  });

  it("over, a pod waits for its finalizers", () => {
    const test = makeApi();
    test.create("pods", podOf("p", {}, { finalizers: ["example.com/wait"] }));
    const { metadata } = del(test, "pods", "default/p").object as KubeObject;
    expect(metadata).toMatchObject({ deletionGracePeriodSeconds: 0, finalizers: ["example.com/wait"] });
    const again = del(test, "pods", "default/p").object as KubeObject;
    expect(again.metadata.resourceVersion).toBe(metadata.resourceVersion);
  });
});

describe("dependents", () => {
  const cases: readonly (readonly [string, string, DeleteOptions, readonly string[] | undefined])[] = [
    ["background", "configmaps", { propagationPolicy: "Background" }, undefined],
    ["orphan", "configmaps", { propagationPolicy: "Orphan" }, ["orphan"]],
    ["foreground", "configmaps", { propagationPolicy: "Foreground" }, ["foregroundDeletion"]],
    ["the older way", "configmaps", { orphanDependents: true }, ["orphan"]],
    ["what the kind does by default", "jobs.batch", {}, ["orphan"]],
    ["a choice against the default", "jobs.batch", { propagationPolicy: "Background" }, undefined],
  ];
  it.each(cases)("%s", (_, key, options, finalizers) => {
    const test = makeApi();
    const resource = infoOf("get", key).resource;
    const apiVersion = key === "configmaps" ? "v1" : "batch/v1";
    test.create(key, { apiVersion, kind: resource.kind, metadata: { name: "a", namespace: "default" } });
    const { object } = del(test, key, "default/a", options);
    const left = test.store.get(resource, "default", "a");
    expect(left?.metadata.finalizers).toEqual(finalizers);
    if (left !== undefined) expect(object).toBe(left);
  });

  it("of Jobs are left behind with a warning to those who did not choose", () => {
    const test = makeApi();
    const job = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "a", namespace: "default" } };
    test.create("jobs.batch", job);
    expect(del(test, "jobs.batch", "default/a", { dryRun: true }).warnings).toHaveLength(1);
    expect(del(test, "jobs.batch", "default/a", { propagationPolicy: "Orphan" }).warnings).toEqual([]);
  });

  it("answers 202 to those who asked for the cascade in the older way and have to wait", () => {
    const test = makeApi();
    test.create("configmaps", configMapOf("a", { finalizers: ["example.com/wait"] }));
    expect(del(test, "configmaps", "default/a", { orphanDependents: false }).httpCode).toBe(202);
  });
});

describe("namespaces", () => {
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "ns" } };

  it("become Terminating, and go when they are finalized", () => {
    const test = makeApi();
    test.create("namespaces", namespace);
    const { object } = del(test, "namespaces", "ns");
    expect(object).toMatchObject({
      metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" },
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Terminating" },
    });
    expect(object.metadata).not.toHaveProperty("deletionGracePeriodSeconds");
    const revision = test.store.revision;
    expect(del(test, "namespaces", "ns").object).toBe(object);
    expect(test.store.revision).toBe(revision);
    const emptied = { ...structuredClone(object as KubeObject), spec: {} };
    test.api.update(infoOf("update", "namespaces", "ns", "finalize"), emptied, {});
    expect(test.store.count(infoOf("get", "namespaces").resource)).toBe(0);
  });

  it("have preconditions with words of their own", () => {
    const test = makeApi();
    test.create("namespaces", namespace);
    expect(refusal(() => del(test, "namespaces", "ns", { preconditions: { uid: "other" } })).message).toBe(
      'Operation cannot be fulfilled on namespaces "ns": Precondition failed: UID in precondition: other, UID in object meta: uid-1',
    );
  });
});

describe("delete of a collection", () => {
  it("removes what the selectors name and answers with the list of it", () => {
    const test = makeApi();
    for (const name of ["a", "b", "c"]) {
      test.create("configmaps", configMapOf(name, { labels: { keep: name === "b" ? "yes" : "no" } }));
    }
    const info = infoOf("deletecollection", "configmaps", "default/");
    const list = test.api.deleteCollection(info, { labelSelector: "keep!=yes" }, {});
    expect(list.items.map(({ metadata }) => metadata.name)).toEqual(["a", "c"]);
    expect(test.store.list(info.resource, "").map(({ metadata }) => metadata.name)).toEqual(["b"]);
  });
});
