import type { LocalControlPlane } from "@hollowfleet/controlplane";
import type { Fleet } from "@hollowfleet/fleet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noAssets } from "./support/assets.ts";
import { AuditLog, countRequests, podRequests } from "./support/audit-log.ts";
import { type ApiObject, Cluster, isReady } from "./support/cluster.ts";
import { type DelayProxy, startDelayProxy } from "./support/delay-proxy.ts";
import { eventually } from "./support/eventually.ts";
import { startPlane } from "./support/local-plane.ts";
import { fleetNodes, nodeFleetPlan, startNodeFleet } from "./support/node-fleet.ts";
import { normalised } from "./support/status-patch.ts";

const [nearNode = ""] = fleetNodes(1, "near");
const [farNode = ""] = fleetNodes(1, "far");
const pods = Array.from({ length: 20 }, (_, number) => `burst-${number}`);

/** Added to each direction, so that every answer comes 200 ms later. */
const delayMs = 100;

describe.skipIf(noAssets)("20 pods at once on a node that is 200 ms away", () => {
  let plane: LocalControlPlane;
  let proxy: DelayProxy;
  let log: AuditLog;
  let cluster: Cluster;
  const fleets: Fleet[] = [];

  beforeAll(async () => {
    plane = await startPlane({ audit: true });
    log = new AuditLog(plane.auditLogPath ?? "");
    cluster = new Cluster(plane);
    proxy = await startDelayProxy(plane.endpoint.server, delayMs);
    fleets.push(await startNodeFleet(nodeFleetPlan(plane, 1, {}, "near")));
    const target = { ...plane.endpoint, server: proxy.url, version: [1, 36] } as const;
    fleets.push(await startNodeFleet(nodeFleetPlan(plane, 1, { target }, "far")));
    for (const node of [nearNode, farNode]) {
      await cluster.createNamespace(node);
      await eventually(async () => {
        const found = await cluster.send("GET", `/api/v1/nodes/${node}`);
        expect(isReady(found)).toBe(true);
        expect(found.spec?.["taints"]).toBeUndefined();
      }, 40_000);
    }
  });

  afterAll(async () => {
    await Promise.all(fleets.map((fleet) => fleet.stop()));
    await proxy?.close();
    await plane?.stop();
  });

  it("is 200 ms away", () => {
    // Two requests of which one follows from the other's answer: the CSINode's first look and the GET of the Node.
    const [first, second] = ["csinodes", "nodes"].map((resource) => {
      const entry = log.of(farNode).find(({ verb, objectRef }) => verb === "get" && objectRef?.resource === resource);
      return Date.parse(entry?.requestReceivedTimestamp ?? "");
    });
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(2 * delayMs - 5);
  });

  it("pushes fewer patches, of which the last ones leave the same status", async () => {
    const near = await burst(nearNode);
    const far = await burst(farNode);
    const patches = pods.map(
      (pod) => countRequests(podRequests(log.of(farNode), farNode, pod))["patch pods/status"] ?? 0,
    );
    expect(Math.min(...patches)).toBeGreaterThanOrEqual(1);
    // The pusher comes to a pod again only after all others, and by then all of its news is one push.
    expect(Math.max(...patches)).toBeLessThan(3);
    expect(far).toEqual(near);
    expect(new Set(far.map(({ status }) => (status as { phase: string }).phase))).toEqual(new Set(["Running"]));
  });

  it("does so for their end", async () => {
    for (const node of [nearNode, farNode]) {
      await Promise.all(pods.map((pod) => cluster.deletePod(node, pod)));
      for (const pod of pods) await cluster.podGone(node, pod);
    }
    for (const pod of pods) {
      const { "delete pods": deletions } = countRequests(podRequests(log.of(farNode), farNode, pod));
      expect(deletions, pod).toBe(1);
    }
  });

  /** Creates all pods at once and waits until the node has nothing more to say of them. */
  async function burst(node: string): Promise<ApiObject[]> {
    await Promise.all(pods.map((pod) => cluster.createPod(node, pod, node)));
    const found: ApiObject[] = [];
    for (const pod of pods) found.push(await cluster.podWhen(node, pod, isReady, 60_000));
    return found.map(
      ({ status, metadata }) => normalised({ status, name: metadata.name }, { [node]: "NODE" }) as ApiObject,
    );
  }
});
