import { seededRandom } from "@hollowfleet/core";
import type { Event } from "@hollowfleet/wire";
import { describe, expect, it } from "vitest";
import { fakeNode } from "../testing/fake-node.ts";
import { createEventRecorder, type SendingEventRecorder } from "./event-recorder.ts";
import type { EventTarget } from "./event-target.ts";

const startMs = Date.UTC(2026, 10, 22, 13, 0, 0);
const pod: EventTarget = {
  kind: "Pod",
  apiVersion: "v1",
  namespace: "ns",
  name: "p",
  uid: "u1",
  resourceVersion: "7",
  fieldPath: "spec.containers{c}",
};
const node: EventTarget = { kind: "Node", apiVersion: "v1", name: "n1" };

function made(): ReturnType<typeof fakeNode> & { readonly events: SendingEventRecorder } {
  const fake = fakeNode("kubemark", startMs);
  const { api, clock } = fake;
  const events = createEventRecorder({ api, node: "n1", clock, random: seededRandom(1), component: "kubelet" });
  return { ...fake, events };
}

describe("the event recorder", () => {
  it("creates an event as a kubelet's recorder does (kubelet-wire §4.1)", async () => {
    const { clock, server, events } = made();
    events.record(pod, "Normal", "Started", "Container started");
    await clock.settle(0);
    expect(server.seen.map(({ line }) => line)).toEqual(["POST events"]);
    expect(server.seen[0]?.path).toBe("/api/v1/namespaces/ns/events");
    const [path] = [...paths(server)];
    expect(path).toMatch(/^\/api\/v1\/namespaces\/ns\/events\/p\.[0-9a-f]{16}$/);
    const { metadata: _, ...event } = server.object<Event>(path ?? "") ?? {};
    expect(event).toEqual({
      involvedObject: pod,
      reason: "Started",
      message: "Container started",
      source: { component: "kubelet", host: "n1" },
      firstTimestamp: { seconds: startMs / 1000 },
      lastTimestamp: { seconds: startMs / 1000 },
      count: 1,
      type: "Normal",
      reportingComponent: "kubelet",
      reportingInstance: "n1",
    });
  });

  it("counts a repeat up, in the namespace default for a node", async () => {
    const { clock, server, events } = made();
    events.record(node, "Normal", "NodeHasSufficientPID", "m");
    await clock.settle(2000);
    events.record(node, "Normal", "NodeHasSufficientPID", "m");
    await clock.settle(0);
    expect(server.seen.map(({ line }) => line)).toEqual(["POST events", "PATCH events"]);
    expect(server.seen[1]?.path).toContain("/namespaces/default/events/n1.");
    expect(Buffer.from(server.seen[1]?.body ?? []).toString()).toBe(
      '{"count":2,"lastTimestamp":"2026-11-22T13:00:02Z","message":"m"}',
    );
  });

  it("makes an event anew whose count it cannot raise because it expired", async () => {
    const { clock, server, events } = made();
    events.record(pod, "Normal", "Pulled", "m");
    await clock.settle(0);
    for (const path of paths(server)) server.remove(path);
    events.record(pod, "Normal", "Pulled", "m");
    await clock.settle(0);
    expect(server.seen.map(({ line }) => line)).toEqual(["POST events", "PATCH events 404", "POST events"]);
    expect([...paths(server)].map((path) => server.object<Event>(path)?.count)).toEqual([2]);
  });

  it("sends one at a time and in order, and drops what the queue cannot hold", async () => {
    const { clock, server, events } = made();
    server.fault = () => "lost";
    for (let i = 0; i < 1100; i++) events.record({ ...pod, name: `p${i}` }, "Normal", "Pulled", "m");
    await clock.settle(0);
    expect(server.seen).toHaveLength(1);
    // One is under way, a thousand wait.
    expect(events.dropped).toBe(99);
    server.fault = () => undefined;
    await clock.settle(10_000);
    expect(events.queued).toBe(0);
    expect(server.seen).toHaveLength(1002);
    expect(events.dropped).toBe(99);
  });

  it("gives an event up after twelve lost connections 10 s apart, but at once when it is refused", async () => {
    const { clock, server, events } = made();
    server.fault = () => "lost";
    events.record(pod, "Normal", "Pulled", "m");
    await clock.settle(200_000);
    expect(server.seen).toHaveLength(12);
    expect(events.dropped).toBe(1);
    server.fault = () => 403;
    events.record(pod, "Normal", "Other", "m");
    await clock.settle(200_000);
    expect(server.seen).toHaveLength(13);
    expect(events.dropped).toBe(2);
  });

  it("is silent once stopped", async () => {
    const { clock, server, events } = made();
    server.fault = () => "lost";
    events.record(pod, "Normal", "Pulled", "m");
    await clock.settle(0);
    events.stop();
    events.record(pod, "Normal", "Created", "m");
    await clock.settle(60_000);
    expect(server.seen).toHaveLength(1);
    expect(clock.pendingTimers).toBe(0);
  });
});

function paths(server: ReturnType<typeof made>["server"]): Iterable<string> {
  return server.paths("/api/v1/namespaces");
}
