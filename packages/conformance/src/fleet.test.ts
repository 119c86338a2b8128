import { type ApiClient, createApiClient, createHttp2Transport, resources, type Transport } from "@hollowfleet/client";
import type { LocalControlPlane, StaticToken } from "@hollowfleet/controlplane";
import { systemClock } from "@hollowfleet/core";
import {
  assignSlots,
  defaultCapacity,
  type Fleet,
  type FleetCredentials,
  type FleetListener,
  type FleetPlan,
  InProcessFleet,
  loopbackAddress,
  type NodePool,
  nodeName,
  nodesGroup,
  nodeToken,
  nodeUser,
  ThreadedFleet,
} from "@hollowfleet/fleet";
import { noDelays } from "@hollowfleet/kubelet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noAssets } from "./support/assets.ts";
import { eventually } from "./support/eventually.ts";
import { startPlane } from "./support/local-plane.ts";

const secret = "a secret that only this test knows";
const pool = (name: string, count: number): NodePool => ({
  name,
  count,
  capacity: defaultCapacity,
  labels: {},
  taints: [],
});

function tokens(pools: readonly NodePool[]): StaticToken[] {
  const nodes = assignSlots(pools).map((slot) => nodeName(pools[slot.pool] ?? pool("", 0), slot.ordinal, undefined));
  return [
    ...nodes.map((node) => ({ token: nodeToken(secret, node), user: nodeUser(node), groups: [nodesGroup] })),
    { token: "bootstrap", user: "system:bootstrap:test", groups: ["system:bootstrappers"] },
  ];
}

describe.skipIf(noAssets)("a fleet on a real API server", () => {
  let plane: LocalControlPlane;
  let transport: Transport;
  let admin: ApiClient;
  const fleets: Fleet[] = [];

  beforeAll(async () => {
    plane = await startPlane({ staticTokens: tokens([pool("token", 5)]) });
    const tls = plane.admin.kind === "certificate" ? plane.admin : undefined;
    transport = createHttp2Transport({
      ...plane.endpoint,
      ...(tls && { certPem: tls.certPem, keyPem: tls.keyPem }),
      clock: systemClock,
    });
    admin = createApiClient({ transport });
  });

  afterAll(async () => {
    await Promise.all(fleets.map((fleet) => fleet.stop()));
    transport?.close();
    await plane?.stop();
  });

  function planOf(pools: readonly NodePool[], credentials: FleetCredentials, more: Partial<FleetPlan> = {}): FleetPlan {
    return {
      pools,
      identity: { runId: "test", kubeletVersion: "v1.36.3", address: { kind: "loopback" }, kubeletPort: 10250 },
      target: { ...plane.endpoint, version: [1, 36] },
      credentials,
      connections: "per-node",
      profile: "kubelet",
      watches: "all",
      delays: noDelays,
      seed: 1,
      threads: 2,
      nodeRatePerS: 50,
      ...more,
    };
  }

  function start<T extends Fleet>(fleet: T): T {
    fleets.push(fleet);
    return fleet;
  }

  const ofPool = async (name: string): Promise<string[]> => {
    const { items } = await admin.list(resources.nodes, { labelSelector: `hollowfleet.dev/pool=${name}` });
    return items
      .filter(({ object }) => object.status?.conditions?.some((c) => c.type === "Ready" && c.status === "True"))
      .map(({ object }) => object.metadata?.name ?? "")
      .sort();
  };

  const authority = (): { certPem: string; keyPem: string } => {
    if (plane.nodeAuthority === undefined) throw new Error("local holds its CA");
    return plane.nodeAuthority;
  };

  it("grows and shrinks over threads, and each node keeps its name and address", async () => {
    const fleet = start(new ThreadedFleet(planOf([pool("grow", 6)], { kind: "node-cert", authority: authority() })));
    await fleet.start();
    await eventually(async () => expect(await ofPool("grow")).toHaveLength(6));
    await fleet.scale([pool("grow", 9)]);
    await eventually(async () => expect(await ofPool("grow")).toHaveLength(9));
    const { items } = await admin.list(resources.nodes, { labelSelector: "hollowfleet.dev/pool=grow" });
    const addresses = items.map(
      ({ object }) => object.status?.addresses?.find((a) => a.type === "InternalIP")?.address,
    );
    expect([...addresses].sort()).toEqual(Array.from({ length: 9 }, (_, index) => loopbackAddress(index)).sort());
    await fleet.scale([pool("grow", 2)]);
    await eventually(() => Promise.resolve(expect(fleet.stats().nodes).toMatchObject({ total: 2, ready: 2 })));
    const summary = await fleet.stop();
    expect(summary.deaths).toEqual([]);
    expect(summary.snapshot.calls.some((series) => series.resource === "leases" || series.resource === "nodes")).toBe(
      true,
    );
  });

  it.each([
    ["node-token", "per-node"],
    ["node-token", "pooled"],
  ] as const)("speaks as its nodes by %s over %s connections", async (_, connections) => {
    const plan = planOf([pool("token", 5)], { kind: "node-token", secret }, { connections });
    const fleet = start(new InProcessFleet(plan));
    await fleet.start();
    await eventually(async () => expect(await ofPool("token")).toHaveLength(5));
    const { errors } = fleet.stats();
    await fleet.stop();
    expect(Object.keys(errors).filter((what) => what.includes("forbidden"))).toEqual([]);
  });

  it("speaks as its nodes by impersonation", async () => {
    const base = plane.driver;
    if (base.kind !== "certificate") throw new Error("the local driver has a certificate");
    const credentials = {
      kind: "impersonate",
      base: { kind: "cert", certPem: base.certPem, keyPem: base.keyPem },
    } as const;
    const fleet = start(new InProcessFleet(planOf([pool("acting", 3)], credentials)));
    await fleet.start();
    await eventually(async () => expect(await ofPool("acting")).toHaveLength(3));
    await fleet.stop();
  });

  it("gets its certificates by signing requests, as new kubelets do", async () => {
    const fleet = start(new InProcessFleet(planOf([pool("csr", 3)], { kind: "csr", bootstrapToken: "bootstrap" })));
    await fleet.start();
    await eventually(async () => expect(await ofPool("csr")).toHaveLength(3), 30_000);
    await fleet.stop();
  });

  it("tells of a thread that runs out of heap, with its cause and its nodes", async () => {
    const deaths: Parameters<NonNullable<FleetListener["onDeath"]>>[0][] = [];
    const plan = planOf(
      [pool("heap", 400)],
      { kind: "node-cert", authority: authority() },
      {
        threadHeapMb: 12,
        nodeRatePerS: 400,
      },
    );
    const fleet = start(new ThreadedFleet(plan, { onDeath: (death) => deaths.push(death) }));
    await fleet.start().catch(() => undefined);
    await eventually(() => Promise.resolve(expect(deaths.length).toBeGreaterThan(0)), 60_000);
    const summary = await fleet.stop();
    expect(summary.deaths[0]?.cause).toMatch(/memory|heap/i);
    expect(summary.deaths[0]?.nodes.length).toBe(200);
  });
});
