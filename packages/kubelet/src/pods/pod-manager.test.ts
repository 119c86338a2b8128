import { describe, expect, it } from "vitest";
import { noDelays } from "../profile.ts";
import { nodeSpec, PodNode, plainSpec } from "./testing/pod-node.ts";

const ready = (node: PodNode, name: string): string | undefined =>
  node.server.status(name).conditions?.find(({ type }) => type === "Ready")?.status;

describe("one pod on a node", () => {
  it("starts with 3 GET, 3 PATCH, 1 token, 3 events and one watch for its namespace", async () => {
    const node = new PodNode();
    node.server.bind("p", plainSpec);
    await node.run(5000);
    expect(node.server.takeCounts()).toEqual({ GET: 3, PATCH: 3, token: 1, WATCH: 1 });
    expect(node.events.map((text) => text.split(":")[0])).toEqual(["Pulled", "Created", "Started"]);
    expect(node.fieldPaths).toEqual(Array(3).fill("spec.containers{c}"));
    expect([...node.server.watches.keys()]).toEqual(["configmaps/default/metadata.name=kube-root-ca.crt"]);
    expect(node.server.status("p")).toMatchObject({ phase: "Running", podIP: "10.64.3.2", hostIP: "192.0.2.2" });
    expect(ready(node, "p")).toBe("True");
    expect(node.phases).toEqual(["none>Pending", "Pending>Running"]);
    expect(node.started).toHaveLength(1);
    expect(node.started[0]?.simulatedMs).toBeCloseTo(460);
    expect(node.errors).toEqual([]);
  });

  it("asks for the token before the sandbox is there", async () => {
    const node = new PodNode();
    node.server.bind("p", plainSpec);
    await node.run(5000);
    expect(node.server.calls.slice(0, 5)).toEqual(["GET", "WATCH", "PATCH", "token", "GET"]);
  });

  it("adds nothing at rest but the token's refresh after 80 % of its life", async () => {
    const node = new PodNode();
    node.server.bind("p", plainSpec);
    await node.run(5000);
    node.server.takeCounts();
    await node.run(2_800_000);
    expect(node.server.takeCounts()).toEqual({});
    await node.run(200_000);
    expect(node.server.takeCounts()).toEqual({ token: 1 });
    expect(node.clock.pendingTimers).toBe(1);
  });

  it("is deleted with 3 GET, 2 PATCH, 1 event, 1 DELETE, and gives everything back", async () => {
    const node = new PodNode();
    node.server.bind("p", plainSpec);
    await node.run(5000);
    node.server.takeCounts();
    node.events.length = 0;
    node.server.requestDeletion("p", 5);
    await node.run(10_000);
    expect(node.server.takeCounts()).toEqual({ GET: 3, PATCH: 2, DELETE: 1 });
    expect(node.events).toEqual(["Killing: Stopping container c"]);
    expect(node.server.has("p")).toBe(false);
    expect(node.server.watches.size).toBe(0);
    expect(node.manager.running).toBe(0);
    expect(node.clock.pendingTimers).toBe(0);
    expect(node.phases.slice(2)).toEqual(["Running>Terminating", "Terminating>gone"]);
  });

  it("leaves nothing behind that would keep its record until its token's refresh", async () => {
    const node = new PodNode();
    for (const name of ["p", "q"]) {
      node.server.bind(name, plainSpec);
      await node.run(5000);
      node.server.requestDeletion(name, 0);
    }
    node.server.bind("r", { ...plainSpec, volumes: [] });
    await node.run(5000);
    expect(node.clock.pendingTimers).toBe(0);
  });

  it("sends nothing for a pod that is removed by force", async () => {
    const node = new PodNode();
    node.server.bind("p", plainSpec);
    await node.run(5000);
    node.server.takeCounts();
    node.server.requestDeletion("p", 0);
    await node.run(60_000);
    expect(node.server.takeCounts()).toEqual({});
    expect(node.manager.running).toBe(0);
  });

  it("waits for its token, which is tried again", async () => {
    const node = new PodNode();
    node.server.refusal = (call) => (call === "token" && node.clock.nowUs() < 2e6 ? "forbidden" : undefined);
    node.server.bind("p", plainSpec);
    await node.run(1900);
    expect(node.server.status("p").phase).toBe("Pending");
    expect(node.events[0]).toMatch(/^FailedMount: MountVolume.SetUp failed for volume "kube-api-access-x"/);
    await node.run(5000);
    expect(node.server.status("p").phase).toBe("Running");
  });

  it("ends as a Job's pod with 3 GET and 2 PATCH", async () => {
    const node = new PodNode();
    node.server.bind("p", { ...plainSpec, restartPolicy: "OnFailure" });
    await node.run(3300);
    node.server.takeCounts();
    await node.run(30_000);
    expect(node.server.takeCounts()).toEqual({ GET: 3, PATCH: 2 });
    expect(node.server.status("p").phase).toBe("Succeeded");
    node.server.requestDeletion("p", 30);
    await node.run(30_000);
    expect(node.server.takeCounts()).toEqual({});
  });
});

describe("the status pusher", () => {
  it("is serial, and merges the pushes of a slow server to the same end", async () => {
    const end = async (latencyMs: number) => {
      const node = new PodNode();
      node.server.latencyMs = latencyMs;
      for (let i = 0; i < 20; i++) node.server.bind(`p${i}`, plainSpec);
      await node.run(30_000);
      const { GET, PATCH } = node.server.takeCounts();
      const shapes = Array.from({ length: 20 }, (_, i) => {
        const { phase, conditions } = node.server.status(`p${i}`);
        return [phase, conditions?.map(({ type, status, observedGeneration }) => [type, status, observedGeneration])];
      });
      return { GET, PATCH, shapes };
    };
    const fast = await end(0);
    const slow = await end(200);
    expect(fast).toMatchObject({ GET: 60, PATCH: 60 });
    expect(slow.PATCH).toBeLessThan(50);
    expect(slow.PATCH).toBe(slow.GET);
    expect(slow.shapes).toEqual(fast.shapes);
  });

  it("carries a refused push with the next one", async () => {
    const node = new PodNode();
    let first = true;
    node.server.refusal = (call) => {
      if (call !== "GET" || !first) return undefined;
      first = false;
      return "forbidden";
    };
    node.server.bind("p", plainSpec);
    await node.run(30_000);
    expect(node.server.takeCounts()).toMatchObject({ GET: 3, PATCH: 2 });
    expect(ready(node, "p")).toBe("True");
    expect(node.errors).toEqual(["pod status: forbidden"]);
  });

  it("tries a failed last push again in the 10 s pass", async () => {
    const node = new PodNode();
    node.server.bind("p", plainSpec);
    await node.run(455);
    node.server.refusal = (call) => (call === "PATCH" && node.clock.nowUs() < 5e6 ? "conflict" : undefined);
    await node.run(4000);
    expect(ready(node, "p")).toBe("False");
    await node.run(8000);
    expect(ready(node, "p")).toBe("True");
    expect(node.started).toHaveLength(1);
  });

  it("drops the push for a pod that has been replaced by another of its name", async () => {
    const node = new PodNode();
    node.server.bind("p", plainSpec);
    await node.run(455);
    node.server.sink = undefined;
    node.server.requestDeletion("p", 0);
    node.server.bind("p", plainSpec);
    node.server.takeCounts();
    await node.run(30_000);
    expect(node.server.takeCounts()).toEqual({ GET: 1 });
  });
});

describe("a node's pods together", () => {
  it("a burst of 20 takes 2.4 s, and ends late for all, as measured", async () => {
    const node = new PodNode();
    for (let i = 0; i < 20; i++) node.server.bind(`p${i}`, plainSpec);
    await node.run(10_000);
    const times = node.started.map(({ runningPushedUs }) => runningPushedUs / 1000).sort((a, b) => a - b);
    expect(times).toHaveLength(20);
    expect(times[19]).toBeGreaterThan(2300);
    expect(times[19]).toBeLessThan(2500);
    expect(times[10]).toBeGreaterThan(2000);
    const ips = Array.from({ length: 20 }, (_, i) => node.server.status(`p${i}`).podIP);
    expect(new Set(ips).size).toBe(20);
    expect(node.server.watches.size).toBe(1);
  });

  it("a burst of 20 deletions keeps its pushes apart, as measured", async () => {
    const node = new PodNode();
    for (let i = 0; i < 20; i++) node.server.bind(`p${i}`, plainSpec);
    await node.run(10_000);
    node.server.takeCounts();
    node.server.latencyMs = 2;
    for (let i = 0; i < 20; i++) node.server.requestDeletion(`p${i}`, 5);
    await node.run(10_000);
    expect(node.server.takeCounts()).toEqual({ GET: 60, PATCH: 40, DELETE: 20 });
  });

  it("without delays starts at once", async () => {
    const node = new PodNode("kubelet", noDelays);
    node.server.bind("p", plainSpec);
    await node.run(5);
    expect(node.server.status("p").phase).toBe("Running");
  });

  it("rejects what does not fit, and admits again when there is room", async () => {
    const node = new PodNode("kubelet", noDelays, { ...nodeSpec, capacity: { cpu: "1", memory: "1Gi", pods: "2" } });
    const hungry = {
      ...plainSpec,
      containers: [{ ...plainSpec.containers?.[0], resources: { requests: { cpu: { string: "600m" } } } }],
    };
    node.server.bind("a", hungry);
    node.server.bind("b", hungry);
    await node.run(100);
    expect(node.server.status("b")).toMatchObject({
      phase: "Failed",
      reason: "OutOfcpu",
      message: "Pod was rejected: Node didn't have enough resource: cpu, requested: 600, used: 600, capacity: 1000",
    });
    expect(node.events.filter((text) => text.startsWith("OutOfcpu: "))).toHaveLength(1);
    node.server.requestDeletion("a", 1);
    await node.run(5000);
    node.server.bind("c", hungry);
    node.server.bind("d", plainSpec);
    node.server.bind("e", plainSpec);
    await node.run(100);
    expect(node.server.status("c").phase).toBe("Running");
    expect(node.server.status("c").containerStatuses?.[0]).toMatchObject({
      allocatedResources: { cpu: "600m" },
      resources: { requests: { cpu: "600m" } },
    });
    expect(node.server.status("d").phase).toBe("Running");
    expect(node.server.status("e").reason).toBe("OutOfpods");
  });

  it("rejects a pod whose node selector does not match, once the labels are known", async () => {
    const node = new PodNode("kubelet", noDelays);
    const picky = { ...plainSpec, nodeSelector: { zone: "a" } };
    node.server.bind("a", picky);
    node.manager.setLabels({ zone: "b" });
    node.server.bind("b", picky);
    await node.run(100);
    expect(node.server.status("a").phase).toBe("Running");
    expect(node.server.status("b").reason).toBe("NodeAffinity");
  });

  it("takes over what runs after a restart: 1 GET and 1 token each, no PATCH, no event", async () => {
    const node = new PodNode();
    node.server.bind("p", plainSpec);
    node.server.bind("q", { ...plainSpec, hostNetwork: true });
    await node.run(5000);
    node.server.takeCounts();
    node.events.length = 0;
    node.restart("p", "q");
    await node.run(60_000);
    expect(node.server.takeCounts()).toEqual({ GET: 2, token: 2, WATCH: 1 });
    expect(node.events).toEqual([]);
    expect(node.manager.running).toBe(2);
    node.server.bind("r", plainSpec);
    await node.run(5000);
    expect(node.server.status("r").podIP).not.toBe(node.server.status("p").podIP);
  });

  it("forgets pods that a new list no longer has", async () => {
    const node = new PodNode();
    node.server.bind("p", plainSpec);
    node.server.bind("q", plainSpec);
    await node.run(5000);
    node.server.takeCounts();
    node.manager.replace([node.server.received("q")]);
    await node.run(30_000);
    expect(node.manager.running).toBe(1);
    expect(node.server.takeCounts()).toEqual({});
  });

  it("says nothing any more once stopped", async () => {
    const node = new PodNode();
    node.server.bind("p", plainSpec);
    await node.run(200);
    node.manager.stop();
    node.server.takeCounts();
    await node.run(30_000);
    expect(node.server.takeCounts()).toEqual({});
    expect(node.clock.pendingTimers).toBe(0);
  });
});

describe("other profiles", () => {
  it("kubemark pushes the same, and is not born ready", async () => {
    const node = new PodNode("kubemark");
    node.server.bind("p", plainSpec);
    await node.run(5000);
    expect(node.server.takeCounts()).toEqual({ GET: 3, PATCH: 3, token: 1, WATCH: 1 });
    expect(JSON.parse(node.server.bodies[0] ?? "").status.containerStatuses[0].ready).toBe(false);
  });

  it("status-only sends one PATCH per pod, and a DELETE", async () => {
    const node = new PodNode("status-only");
    node.server.bind("p", plainSpec);
    await node.run(5000);
    expect(node.server.takeCounts()).toEqual({ PATCH: 1 });
    expect(node.server.status("p").phase).toBe("Running");
    expect(ready(node, "p")).toBe("True");
    expect(node.server.status("p").conditions?.map(({ type }) => type)).toContain("PodScheduled");
    node.server.requestDeletion("p", 30);
    await node.run(5000);
    expect(node.server.takeCounts()).toEqual({ DELETE: 1 });
    expect(node.server.has("p")).toBe(false);
  });

  it("status-only sends one PATCH for each later change", async () => {
    const node = new PodNode("status-only");
    node.server.bind("p", { ...plainSpec, restartPolicy: "Never" });
    await node.run(30_000);
    expect(node.server.status("p").phase).toBe("Succeeded");
    expect(node.server.takeCounts()).toEqual({ PATCH: 3 });
  });
});
