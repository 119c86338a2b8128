import { describe, expect, it } from "vitest";
import { probeDelayMs } from "./container-lifecycle.ts";
import { testPlan } from "./testing/plans.ts";
import { PurePod } from "./testing/pure-pod.ts";

function play(plan: Parameters<typeof testPlan>[0], forMs: number): PurePod {
  const pod = new PurePod(testPlan(plan));
  pod.happen({ t: "seen" });
  pod.run(forMs);
  return pod;
}

const state = (pod: PurePod, index = 0): unknown => pod.api.containerStatuses?.[index]?.state;

describe("starts (kubelet-audit §3, §4)", () => {
  it("a plain pod costs 3 GET, 3 PATCH, 1 token, 3 events", () => {
    const pod = play({}, 60_000);
    expect(pod.counts).toEqual({ gets: 3, patches: 3, tokens: 1, events: 3, deletes: 0 });
    expect(pod.events).toEqual([
      'Pulled: Container image "app:1" already present on machine and can be accessed by the pod',
      "Created: Container created",
      "Started: Container started",
    ]);
    expect(pod.api.phase).toBe("Running");
  });

  it("a readiness probe costs one more of each, and PATCH 3 has no conditions", () => {
    const pod = play(
      { sketches: [{ name: "c", readiness: { initialDelayMs: 3000, periodMs: 2000, successThreshold: 1 } }] },
      60_000,
    );
    expect(pod.counts).toMatchObject({ gets: 4, patches: 4, events: 3 });
    expect(JSON.parse(pod.patches[2] ?? "").status).not.toHaveProperty("conditions");
    expect(pod.api.containerStatuses?.[0]?.ready).toBe(true);
  });

  it("an init container costs 2 GET, 2 PATCH and 3 events more", () => {
    const pod = play({ sketches: [{ name: "i", role: "init" }, { name: "c" }] }, 60_000);
    expect(pod.counts).toMatchObject({ gets: 5, patches: 5, tokens: 1, events: 6 });
    const shown = pod.statuses.map(({ conditions, initContainerStatuses, containerStatuses, podIP }) => [
      conditions?.find(({ type }) => type === "Initialized")?.status,
      Object.keys(initContainerStatuses?.[0]?.state ?? {})[0],
      Object.keys(containerStatuses?.[0]?.state ?? {})[0],
      podIP !== undefined,
    ]);
    expect(shown).toEqual([
      ["False", "waiting", "waiting", false],
      ["False", "waiting", "waiting", false],
      ["False", "running", "waiting", true],
      ["True", "terminated", "waiting", true],
      ["True", "terminated", "running", true],
    ]);
    expect(pod.statuses[0]?.containerStatuses?.[0]?.state).toEqual({ waiting: { reason: "PodInitializing" } });
    expect(pod.statuses[0]?.conditions?.find(({ type }) => type === "Initialized")).toMatchObject({
      reason: "ContainersNotInitialized",
      message: "containers with incomplete status: [i]",
    });
  });

  it("two app containers end in one status", () => {
    const pod = play({ sketches: [{ name: "a" }, { name: "b" }] }, 60_000);
    expect(pod.counts).toMatchObject({ gets: 3, patches: 3, events: 6 });
  });

  it("a sidecar runs before the app and does not hold it up", () => {
    const pod = play({ sketches: [{ name: "s", role: "sidecar" }, { name: "c" }] }, 60_000);
    expect(pod.counts).toMatchObject({ gets: 4, patches: 4, events: 6 });
    expect(pod.api.initContainerStatuses?.[0]).toMatchObject({ ready: true, started: true });
    expect(pod.api.conditions?.find(({ type }) => type === "Ready")?.status).toBe("True");
  });

  it("waits for readiness gates", () => {
    const pod = play({ readinessGates: ["example.com/gate"] }, 5000);
    const ready = () => pod.api.conditions?.find(({ type }) => type === "Ready");
    expect(ready()).toMatchObject({ status: "False", reason: "ReadinessGatesNotReady" });
    const gate = { lastProbeTime: null, lastTransitionTime: null, status: "True", type: "example.com/gate" };
    pod.api = { ...pod.api, conditions: [...(pod.api.conditions ?? []), gate] };
    pod.happen({ t: "changed", generation: 1 });
    expect(ready()).toMatchObject({ status: "True" });
    expect(pod.api.conditions?.[0]?.type).toBe("example.com/gate");
  });

  it("probes pass at a multiple of the period and not before the initial delay", () => {
    expect(probeDelayMs({ initialDelayMs: 0, periodMs: 10_000, successThreshold: 1 })).toBe(10_000);
    expect(probeDelayMs({ initialDelayMs: 3000, periodMs: 2000, successThreshold: 1 })).toBe(4000);
    expect(probeDelayMs({ initialDelayMs: 3000, periodMs: 2000, successThreshold: 3 })).toBe(8000);
  });

  it("a host-network pod has its IP at once", () => {
    const pod = play({ hostNetwork: true }, 60_000);
    expect(pod.statuses[0]?.podIPs).toEqual([{ ip: "192.0.2.2" }]);
    expect(pod.counts).toMatchObject({ gets: 3, patches: 3 });
  });
});

describe("deletions (kubelet-audit §5)", () => {
  it("costs 3 GET, 2 PATCH, 1 event, 1 DELETE", () => {
    const pod = play({}, 5000);
    pod.takeCounts();
    pod.happen({ t: "delete", graceMs: 5000, generation: 2 });
    pod.run(60_000);
    expect(pod.events).toEqual(["Killing: Stopping container c"]);
    expect(pod.counts).toEqual({ gets: 3, patches: 2, tokens: 0, events: 1, deletes: 1 });
    expect(pod.api.phase).toBe("Succeeded");
  });

  it("of a pod without a sandbox marks its containers as not located", () => {
    const pod = play({ annotations: { "hollowfleet.dev/sandbox-failure": "true" } }, 78_000);
    expect(pod.counts).toMatchObject({ gets: 1, patches: 1, tokens: 1 });
    expect(pod.events.length).toBeGreaterThanOrEqual(5);
    expect(pod.events.length).toBeLessThanOrEqual(8);
    expect(new Set(pod.events).size).toBe(pod.events.length);
    pod.takeCounts();
    pod.happen({ t: "delete", graceMs: 30_000, generation: 2 });
    pod.run(60_000);
    expect(pod.counts).toEqual({ gets: 3, patches: 2, tokens: 0, events: 0, deletes: 1 });
    expect(state(pod)).toMatchObject({ terminated: { exitCode: 137, reason: "ContainerStatusUnknown" } });
    expect(pod.api.phase).toBe("Failed");
  });

  it("during a back-off kills nothing and ends Failed", () => {
    const pod = play({ annotations: { "hollowfleet.dev/crash-loop": "true" } }, 6000);
    pod.takeCounts();
    pod.happen({ t: "delete", graceMs: 5000, generation: 2 });
    pod.run(60_000);
    expect(pod.counts).toEqual({ gets: 3, patches: 2, tokens: 0, events: 0, deletes: 1 });
    expect(pod.api).toMatchObject({ phase: "Failed" });
    expect(pod.api.conditions?.find(({ type }) => type === "Ready")?.reason).toBe("PodFailed");
  });

  it("kills what outlives its grace, and a shorter grace shortens it", () => {
    const pod = play({ annotations: { "hollowfleet.dev/stop-delay": "5m" } }, 5000);
    pod.happen({ t: "delete", graceMs: 30_000, generation: 2 });
    pod.run(10_000);
    expect(pod.deletes).toBe(0);
    pod.happen({ t: "delete", graceMs: 3000, generation: 2 });
    pod.run(2900);
    expect(pod.deletes).toBe(0);
    pod.run(600);
    expect(pod.deletes).toBe(1);
    expect(state(pod)).toMatchObject({ terminated: { exitCode: 137, reason: "Error" } });
    expect(pod.api.phase).toBe("Failed");
  });

  it("kills what outlives its grace without being asked twice", () => {
    const pod = play({ annotations: { "hollowfleet.dev/stop-delay": "5m" } }, 5000);
    pod.happen({ t: "delete", graceMs: 30_000, generation: 2 });
    pod.run(29_900);
    expect(pod.deletes).toBe(0);
    pod.run(600);
    expect(pod.deletes).toBe(1);
  });

  it("of a pod that is over already waits for the status manager's pass", () => {
    const pod = play({ restartPolicy: "Never" }, 60_000);
    pod.takeCounts();
    pod.happen({ t: "delete", graceMs: 0, generation: 2 });
    expect(pod.counts.gets).toBe(0);
    pod.run(10_000);
    expect(pod.counts).toMatchObject({ gets: 1, deletes: 1 });
  });

  it("while the sandbox is made lets nothing start any more", () => {
    const pod = play({}, 200);
    pod.happen({ t: "delete", graceMs: 30_000, generation: 2 });
    pod.run(60_000);
    expect(pod.events).toEqual([]);
    expect(pod.deletes).toBe(1);
  });
});

describe("ends and failures (kubelet-audit §6)", () => {
  it("a job pod ends with 3 GET and 2 PATCH, the terminal phase only in the second", () => {
    const pod = play({ restartPolicy: "Never" }, 3400);
    expect(pod.takeCounts()).toEqual({ gets: 3, patches: 3, tokens: 1, events: 3, deletes: 0 });
    pod.run(60_000);
    expect(pod.counts).toEqual({ gets: 3, patches: 2, tokens: 0, events: 0, deletes: 0 });
    const [first = "", second = ""] = pod.patches;
    expect(JSON.parse(first).status).not.toHaveProperty("phase");
    expect(first).toContain('"reason":"PodCompleted"');
    expect(JSON.parse(second).status).toMatchObject({ phase: "Succeeded" });
    expect(JSON.parse(second).status).not.toHaveProperty("containerStatuses");
  });

  it("a crash loop restarts at once, then after 10 s and 20 s", () => {
    const pod = play({ annotations: { "hollowfleet.dev/crash-loop": "true" } }, 2000);
    // Start, end, restart 1: kubelet-audit §6 counts 10 + 7 for it, the running container included.
    expect(pod.takeCounts()).toMatchObject({ gets: 5, patches: 5, tokens: 1, events: 6 });
    pod.run(9500);
    expect(pod.events).toEqual(["BackOff: Back-off restarting failed container c in pod p_default(c2e5)"]);
    expect(pod.takeCounts()).toMatchObject({ gets: 1, patches: 1 });
    expect(state(pod)).toMatchObject({ terminated: { exitCode: 1, reason: "Error" } });
    while (pod.api.containerStatuses?.[0]?.restartCount === 1 && pod.nowMs < Date.UTC(2027, 0)) pod.run(10);
    expect(pod.takeCounts()).toMatchObject({ gets: 2, patches: 2, events: 3 });
    const [waiting] = pod.statuses.slice(-2);
    expect(waiting?.containerStatuses?.[0]?.state).toEqual({
      waiting: {
        message: "back-off 10s restarting failed container=c pod=p_default(c2e5)",
        reason: "CrashLoopBackOff",
      },
    });
    expect(pod.api.containerStatuses?.[0]).toMatchObject({ restartCount: 2, ready: true });
    expect(pod.api.phase).toBe("Running");
    pod.run(20_000);
    expect(pod.api.containerStatuses?.[0]?.restartCount).toBe(2);
    pod.run(15_000);
    expect(pod.api.containerStatuses?.[0]?.restartCount).toBe(3);
  });

  it("back-offs double up to 5 minutes and are forgotten after 10", () => {
    const pod = play({ annotations: { "hollowfleet.dev/crash-loop": "true" } }, 3_600_000);
    const restarts = pod.api.containerStatuses?.[0]?.restartCount ?? 0;
    expect(restarts).toBeGreaterThanOrEqual(12);
    expect(restarts).toBeLessThanOrEqual(16);
    const shown = pod.patches.flatMap((patch) => /back-off (\w+) restarting/.exec(patch)?.[1] ?? []);
    expect([...new Set(shown)]).toEqual(["10s", "20s", "40s", "1m20s", "2m40s", "5m0s"]);
    const slow = play(
      { annotations: { "hollowfleet.dev/crash-loop": "true", "hollowfleet.dev/run-time": "11m" } },
      3_600_000,
    );
    expect(slow.events.filter((text) => text.startsWith("BackOff"))).toEqual([]);
  });

  it("an OOM is a crash with 137 OOMKilled", () => {
    const pod = play({ annotations: { "hollowfleet.dev/oom": "30s" } }, 40_000);
    expect(pod.api.containerStatuses?.[0]).toMatchObject({
      restartCount: 1,
      lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } },
    });
  });

  it("an image that cannot be pulled alternates, and heals", () => {
    const pod = play({ annotations: { "hollowfleet.dev/image-pull-failure": "25s" } }, 900);
    expect(state(pod)).toMatchObject({ waiting: { reason: "ErrImagePull" } });
    pod.run(1000);
    expect(state(pod)).toMatchObject({ waiting: { reason: "ImagePullBackOff" } });
    expect(pod.api.phase).toBe("Pending");
    pod.run(9000);
    expect(state(pod)).toMatchObject({ waiting: { reason: "ErrImagePull" } });
    pod.run(30_000);
    expect(state(pod)).toHaveProperty("running");
    expect(pod.api.containerStatuses?.[0]?.restartCount).toBe(0);
    expect(pod.events.filter((text) => text.startsWith("Failed:"))).toHaveLength(6);
  });

  it("a deadline ends the pod", () => {
    const pod = play({ activeDeadlineMs: 20_000 }, 60_000);
    expect(pod.api).toMatchObject({ phase: "Failed", reason: "DeadlineExceeded" });
    expect(pod.events.slice(3).map((text) => text.split(":")[0])).toEqual(["DeadlineExceeded", "Killing"]);
    expect(pod.deletes).toBe(0);
  });

  it("a failed init container of a pod that does not restart fails it", () => {
    const pod = play(
      {
        restartPolicy: "Never",
        sketches: [{ name: "i", role: "init" }, { name: "c" }],
        annotations: { "hollowfleet.dev/exit-code.i": "3" },
      },
      60_000,
    );
    expect(pod.api.phase).toBe("Failed");
    expect(pod.api.containerStatuses?.[0]?.state).toEqual({ waiting: { reason: "PodInitializing" } });
  });

  it("a rejected pod says why and nothing else", () => {
    const pod = new PurePod(testPlan());
    pod.happen({
      t: "rejected",
      reason: "OutOfcpu",
      message: "Node didn't have enough resource: cpu, requested: 500, used: 900, capacity: 1000",
    });
    expect(pod.counts).toEqual({ gets: 1, patches: 1, tokens: 0, events: 1, deletes: 0 });
    expect(pod.api).toEqual({
      message: "Pod was rejected: Node didn't have enough resource: cpu, requested: 500, used: 900, capacity: 1000",
      observedGeneration: 1,
      phase: "Failed",
      reason: "OutOfcpu",
    });
  });
});

describe("a restarted kubelet (kubelet-audit §7)", () => {
  it("takes a running pod over with 1 GET and 1 token", () => {
    const before = play({}, 5000);
    const pod = new PurePod(before.plan, before.api);
    pod.happen({ t: "seen" });
    pod.run(60_000);
    expect(pod.counts).toEqual({ gets: 1, patches: 0, tokens: 1, events: 0, deletes: 0 });
  });

  it("goes on with the IDs of containers that another has started", () => {
    const before = play({}, 5000);
    const [status] = before.api.containerStatuses ?? [];
    const containerStatuses = [{ ...status!, containerID: "containerd://of-another" }];
    const pod = new PurePod(before.plan, { ...before.api, containerStatuses });
    pod.happen({ t: "seen" });
    pod.run(60_000);
    expect(pod.patches).toEqual([]);
    pod.happen({ t: "delete", graceMs: 0, generation: 2 });
    pod.run(60_000);
    expect(pod.api.containerStatuses?.[0]?.state.terminated?.containerID).toBe("containerd://of-another");
  });

  it("leaves an ended pod alone", () => {
    const before = play({ restartPolicy: "Never" }, 30_000);
    const pod = new PurePod(before.plan, before.api);
    pod.happen({ t: "seen" });
    pod.run(60_000);
    expect(pod.counts).toEqual({ gets: 0, patches: 0, tokens: 0, events: 0, deletes: 0 });
  });
});
