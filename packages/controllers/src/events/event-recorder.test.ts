import { ManualClock, seededRandom, silentLogger } from "@hollowfleet/core";
import { describe, expect, it } from "vitest";
import type { KubeObject } from "../objects/meta.ts";
import { MemoryStore } from "../testing/memory-store.ts";
import { node, pod } from "../testing/objects.ts";
import { createEventRecorder } from "./event-recorder.ts";

interface Event extends KubeObject {
  readonly count: number;
  readonly message: string;
  readonly firstTimestamp: string;
  readonly lastTimestamp: string;
}

function setup(burst = 1000) {
  const clock = new ManualClock();
  const random = seededRandom(1);
  const store = new MemoryStore(clock, random.fork("store"));
  store.create("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "default" } });
  const events = createEventRecorder({ store, clock, random, logger: silentLogger, rate: 10, burst });
  return { clock, store, events, recorder: events.for("test"), all: () => store.list<Event>("events") };
}

describe("createEventRecorder", () => {
  it("writes an event as kubectl describe looks for it", () => {
    const { recorder, all } = setup();
    recorder.warning(pod("p"), "FailedScheduling", "no room");
    expect(all()[0]).toMatchObject({
      metadata: { namespace: "default", name: expect.stringMatching(/^p\.[0-9a-f]{16}$/) },
      involvedObject: { apiVersion: "v1", kind: "Pod", namespace: "default", name: "p", uid: "p-uid" },
      type: "Warning",
      reason: "FailedScheduling",
      message: "no room",
      source: { component: "test" },
      count: 1,
      firstTimestamp: "2026-01-01T00:00:00Z",
    });
    recorder.normal(node("n", 0), "RegisteredNode", "hello");
    expect(all()[1]?.metadata?.namespace).toBe("default");
  });

  it("counts what is said again", () => {
    const { clock, recorder, all } = setup();
    recorder.normal(pod("p"), "Scheduled", "there");
    clock.advance(5000);
    recorder.normal(pod("p"), "Scheduled", "there");
    recorder.normal(pod("p"), "Scheduled", "elsewhere");
    expect(all().map(({ count, message }) => [count, message])).toEqual([
      [2, "there"],
      [1, "elsewhere"],
    ]);
    expect(all()[0]).toMatchObject({
      firstTimestamp: "2026-01-01T00:00:00Z",
      lastTimestamp: "2026-01-01T00:00:05Z",
    });
  });

  it("says no more than 25 things about one object in a row, and no more than its rate in all", () => {
    const { clock, recorder, events, all } = setup(50);
    for (let index = 0; index < 40; index++) recorder.normal(pod("talked-about"), "Reason", `${index}`);
    expect(all()).toHaveLength(25);
    for (let index = 0; index < 40; index++) recorder.normal(pod(`p${index}`), "Reason", "once");
    expect(all()).toHaveLength(50);
    expect(events.stats()).toEqual({ recorded: 50, dropped: 30 });
    clock.advance(300_000);
    recorder.normal(pod("talked-about"), "Reason", "later");
    expect(all()).toHaveLength(51);
  });

  it("never fails, whatever the namespace is like", () => {
    const { store, recorder, events } = setup();
    store.delete("namespaces", "", "default");
    recorder.normal(pod("p"), "Reason", "too late");
    recorder.normal(pod("p", { metadata: { namespace: "nowhere" } }), "Reason", "lost");
    expect(events.stats().recorded).toBe(0);
  });
});
