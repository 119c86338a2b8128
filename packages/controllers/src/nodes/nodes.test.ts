import { ManualClock } from "@hollowfleet/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Lease, Node, Pod, Taint } from "../objects/types.ts";
import { node, pod } from "../testing/objects.ts";
import { noScheduleChanges, type Readiness, withUnknownConditions } from "./conditions.ts";
import { EvictionQueue } from "./eviction-queue.ts";
import { type NodeHealth, planHealth } from "./health.ts";
import { PodCidrs } from "./pod-cidrs.ts";
import { planPodGc } from "./pod-gc-controller.ts";
import { planStay, stayMs } from "./taint-eviction.ts";
import { planDisruption, type ZoneState, zoneOf, zoneState } from "./zones.ts";

const startMs = Date.UTC(2026, 0, 1);
const grace = { monitorMs: 50_000, startupMs: 60_000 };

function lease(renewedMs: number): Lease {
  const metadata = { name: "n" };
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata,
    spec: { renewTime: new Date(renewedMs).toISOString() },
  };
}

function withReady(status: string, heartbeatMs = startMs): Node {
  const at = new Date(heartbeatMs).toISOString();
  const conditions = [{ type: "Ready", status, lastHeartbeatTime: at, lastTransitionTime: at }];
  return { ...node("n", startMs), status: { conditions } };
}

describe("planHealth", () => {
  it("marks a node Unknown when neither lease nor heartbeat moved for the grace period", () => {
    const ready = withReady("True");
    const { health } = planHealth(ready, lease(startMs), undefined, grace, startMs);
    expect(planHealth(ready, lease(startMs), health, grace, startMs + 50_000).node).toBeUndefined();
    const plan = planHealth(ready, lease(startMs), health, grace, startMs + 50_001);
    expect([plan.observed, plan.current]).toEqual(["True", "Unknown"]);
    expect(plan.node?.status?.conditions?.find(({ type }) => type === "Ready")).toMatchObject({
      status: "Unknown",
      reason: "NodeStatusUnknown",
      message: "Kubelet stopped posting node status.",
    });
    expect(plan.node?.status?.conditions?.find(({ type }) => type === "DiskPressure")).toMatchObject({
      status: "Unknown",
      reason: "NodeStatusNeverUpdated",
    });
  });

  it("gives a node that never posted its status the startup grace since its creation", () => {
    const silent = { ...node("n", startMs), status: {} };
    const { health } = planHealth(silent, undefined, undefined, grace, startMs + 30_000);
    expect(planHealth(silent, undefined, health, grace, startMs + 60_000).current).toBeUndefined();
    expect(planHealth(silent, undefined, health, grace, startMs + 60_001).current).toBe("Unknown");
  });

  it("trusts its own clock: only that a sign of life changes counts, either sign is enough", () => {
    const events = fc.array(fc.record({ waitMs: fc.nat(40_000), sign: fc.constantFrom("lease", "status", "none") }));
    fc.assert(
      fc.property(events, fc.integer({ min: -1e9, max: 1e9 }), (list, skewMs) => {
        let nowMs = startMs;
        let seenMs = startMs;
        let signs = 0;
        let posted = withReady("True", startMs + skewMs);
        let renewed = lease(startMs + skewMs);
        let health: NodeHealth = planHealth(posted, renewed, undefined, grace, nowMs).health;
        for (const { waitMs, sign } of list) {
          nowMs += waitMs;
          if (sign === "lease") renewed = lease(startMs + skewMs + ++signs);
          if (sign === "status") posted = withReady("True", startMs + skewMs + ++signs);
          if (sign !== "none") seenMs = nowMs;
          const plan = planHealth(posted, renewed, health, grace, nowMs);
          health = plan.health;
          expect(plan.current).toBe(nowMs > seenMs + grace.monitorMs ? "Unknown" : "True");
        }
      }),
    );
  });
});

describe("noScheduleChanges", () => {
  const taint = (key: string): Taint => ({ key: `node.kubernetes.io/${key}`, effect: "NoSchedule" });

  it("follows conditions and spec.unschedulable, and leaves the taints of others", () => {
    const conditions = [
      { type: "Ready", status: "False" },
      { type: "DiskPressure", status: "True" },
    ];
    const spec = { unschedulable: true, taints: [{ key: "mine", effect: "NoSchedule" }, taint("memory-pressure")] };
    expect(noScheduleChanges({ ...node("n", startMs), spec, status: { conditions } })).toEqual({
      add: [taint("not-ready"), taint("disk-pressure"), taint("unschedulable")],
      remove: [taint("memory-pressure")],
    });
  });

  it("takes the taint of registration away when the node is Ready, and changes nothing after", () => {
    const { add, remove } = noScheduleChanges(node("n", startMs));
    expect([add, remove]).toEqual([[], [taint("not-ready")]]);
    expect(noScheduleChanges({ ...node("n", startMs), spec: {} })).toEqual({ add: [], remove: [] });
    const unknown = withUnknownConditions({ ...node("n", startMs), spec: {} }, startMs);
    expect(noScheduleChanges(unknown).add).toEqual([taint("unreachable")]);
  });
});

describe("zones", () => {
  const ready = (count: number) => new Array<Readiness>(count).fill("True");
  const dead = (count: number) => new Array<Readiness>(count).fill("Unknown");
  const rates = { normal: 0.1, secondary: 0.01, largeClusterNodes: 50 };

  it("are named by region and zone", () => {
    expect(zoneOf(node("n", 0, { "topology.kubernetes.io/zone": "a" }))).toBe(":a");
    expect(zoneOf(node("n", 0))).toBe("");
  });

  it.each<[number, number, ZoneState]>([
    [5, 0, "Normal"],
    [0, 1, "FullDisruption"],
    [1, 2, "Normal"],
    [2, 3, "PartialDisruption"],
    [9, 11, "PartialDisruption"],
    [10, 10, "Normal"],
  ])("with %i ready and %i dead nodes: %s", (alive, lost, state) => {
    expect(zoneState([...ready(alive), ...dead(lost)], 0.55)).toBe(state);
  });

  it("slow down in partial disruption, small ones to a stop", () => {
    const before = new Map<string, ZoneState>([
      ["small", "Normal"],
      ["large", "Normal"],
      ["same", "Normal"],
    ]);
    const zones = new Map([
      ["small", [...ready(2), ...dead(8)]],
      ["large", [...ready(10), ...dead(50)]],
      ["same", ready(3)],
    ]);
    expect([...planDisruption(before, zones, 0.55, rates).rates]).toEqual([
      ["small", 0],
      ["large", 0.01],
    ]);
  });

  it("stop altogether when no zone has a ready node, and give fresh grace after", () => {
    const full = new Map<string, ZoneState>([
      ["a", "Normal"],
      ["b", "FullDisruption"],
    ]);
    const entered = planDisruption(
      full,
      new Map([
        ["a", dead(2)],
        ["b", dead(2)],
      ]),
      0.55,
      rates,
    );
    expect([entered.masterDisruption, [...entered.rates]]).toEqual([
      "enter",
      [
        ["a", 0],
        ["b", 0],
      ],
    ]);
    const stays = planDisruption(
      entered.states,
      new Map([
        ["a", dead(2)],
        ["b", dead(2)],
      ]),
      0.55,
      rates,
    );
    expect([stays.masterDisruption, stays.rates.size]).toEqual([undefined, 0]);
    const left = planDisruption(
      stays.states,
      new Map([
        ["a", ready(2)],
        ["b", dead(2)],
      ]),
      0.55,
      rates,
    );
    expect([left.masterDisruption, [...left.rates]]).toEqual([
      "leave",
      [
        ["a", 0.1],
        ["b", 0.1],
      ],
    ]);
  });
});

describe("EvictionQueue", () => {
  it("gives one node at once, then at its rate, and none at rate 0", () => {
    const clock = new ManualClock();
    const queue = new EvictionQueue(0.1, clock);
    for (const name of ["a", "b", "c", "d"]) queue.add(name);
    queue.remove("c");
    expect(queue.take()).toEqual(["a"]);
    clock.advance(9999);
    expect(queue.take()).toEqual([]);
    clock.advance(1);
    queue.setRate(0.1);
    expect(queue.take()).toEqual(["b"]);
    queue.setRate(0);
    clock.advance(100_000);
    expect([queue.take(), queue.size]).toEqual([[], 1]);
  });
});

describe("taint eviction", () => {
  const taints: Taint[] = [
    { key: "a", effect: "NoExecute" },
    { key: "b", effect: "NoExecute" },
  ];
  const tolerate = (key: string, tolerationSeconds?: number) => ({
    key,
    operator: "Exists",
    effect: "NoExecute",
    ...(tolerationSeconds !== undefined && { tolerationSeconds }),
  });

  it.each([
    ["nothing tolerated", [], 0],
    ["one not tolerated", [tolerate("a", 300)], 0],
    ["the shortest counts", [tolerate("a", 300), tolerate("b", 30)], 30_000],
    ["one for ever", [tolerate("a"), tolerate("b", 30)], 30_000],
    ["both for ever", [tolerate("a"), tolerate("b")], undefined],
    ["negative is at once", [tolerate("a", -1), tolerate("b")], 0],
  ])("%s", (_name, tolerations, expected) => {
    expect(stayMs(tolerations, taints)).toBe(expected);
  });

  it("counts from the first sight of the taint and ends with it", () => {
    const tolerations = [tolerate("a", 300), tolerate("b", 30)];
    const first = planStay(tolerations, [taints[0] as Taint], undefined, 1000);
    expect(first).toEqual({ sinceMs: 1000, untilMs: 301_000 });
    expect(planStay(tolerations, taints, first, 5000)).toEqual({ sinceMs: 1000, untilMs: 31_000 });
    expect(planStay(tolerations, [], first, 5000)).toBeUndefined();
  });
});

describe("planPodGc", () => {
  const on = (name: string, nodeName: string | undefined, deleted = false): Pod =>
    pod(name, {
      spec: nodeName === undefined ? {} : { nodeName },
      metadata: deleted ? { deletionTimestamp: "2026-01-01T00:00:00Z" } : {},
    });

  it("finds pods of nodes that are gone long enough, and those that never had one", () => {
    const goneSinceMs = new Map<string, number>();
    const pods = [on("lost", "x"), on("fine", "n"), on("waiting", undefined), on("unwanted", undefined, true)];
    const names = (nowMs: number) =>
      planPodGc(pods, (name) => (name === "n" ? node("n", 0) : undefined), goneSinceMs, 40_000, nowMs).map(
        ({ pod: { metadata }, because }) => `${metadata?.name}: ${because}`,
      );
    expect(names(0)).toEqual(["unwanted: never scheduled"]);
    expect(names(40_000)).toEqual(["lost: node gone", "unwanted: never scheduled"]);
  });

  it("starts counting anew when the node was back", () => {
    const goneSinceMs = new Map([["x", 0]]);
    planPodGc([on("p", "x")], () => node("x", 0), goneSinceMs, 40_000, 10_000);
    expect(planPodGc([on("p", "x")], () => undefined, goneSinceMs, 40_000, 45_000)).toEqual([]);
  });

  it("ends terminating pods of nodes out of service", () => {
    const lost = {
      ...withReady("Unknown"),
      spec: { taints: [{ key: "node.kubernetes.io/out-of-service", effect: "NoExecute" }] },
    };
    const found = planPodGc([on("p", "n", true), on("q", "n")], () => lost, new Map(), 40_000, 0);
    expect(found.map(({ pod: { metadata }, because }) => [metadata?.name, because])).toEqual([["p", "out of service"]]);
  });
});

describe("PodCidrs", () => {
  it("gives ranges in turn, and again only when all were given", () => {
    const cidrs = new PodCidrs("10.1.2.3/22", 24);
    cidrs.occupy("10.1.1.0/24");
    cidrs.occupy("192.168.0.0/24");
    expect([cidrs.allocate(), cidrs.allocate(), cidrs.allocate(), cidrs.allocate()]).toEqual([
      "10.1.0.0/24",
      "10.1.2.0/24",
      "10.1.3.0/24",
      undefined,
    ]);
    cidrs.release("10.1.1.0/24");
    expect(cidrs.allocate()).toBe("10.1.1.0/24");
  });

  it.each(["10.0.0.0/25", "10.0.0.300/8", "fd00::/8", ""])("refuses %s", (cidr) => {
    expect(() => new PodCidrs(cidr, 24)).toThrow(RangeError);
  });

  it("never gives a range twice", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat(20))), (moves) => {
        const cidrs = new PodCidrs("250.0.0.0/20", 24);
        const held: string[] = [];
        for (const move of moves) {
          if (move === null) {
            const cidr = cidrs.allocate();
            if (cidr !== undefined) held.push(cidr);
            else expect(held).toHaveLength(16);
          } else if (held[move] !== undefined) cidrs.release(held.splice(move, 1)[0] as string);
          expect(new Set(held).size).toBe(held.length);
          expect(cidrs.free).toBe(16 - held.length);
        }
      }),
    );
  });
});
