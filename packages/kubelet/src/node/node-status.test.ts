import { resources } from "@hollowfleet/client";
import type { Node } from "@hollowfleet/wire";
import { describe, expect, it } from "vitest";
import type { SeenRequest } from "../testing/fake-api-server.ts";
import { type FakeNode, fakeNode } from "../testing/fake-node.ts";
import { readyConditions } from "./conditions.ts";
import { nodeObject } from "./node-object.ts";
import { NodeStatus } from "./node-status.ts";

const path = "/api/v1/nodes/n1";

interface Started extends FakeNode {
  readonly status: NodeStatus;
  readonly podCidrs: (string | undefined)[];
  readonly readies: number[];
}

/** A node that was just created in the API. */
async function started(): Promise<Started> {
  const node = fakeNode();
  const podCidrs: (string | undefined)[] = [];
  const readies: number[] = [];
  const status = new NodeStatus(node.context, {
    onReady: () => readies.push(node.clock.nowMs()),
    onPodCidr: (podCidr) => podCidrs.push(podCidr),
  });
  const ids = { machineId: "m", bootId: "b" };
  const object = nodeObject(node.context.spec, node.context.profile, ids, status.initialConditions());
  const created = await node.api.create(resources.nodes, object);
  node.server.seen.length = 0;
  status.start(created);
  await node.clock.settle(0);
  return { ...node, status, podCidrs, readies };
}

function patches({ server }: FakeNode): SeenRequest[] {
  return server.seen.filter(({ line }) => line.startsWith("PATCH nodes/status"));
}

function bodies(node: FakeNode): string[] {
  return patches(node).map(({ body }) => Buffer.from(body ?? []).toString());
}

function conditionOf(server: FakeNode["server"], type: string): string | undefined {
  return server.object<Node>(path)?.status?.conditions?.find((condition) => condition.type === type)?.status;
}

describe("NodeStatus", () => {
  it("patches {} at once, then Ready within 100 ms of its CSINode", async () => {
    const node = await started();
    await node.clock.settle(300);
    node.status.setReady();
    await node.clock.settle(100);
    expect(bodies(node)[0]).toBe("{}");
    expect(bodies(node)).toHaveLength(2);
    expect(conditionOf(node.server, "Ready")).toBe("True");
    expect(patches(node).every(({ path: at }) => at.endsWith("/status?timeout=10s"))).toBe(true);
    expect(node.readies).toHaveLength(1);
  });

  it("at rest reports once after 150 to 450 s, then every 300 to 311 s", async () => {
    const node = await started();
    node.status.setReady();
    await node.clock.settle(2_000_000);
    const times = patches(node).map(({ atMs }) => atMs / 1000);
    expect((times[2] ?? 0) - (times[1] ?? 0)).toBeGreaterThanOrEqual(150);
    expect((times[2] ?? 0) - (times[1] ?? 0)).toBeLessThan(461);
    const gaps = times.slice(3).map((time, i) => time - (times[i + 2] ?? 0));
    expect(gaps.length).toBeGreaterThanOrEqual(4);
    for (const gap of gaps) {
      expect(gap).toBeGreaterThanOrEqual(300);
      expect(gap).toBeLessThan(311);
    }
    expect(JSON.parse(bodies(node)[3] ?? "").status.conditions.map(Object.keys)).toEqual(
      readyConditions.map(() => ["lastHeartbeatTime", "type"]),
    );
  });

  it("tells of a changed condition at the next tick, with an event, and of nothing else", async () => {
    const node = await started();
    node.status.setReady();
    await node.clock.settle(15_000);
    node.server.seen.length = 0;
    node.status.setCondition({ type: "MemoryPressure", status: "True", reason: "R", message: "m" });
    await node.clock.settle(10_400);
    expect(node.server.takeCounts()).toEqual({ "PATCH nodes/status": 1, "POST events": 1 });
    expect(conditionOf(node.server, "MemoryPressure")).toBe("True");
  });

  it("takes back a Ready that somebody else made Unknown, from the watch's copy", async () => {
    const node = await started();
    node.status.setReady();
    await node.clock.settle(15_000);
    node.server.change<Node>(path, ({ status }) => {
      const ready = status?.conditions?.at(-1);
      if (ready !== undefined) ready.status = "Unknown";
    });
    node.status.observe(await node.api.get(resources.nodes, { name: "n1" }));
    await node.clock.settle(10_400);
    expect(conditionOf(node.server, "Ready")).toBe("True");
  });

  it("tells of the podCIDR when it is given one, and of no older copy", async () => {
    const node = await started();
    const before = await node.api.get(resources.nodes, { name: "n1" });
    node.server.change<Node>(path, (object) => {
      object.spec = { ...object.spec, podCIDR: "10.1.2.0/24" };
    });
    node.status.observe(await node.api.get(resources.nodes, { name: "n1" }));
    node.status.observe(before);
    expect(node.podCidrs).toEqual(["10.1.2.0/24"]);
  });

  it("tries five times, the last four from etcd, then waits for its next tick", async () => {
    const node = await started();
    node.server.fault = (line) => (line.startsWith("PATCH nodes") ? 500 : undefined);
    node.status.setReady();
    await node.clock.settle(150);
    const counts = node.server.takeCounts();
    expect(counts).toMatchObject({ "PATCH nodes/status 500": 5, "GET nodes": 4 });
    node.server.fault = () => undefined;
    await node.clock.settle(10_400);
    expect(node.server.takeCounts()).toMatchObject({ "PATCH nodes/status": 1 });
    expect(node.readies).toHaveLength(1);
  });

  it("leaves no timer behind", async () => {
    const node = await started();
    node.status.setReady();
    await node.clock.settle(25_000);
    node.status.stop();
    expect(node.clock.pendingTimers).toBe(0);
  });
});
