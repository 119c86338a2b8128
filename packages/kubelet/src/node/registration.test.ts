import { resources } from "@hollowfleet/client";
import type { CSINode, Event, Node } from "@hollowfleet/wire";
import { describe, expect, it } from "vitest";
import type { ProfileName } from "../profile.ts";
import { type FakeNode, fakeNode, fakeSpec } from "../testing/fake-node.ts";
import { dateConditions, readyConditions } from "./conditions.ts";
import { machineIds, nodeObject } from "./node-object.ts";
import { NodeStatus } from "./node-status.ts";
import { register } from "./registration.ts";

const startMs = Date.UTC(2026, 10, 22, 13, 0, 0);

interface Registering extends FakeNode {
  readonly abort: AbortController;
  readonly status: NodeStatus;
  readonly told: string[];
}

function registering(profile: ProfileName, prepare?: (node: FakeNode) => void): Registering {
  const node = fakeNode(profile, startMs);
  prepare?.(node);
  const told: string[] = [];
  const listener = { onReady: () => void told.push("ready"), onPodCidr: () => undefined };
  const status = new NodeStatus(node.context, listener);
  const abort = new AbortController();
  void register(node.context, status, abort.signal, () => told.push("registered"));
  return { ...node, abort, status, told };
}

/** The Node and CSINode of an earlier life. */
async function existing(node: FakeNode): Promise<void> {
  const { api, context } = node;
  const conditions = dateConditions(readyConditions, [], startMs / 1000 - 60);
  const old = nodeObject(context.spec, context.profile, machineIds(context.random), conditions);
  await api.create(resources.nodes, old);
  await api.create(resources.csinodes, { metadata: { name: "n1" } });
  node.server.seen.length = 0;
}

/** Kubelet-audit §1.1 and §1.3 without watches and lease. */
const coldCounts = {
  "GET csinodes 404": 2,
  "GET nodes 404": 3,
  "GET nodes": 1,
  "POST csinodes": 1,
  "POST nodes": 1,
  "PATCH nodes/status": 2,
};
const coldEventCounts = { "POST events": 7, "PATCH events": 6, "DELETE resourceslices": 1 };

describe("a cold start", () => {
  it("sends what a real kubelet sends, in its order", async () => {
    const { clock, server, told, observer } = registering("kubelet");
    await clock.settle(2000);
    const lines = server.seen.map(({ line }) => line);
    expect(server.takeCounts()).toEqual({ ...coldCounts, ...coldEventCounts });
    const node = lines.filter((line) => !line.includes("events"));
    expect(node).toEqual([
      "GET csinodes 404",
      "GET nodes 404",
      "GET nodes 404",
      "DELETE resourceslices",
      "GET nodes 404",
      "POST nodes",
      "PATCH nodes/status",
      "GET nodes",
      "GET csinodes 404",
      "POST csinodes",
      "PATCH nodes/status",
    ]);
    expect(told).toEqual(["registered", "ready"]);
    expect(observer.errors).toEqual([]);
  });

  it("tells the events of a start, three of them three times", async () => {
    const { clock, server } = registering("kubelet");
    await clock.settle(2000);
    const events = server.paths("/api/v1/namespaces").map((path) => server.object<Event>(path));
    expect(events.map((event) => `${event?.reason} ${event?.count}`)).toEqual([
      "InvalidDiskCapacity 1",
      "NodeHasSufficientMemory 3",
      "NodeHasNoDiskPressure 3",
      "NodeHasSufficientPID 3",
      "NodeAllocatableEnforced 1",
      "Starting 1",
      "NodeReady 1",
    ]);
  });

  it("sends less as kubemark", async () => {
    const { clock, server } = registering("kubemark");
    await clock.settle(2000);
    expect(server.takeCounts()).toEqual(coldCounts);
  });

  it("is one POST and one empty patch where only status counts", async () => {
    const { clock, server, told } = registering("status-only");
    await clock.settle(2000);
    expect(server.takeCounts()).toEqual({ "POST nodes": 1, "PATCH nodes/status": 1 });
    expect(told).toEqual(["registered", "ready"]);
  });

  it("gives the CSINode to the Node", async () => {
    const { clock, server } = registering("kubelet");
    await clock.settle(2000);
    const csiNode = server.object<CSINode>("/apis/storage.k8s.io/v1/csinodes/n1");
    expect(csiNode?.metadata?.ownerReferences?.[0]).toEqual({
      apiVersion: "v1",
      kind: "Node",
      name: "n1",
      uid: "uid-n1",
    });
  });
});

describe("a restart", () => {
  it("finds its Node: GET and one PATCH with four heartbeats (kubelet-audit §7)", async () => {
    const node = fakeNode("kubelet", startMs);
    await existing(node);
    const { clock, server, told } = registering("kubelet", (fresh) => fresh.server.adopt(node.server));
    await clock.settle(2000);
    const patch = server.seen.find(({ line }) => line === "PATCH nodes/status");
    expect(server.takeCounts()).toEqual({
      "GET csinodes": 2,
      "GET nodes": 3,
      "DELETE resourceslices": 1,
      "POST nodes 409": 1,
      "PATCH nodes/status": 1,
      "POST events": 5,
    });
    const { status } = JSON.parse(Buffer.from(patch?.body ?? []).toString());
    expect(Object.keys(status)).toEqual(["$setElementOrder/conditions", "conditions"]);
    expect(status.conditions.map(Object.keys)).toEqual(readyConditions.map(() => ["lastHeartbeatTime", "type"]));
    expect(told).toEqual(["registered", "ready"]);
  });

  it("sets right what the new life has otherwise", async () => {
    const node = fakeNode("kubelet", startMs);
    await existing(node);
    node.server.change<Node>("/api/v1/nodes/n1", ({ metadata, status }) => {
      delete metadata?.labels?.["kubernetes.io/os"];
      Object.assign(status?.capacity ?? {}, { cpu: { string: "2" } });
    });
    const { clock, server } = registering("kubelet", (fresh) => fresh.server.adopt(node.server));
    await clock.settle(2000);
    const bodies = server.seen
      .filter(({ line }) => line === "PATCH nodes/status")
      .map(({ body }) => JSON.parse(Buffer.from(body ?? []).toString()));
    expect(bodies[0]).toEqual({ metadata: { labels: { "kubernetes.io/os": "linux" } } });
    expect(bodies[1].status.capacity).toEqual({ cpu: "8" });
  });
});

describe("an API server that does not let it in", () => {
  it("is asked again after 200, 400, 800 ms …, 7 s", async () => {
    const { clock, server, told } = registering("kubemark", ({ server: fake }) => {
      fake.fault = (line) => (line === "POST nodes" ? 500 : undefined);
    });
    await clock.settle(30_000);
    const posts = server.seen.filter(({ line }) => line === "POST nodes 500").map(({ atMs }) => atMs);
    const gaps = posts.slice(1).map((at, i) => Math.round(at - (posts[i] ?? 0)));
    expect(gaps).toEqual([200, 400, 800, 1600, 3200, 6400, 7000, 7000]);
    server.fault = () => undefined;
    await clock.settle(7000);
    expect(told).toContain("registered");
  });

  it("is asked for the Node after a 403, and told again to create it", async () => {
    const { clock, server, observer } = registering("kubemark", ({ server: fake }) => {
      fake.fault = (line) => (line === "POST nodes" ? 403 : undefined);
    });
    await clock.settle(500);
    const lines = server.seen.map(({ line }) => line);
    expect(lines.slice(lines.indexOf("POST nodes 403"), lines.indexOf("POST nodes 403") + 2)).toEqual([
      "POST nodes 403",
      "GET nodes 404",
    ]);
    expect(observer.errors).toContain("register: forbidden");
  });

  it("sends nothing more once aborted", async () => {
    const { clock, server, abort } = registering("kubelet");
    await clock.settle(50);
    abort.abort();
    await clock.settle(0);
    server.seen.length = 0;
    await clock.settle(60_000);
    expect(server.seen).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });
});

it("the node is the one of the spec", async () => {
  const { clock, server } = registering("kubelet");
  await clock.settle(2000);
  expect(server.object<Node>("/api/v1/nodes/n1")?.status?.addresses?.[0]?.address).toBe(fakeSpec.address);
});
