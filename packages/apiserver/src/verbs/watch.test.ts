import { describe, expect, it } from "vitest";
import type { KubeObject } from "../object.ts";
import { findResource } from "../resources/all-resources.ts";
import type { ListOptions, WatchEvent } from "./api.ts";
import { bytesOf, configMapOf, infoOf, makeApi, podOf, refusal, type TestApi, watchOf } from "./testing/test-api.ts";

function label(test: TestApi, key: string, name: string, labels: Record<string, string | null>): void {
  test.api.patch(infoOf("patch", key, `default/${name}`), "merge", bytesOf({ metadata: { labels } }), {});
}

describe("the beginning of a watch", () => {
  it("from nothing and from 0 is the present state", () => {
    const test = makeApi();
    test.create("configmaps", configMapOf("a"));
    for (const resourceVersion of ["", "0"]) {
      const watch = watchOf(test, "configmaps", "default", { resourceVersion });
      expect(watch.texts()).toEqual(["ADDED a@2"]);
    }
  });

  it("from a revision is what has happened since", () => {
    const test = makeApi();
    test.create("configmaps", configMapOf("a"));
    test.create("configmaps", configMapOf("b"));
    const watch = watchOf(test, "configmaps", "default", { resourceVersion: "2" });
    test.create("configmaps", configMapOf("c"));
    expect(watch.texts()).toEqual(["ADDED b@3", "ADDED c@4"]);
  });

  it("tells the end of the initial events to those who take bookmarks", () => {
    const test = makeApi();
    test.create("configmaps", configMapOf("a"));
    const options = { sendInitialEvents: true, resourceVersionMatch: "NotOlderThan", allowWatchBookmarks: true };
    const watch = watchOf(test, "configmaps", "default", options);
    expect(watch.texts()).toEqual(["ADDED a@2", "BOOKMARK @2"]);
    expect(watch.events[1]?.object).toEqual({
      kind: "ConfigMap",
      apiVersion: "v1",
      metadata: { resourceVersion: "2", annotations: { "k8s.io/initial-events-end": "true" } },
    });
    // The older way to ask for the same.
    expect(watchOf(test, "configmaps", "default", { allowWatchBookmarks: true }).texts()).toEqual(watch.texts());
  });

  it("without initial events is now", () => {
    const test = makeApi();
    test.create("configmaps", configMapOf("a"));
    const options = { sendInitialEvents: false, resourceVersionMatch: "NotOlderThan", resourceVersion: "0" };
    expect(watchOf(test, "configmaps", "default", options).texts()).toEqual([]);
  });

  it("at a revision that is gone is an ERROR event, and the end", () => {
    const test = makeApi({ historyEvents: 1 });
    for (const name of ["a", "b", "c"]) test.create("configmaps", configMapOf(name));
    const watch = watchOf(test, "configmaps", "default", { resourceVersion: "1" });
    expect(watch.events).toEqual([
      {
        type: "ERROR",
        object: {
          kind: "Status",
          apiVersion: "v1",
          metadata: {},
          status: "Failure",
          message: "too old resource version: 1 (3)",
          reason: "Expired",
          code: 410,
        },
      },
    ]);
    expect(watch.ended).toBe(true);
    expect(test.clock.pendingTimers).toBe(0);
  });

  it("at a revision to come waits for it, unless the state of then is asked for", () => {
    const test = makeApi();
    const watch = watchOf(test, "configmaps", "default", { resourceVersion: "3" });
    for (const name of ["a", "b", "c"]) test.create("configmaps", configMapOf(name));
    expect(watch.texts()).toEqual(["ADDED c@4"]);
    const options = { resourceVersion: "99", sendInitialEvents: true, resourceVersionMatch: "NotOlderThan" };
    expect(watchOf(test, "configmaps", "default", options).events[0]).toMatchObject({
      type: "ERROR",
      object: { code: 504 },
    });
  });

  const wrong: readonly (readonly [ListOptions, string])[] = [
    [{ sendInitialEvents: true }, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"],
    [{ resourceVersionMatch: "NotOlderThan" }, "forbidden for watch unless sendInitialEvents is provided"],
    [{ resourceVersionMatch: "Exact", sendInitialEvents: true }, 'supported values: "NotOlderThan"'],
  ];
  it.each(wrong)("is refused for %j", (options, text) => {
    const error = refusal(() => watchOf(makeApi(), "configmaps", "default", options));
    expect(error.httpCode).toBe(422);
    expect(error.message).toContain(text);
  });
});

describe("a watch of a selection", () => {
  it("sees objects come in and go out of it", () => {
    const test = makeApi();
    test.create("configmaps", configMapOf("a", { labels: { on: "no" } }));
    const watch = watchOf(test, "configmaps", "default", { labelSelector: "on=yes", resourceVersion: "2" });
    label(test, "configmaps", "a", { on: "yes" });
    label(test, "configmaps", "a", { more: "x" });
    label(test, "configmaps", "a", { on: "no" });
    label(test, "configmaps", "a", { more: "y" });
    expect(watch.texts()).toEqual(["ADDED a@3", "MODIFIED a@4", "DELETED a@5"]);
    // What it was when it was last in the selection, with the revision of its leaving.
    expect((watch.events[2]!.object as KubeObject).metadata.labels).toEqual({ on: "yes", more: "x" });
  });

  it("shares the objects of an event among all that see it", () => {
    const test = makeApi();
    test.create("configmaps", configMapOf("a", { labels: { on: "yes" } }));
    const watches = [1, 2].map(() =>
      watchOf(test, "configmaps", "default", { labelSelector: "on=yes", resourceVersion: "2" }),
    );
    label(test, "configmaps", "a", { on: null });
    label(test, "configmaps", "a", { on: "yes" });
    const [first, second] = watches.map(({ events }) => events.map(({ object }) => object));
    expect(first).toHaveLength(2);
    for (const [i, object] of first!.entries()) expect(second?.[i]).toBe(object);
  });

  it("finds the watches of a name, a node and a namespace", () => {
    const test = makeApi();
    const watches = {
      node: watchOf(test, "pods", "", { fieldSelector: "spec.nodeName=n" }),
      unbound: watchOf(test, "pods", "", { fieldSelector: "spec.nodeName=" }),
      named: watchOf(test, "pods", "default", { fieldSelector: "metadata.name=p" }),
      anywhere: watchOf(test, "pods", "", { fieldSelector: "metadata.name=p" }),
      other: watchOf(test, "pods", "other", {}),
      both: watchOf(test, "pods", "", { fieldSelector: "spec.nodeName=n,metadata.namespace=default" }),
    };
    test.create("pods", podOf("p"));
    test.create("pods", podOf("q", { nodeName: "n" }));
    test.create("pods", podOf("p", {}, { namespace: "other" }));
    const target = { apiVersion: "v1", kind: "Node", name: "n" };
    const binding = { apiVersion: "v1", kind: "Binding", metadata: { name: "p" }, target } as KubeObject;
    test.api.create(infoOf("create", "pods", "default/p", "binding"), binding, {});
    const texts = Object.fromEntries(Object.entries(watches).map(([name, watch]) => [name, watch.texts()]));
    expect(texts).toEqual({
      node: ["ADDED q@3", "ADDED p@5"],
      unbound: ["ADDED p@2", "ADDED p@4", "DELETED p@5"],
      named: ["ADDED p@2", "MODIFIED p@5"],
      anywhere: ["ADDED p@2", "ADDED p@4", "MODIFIED p@5"],
      other: ["ADDED p@4"],
      both: ["ADDED q@3", "ADDED p@5"],
    });
  });
});

describe("the length of a watch", () => {
  it("is what the client says, with bookmarks every minute and shortly before the end", () => {
    const test = makeApi();
    test.create("pods", podOf("p"));
    const watch = watchOf(test, "configmaps", "default", {
      resourceVersion: "2",
      timeoutSeconds: 130,
      allowWatchBookmarks: true,
    });
    test.clock.advance(60_000);
    expect(watch.texts()).toEqual(["BOOKMARK @2"]);
    test.create("configmaps", configMapOf("a"));
    test.clock.advance(68_000);
    expect(watch.texts()).toEqual(["BOOKMARK @2", "ADDED a@3", "BOOKMARK @3", "BOOKMARK @3"]);
    test.clock.advance(1_999);
    expect(watch.ended).toBe(false);
    test.clock.advance(1);
    expect(watch.ended).toBe(true);
    test.create("configmaps", configMapOf("b"));
    expect(watch.events).toHaveLength(4);
  });

  it("is half an hour to an hour if the client says nothing", () => {
    const test = makeApi();
    const watches = Array.from({ length: 20 }, () => watchOf(test, "configmaps", "default", {}));
    test.clock.advance(1_799_000);
    expect(watches.some(({ ended }) => ended)).toBe(false);
    test.clock.advance(900_000);
    const ended = watches.filter((watch) => watch.ended).length;
    expect(ended).toBeGreaterThan(0);
    expect(ended).toBeLessThan(20);
    test.clock.advance(901_000);
    expect(watches.every((watch) => watch.ended)).toBe(true);
  });

  it("ends for a client that is too slow, but not because of the initial events", () => {
    const test = makeApi();
    for (const name of ["a", "b", "c"]) test.create("configmaps", configMapOf(name));
    const watch = watchOf(test, "configmaps", "default", {}, 2);
    expect(watch.events).toHaveLength(3);
    expect(watch.ended).toBe(false);
    test.create("configmaps", configMapOf("d"));
    expect(watch.ended).toBe(true);
    test.create("configmaps", configMapOf("e"));
    expect(watch.events).toHaveLength(4);
    expect(test.clock.pendingTimers).toBe(0);
  });

  it("ends silently when the client goes", () => {
    const test = makeApi();
    const watch = watchOf(test, "configmaps", "default", {});
    watch.handle.stop();
    test.create("configmaps", configMapOf("a"));
    expect([watch.events.length, watch.ended, test.clock.pendingTimers]).toEqual([0, false, 0]);
  });
});

describe("Events", () => {
  const resource = findResource("events.k8s.io", "v1", "events")!;
  const event = {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: "e", namespace: "default" },
    involvedObject: { kind: "Pod", name: "p", namespace: "default" },
    message: "hello",
    count: 2,
    reportingComponent: "kubelet",
  };

  it("are one resource with two forms", () => {
    const test = makeApi();
    test.create("events", event);
    const info = { ...infoOf("get", "events", "default/e"), resource };
    const other = test.api.get(info, {});
    expect(other).toMatchObject({
      apiVersion: "events.k8s.io/v1",
      regarding: { name: "p" },
      note: "hello",
      deprecatedCount: 2,
      reportingController: "kubelet",
    });
    expect(other).not.toHaveProperty("message");
    expect(test.api.get(info, {})).toBe(other);
    const listed = test.api.list({ ...info, verb: "list", name: "" }, { fieldSelector: "regarding.name=p" });
    expect(listed.items[0]).toBe(other);
    const events: WatchEvent[] = [];
    const sink = { event: (each: WatchEvent) => events.push(each) > 0, end: () => {} };
    test.api.watch({ ...info, verb: "watch", name: "" }, {}, sink);
    expect(events[0]?.object).toBe(other);
    const patched = test.api.patch({ ...info, verb: "patch" }, "merge", bytesOf({ note: "bye" }), {}).object;
    expect(patched).toMatchObject({ note: "bye" });
    expect(test.api.get(infoOf("get", "events", "default/e"), {})).toMatchObject({ message: "bye" });
    const body = { ...structuredClone(other), metadata: { name: "f", namespace: "default" } };
    test.api.create({ ...info, verb: "create", name: "" }, body, {});
    expect(test.api.get(infoOf("get", "events", "default/f"), {})).toMatchObject({
      apiVersion: "v1",
      message: "hello",
    });
  });

  it("go an hour after they were last written", () => {
    const test = makeApi();
    test.create("events", event);
    test.create("events", { ...event, metadata: { name: "f", namespace: "default" } });
    const watch = watchOf(test, "events", "default", { resourceVersion: "3", timeoutSeconds: 7200 });
    test.clock.advance(1_800_000);
    test.api.patch(infoOf("patch", "events", "default/e"), "merge", bytesOf({ message: "again" }), {});
    test.clock.advance(1_799_999);
    expect(test.store.count(infoOf("get", "events").resource)).toBe(2);
    test.clock.advance(1);
    expect(watch.texts()).toEqual(["MODIFIED e@4", "DELETED f@5"]);
    test.clock.advance(1_800_000);
    expect(test.store.count(infoOf("get", "events").resource)).toBe(0);
  });
});
