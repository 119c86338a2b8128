import { kinds, type Node } from "@hollowfleet/wire";
import { describe, expect, it } from "vitest";
import { createHollowKubelet, type HollowKubelet } from "./hollow-kubelet.ts";
import { measuredDelays, type ProfileName, profileOf } from "./profile.ts";
import { type FakeNode, fakeNode, fakeSpec } from "./testing/fake-node.ts";

const startMs = Date.UTC(2026, 10, 22, 13, 0, 0);

interface Running extends FakeNode {
  readonly kubelet: HollowKubelet;
}

function running(profile: ProfileName, watches: "all" | "pods" = "all", adopt?: FakeNode): Running {
  const node = fakeNode(profile, startMs);
  if (adopt !== undefined) node.server.adopt(adopt.server);
  const { api, clock, context, observer } = node;
  const kubelet = createHollowKubelet({
    spec: fakeSpec,
    profile: profileOf(profile, watches),
    delays: measuredDelays,
    api,
    clock,
    random: context.random,
    observer,
  });
  kubelet.start();
  return { ...node, kubelet };
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** Until its lease exists. */
const coldMs = 10_500;

describe("a cold start, until the lease exists", () => {
  it("takes the 34 requests of a real kubelet on cgroup v2 (kubelet-audit §1.3)", async () => {
    const { clock, server, kubelet, observer } = running("kubelet");
    await clock.settle(coldMs);
    const counts = server.takeCounts();
    expect(counts).toEqual({
      "WATCH nodes": 1,
      "WATCH services": 1,
      "WATCH csidrivers": 1,
      "WATCH runtimeclasses": 1,
      "WATCH pods": 1,
      "GET csinodes 404": 2,
      "POST csinodes": 1,
      "GET nodes 404": 4,
      "GET nodes": 2,
      "POST nodes": 1,
      "PATCH nodes/status": 2,
      "GET leases 404": 2,
      "POST leases": 1,
      "DELETE resourceslices": 1,
      "POST events": 7,
      "PATCH events": 6,
    });
    expect(total(counts)).toBe(34);
    expect(kubelet.state).toBe("ready");
    expect(observer.states).toEqual(["registering", "registered", "ready"]);
    expect(observer.errors).toEqual([]);
  });

  it("takes 20 requests as kubemark", async () => {
    const { clock, server } = running("kubemark");
    await clock.settle(coldMs);
    expect(total(server.takeCounts())).toBe(20);
  });

  it("watches only pods where told so, at once", async () => {
    const { clock, server } = running("kubelet", "pods");
    await clock.settle(0);
    expect(server.seen.filter(({ line }) => line.startsWith("WATCH")).map(({ line }) => line)).toEqual(["WATCH pods"]);
  });

  it("opens its watches with the selectors and parameters of a kubelet", async () => {
    const { clock, server } = running("kubelet");
    await clock.settle(coldMs);
    const queries = server.seen
      .filter(({ line }) => line.startsWith("WATCH"))
      .map(({ path }) => new URL(path, "https://x"))
      .map(({ pathname, searchParams }) => ({
        at: pathname.split("/").at(-1),
        selector: searchParams.get("fieldSelector"),
        timeout: searchParams.has("timeout"),
      }));
    expect(queries).toEqual([
      { at: "nodes", selector: "metadata.name=n1", timeout: true },
      { at: "services", selector: "spec.clusterIP!=None", timeout: true },
      { at: "csidrivers", selector: null, timeout: true },
      { at: "runtimeclasses", selector: null, timeout: true },
      { at: "pods", selector: "spec.nodeName=n1", timeout: false },
    ]);
  });
});

it("at rest sends 5.9 PUTs a minute, a status every 5 min, and nothing else (kubelet-audit §2)", async () => {
  const { clock, server } = running("kubelet");
  await clock.settle(460_000);
  server.takeCounts();
  await clock.settle(600_000);
  const { "PUT leases": puts = 0, "PATCH nodes/status": patches, ...others } = server.takeCounts();
  expect(puts / 10).toBeGreaterThan(5.7);
  expect(puts / 10).toBeLessThan(6.1);
  expect(patches).toBe(2);
  expect(others).toEqual({});
});

it("a restart takes 20 requests (kubelet-audit §7)", async () => {
  const first = running("kubelet");
  await first.clock.settle(coldMs);
  first.kubelet.stop();
  const { clock, server, observer } = running("kubelet", "all", first);
  await clock.settle(9000);
  const counts = server.takeCounts();
  expect(counts).toMatchObject({ "POST nodes 409": 1, "PUT leases": 1, "GET nodes": 3, "POST events": 5 });
  expect(total(counts)).toBe(20);
  expect(observer.states.at(-1)).toBe("ready");
});

it("tells the pod manager of its podCIDR and its pods", async () => {
  const { clock, server, kubelet, observer } = running("status-only");
  await clock.settle(1000);
  const pod = kinds.Pod.encode({
    metadata: { name: "p", namespace: "ns", uid: "u1" },
    spec: { nodeName: "n1", containers: [{ name: "c", image: "app:1" }] },
    status: { phase: "Pending" },
  });
  server.add("/api/v1/pods/p", kinds.Pod, pod);
  await clock.settle(2000);
  expect(kubelet.pods).toBe(1);
  expect(observer.errors.filter((error) => error.startsWith("watch"))).toEqual([]);
});

it("without a watch of its Node is Ready again soon after an outage that made it Unknown", async () => {
  const { clock, server } = running("status-only");
  await clock.settle(30_000);
  const ready = (): { status?: string } | undefined =>
    server.object<Node>("/api/v1/nodes/n1")?.status?.conditions?.find(({ type }) => type === "Ready");
  server.fault = () => "lost";
  await clock.settle(60_000);
  Object.assign(ready() ?? {}, { status: "Unknown" });
  server.change("/api/v1/nodes/n1", () => undefined);
  server.fault = () => undefined;
  await clock.settle(30_000);
  expect(ready()?.status).toBe("True");
});

it("stops for good: nothing is sent, no timer is left", async () => {
  const { clock, server, kubelet, observer } = running("kubelet");
  await clock.settle(300);
  kubelet.stop();
  kubelet.stop();
  kubelet.start();
  await clock.settle(0);
  server.takeCounts();
  await clock.settle(60_000);
  expect(server.takeCounts()).toEqual({});
  expect(clock.pendingTimers).toBe(0);
  expect(observer.states.at(-1)).toBe("stopped");
  expect(server.object<Node>("/api/v1/nodes/n1")?.metadata?.name).toBe("n1");
});
