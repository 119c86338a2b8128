import { resources } from "@hollowfleet/client";
import type { Lease, Node } from "@hollowfleet/wire";
import { describe, expect, it } from "vitest";
import { fakeNode } from "../testing/fake-node.ts";
import { LeaseKeeper, type LeaseListener } from "./lease.ts";
import { newLease } from "./lease-object.ts";

const leasePath = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/n1";

const deaf: LeaseListener = { onNode: () => undefined, onRecovered: () => undefined };

async function withNode(): Promise<ReturnType<typeof fakeNode>> {
  const node = fakeNode();
  await node.api.create(resources.nodes, { metadata: { name: "n1" } } as Node);
  node.server.seen.length = 0;
  return node;
}

describe("LeaseKeeper", () => {
  it("finds no Node at first, and has a lease 10 s later (kubelet-audit §1.1)", async () => {
    const { clock, server, context, api, observer } = fakeNode();
    new LeaseKeeper(context, deaf).start(22);
    await clock.settle(9000);
    expect(server.takeCounts()).toEqual({ "GET leases 404": 1, "GET nodes 404": 1 });
    await api.create(resources.nodes, { metadata: { name: "n1" } });
    server.seen.length = 0;
    await clock.settle(1500);
    expect(server.takeCounts()).toEqual({ "GET leases 404": 1, "GET nodes": 1, "POST leases": 1 });
    expect(server.object<Lease>(leasePath)?.metadata?.ownerReferences?.[0]?.uid).toBe("uid-n1");
    expect(observer.errors).toEqual([]);
    expect(observer.leases.map(({ ok, code }) => `${ok} ${code}`)).toEqual(["true 201"]);
  });

  it("sends nothing but one PUT per period, 10.0 to 10.4 s apart, with ?timeout=10s", async () => {
    const { clock, server, context, observer } = await withNode();
    new LeaseKeeper(context, deaf).start(0);
    await clock.settle(10);
    server.seen.length = 0;
    await clock.settle(600_000);
    expect(Object.keys(server.takeCounts())).toEqual(["PUT leases"]);
    const gaps = observer.leases.slice(2).map(({ dueUs }, i) => (dueUs - (observer.leases[i + 1]?.dueUs ?? 0)) / 1e6);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...gaps)).toBeLessThan(10.4);
    expect(observer.leases.length).toBeGreaterThanOrEqual(58);
    // The first is written at 0 on this clock, which a record reads as "never".
    expect(observer.leases.slice(1).every(({ ok, ownDelayUs }) => ok && (ownDelayUs ?? 2) <= 1)).toBe(true);
  });

  it("renews at once when it finds a lease, as after a restart", async () => {
    const { clock, server, context, api } = await withNode();
    await api.create(resources.leases, newLease({ name: "n1", uid: "u" }, 0), { namespace: "kube-node-lease" });
    server.seen.length = 0;
    new LeaseKeeper(context, deaf).start(0);
    await clock.settle(1000);
    expect(server.seen.map(({ line }) => line)).toEqual(["GET leases", "PUT leases"]);
    expect(server.seen[1]?.path).toBe(`${leasePath}?timeout=10s`);
  });

  it("reads anew after a conflict, and keeps what the other wrote", async () => {
    const { clock, server, context } = await withNode();
    new LeaseKeeper(context, deaf).start(0);
    await clock.settle(10);
    server.change<Lease>(leasePath, (lease) => {
      lease.metadata = { ...lease.metadata, labels: { theirs: "1" } };
    });
    server.seen.length = 0;
    await clock.settle(10_400);
    expect(server.seen.map(({ line }) => line)).toEqual(["PUT leases 409", "GET leases", "PUT leases"]);
    expect(server.object<Lease>(leasePath)?.metadata?.labels).toEqual({ theirs: "1" });
  });

  it("climbs the ladder while the server is away, and renews at once when it is back", async () => {
    const { clock, server, context, observer } = await withNode();
    new LeaseKeeper(context, deaf).start(0);
    await clock.settle(10);
    server.seen.length = 0;
    server.fault = () => "lost";
    await clock.settle(30_000);
    const tries = server.seen.splice(0);
    expect(tries.slice(0, 6).map(({ line }) => line)).toEqual([
      ...Array.from({ length: 5 }, () => "PUT leases lost"),
      "GET leases lost",
    ]);
    const waits = tries.slice(6).map(({ atMs }, i) => Math.round(atMs - (tries[i + 5]?.atMs ?? 0)));
    expect(waits).toEqual([200, 400, 800, 1600, 3200, 6400, 7000]);
    server.fault = () => undefined;
    await clock.settle(7100);
    expect(server.seen.map(({ line }) => line)).toEqual(["GET leases", "PUT leases"]);
    expect(observer.leases.slice(1).map(({ ok, code }) => `${ok} ${code}`)).toEqual([
      "false connect-failed",
      "true 200",
    ]);
  });

  it("leaves no timer behind", async () => {
    const { clock, context } = await withNode();
    const keeper = new LeaseKeeper(context, deaf);
    keeper.start(0);
    await clock.settle(25_000);
    keeper.stop();
    expect(clock.pendingTimers).toBe(0);
  });
});
