import { describe, expect, it } from "vitest";
import { type PodFacts, PodStartupTracker, startupSpans } from "./pod-startup.ts";

function facts(more: Partial<PodFacts> = {}): PodFacts {
  return {
    uid: "u1",
    namespace: "ns",
    name: "p",
    group: "latency",
    nodeName: "",
    allStarted: false,
    running: false,
    createdMs: 1000,
    scheduledMs: undefined,
    startedMs: undefined,
    ...more,
  };
}

describe("PodStartupTracker", () => {
  it("measures each phase on one clock, from when the POST was due", () => {
    const tracker = new PodStartupTracker();
    tracker.expect("ns", "p", 100);
    tracker.observe(facts(), 120);
    tracker.observe(facts({ nodeName: "n1", scheduledMs: 1000 }), 150);
    tracker.started("u1", 700, 460);
    tracker.observe(
      facts({ nodeName: "n1", allStarted: true, running: true, scheduledMs: 1000, startedMs: 2000 }),
      720,
    );
    const [pod] = [...tracker.pods];
    expect(pod && startupSpans(pod)).toEqual({
      create_to_schedule: 50,
      schedule_to_start: 550,
      start_to_observe: 20,
      total: 620,
      api_create_to_schedule: 0,
      api_schedule_to_start: 1_000_000,
      api_total: 1_000_000,
      simulated: 460_000,
    });
  });

  it("takes the fleet's word even when it comes before the watch shows the pod", () => {
    const tracker = new PodStartupTracker();
    tracker.started("u1", 500, 400);
    tracker.observe(facts({ nodeName: "n1" }), 600);
    expect([...tracker.pods][0]).toMatchObject({ startedUs: 500, simulatedMs: 400 });
  });

  it("keeps a pod that never started as one that was seen", () => {
    const tracker = new PodStartupTracker();
    tracker.observe(facts(), 100);
    expect(tracker.groupCounts("latency")).toEqual({ seen: 1, started: 0, present: 1 });
    const [pod] = [...tracker.pods];
    expect(pod && startupSpans(pod).total).toBeUndefined();
  });

  it("forgets no pod that is deleted, but counts it as gone", () => {
    const tracker = new PodStartupTracker();
    tracker.observe(facts({ allStarted: true, nodeName: "n1" }), 100);
    expect(tracker.counts).toEqual({ present: 1, running: 1 });
    tracker.remove("u1");
    tracker.remove("u1");
    expect(tracker.counts).toEqual({ present: 0, running: 0 });
    expect(tracker.groupCounts("latency")).toEqual({ seen: 1, started: 1, present: 0 });
  });
});
