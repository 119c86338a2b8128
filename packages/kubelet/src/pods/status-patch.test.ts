import { describe, expect, it } from "vitest";
import { testPlan } from "./testing/plans.ts";
import { PurePod } from "./testing/pure-pod.ts";

const order = [
  { type: "PodReadyToStartContainers" },
  { type: "Initialized" },
  { type: "Ready" },
  { type: "ContainersReady" },
  { type: "PodScheduled" },
];
const mounts = [
  {
    mountPath: "/var/run/secrets/kubernetes.io/serviceaccount",
    name: "kube-api-access-t6xdb",
    readOnly: true,
    recursiveReadOnly: "Disabled",
  },
];

function started(): PurePod {
  const pod = new PurePod(testPlan());
  pod.happen({ t: "seen" });
  pod.run(3000);
  return pod;
}

describe("the patches of a pod start, as kubelet-audit §3 has them", () => {
  const [first = "", second = "", third = ""] = started().patches;
  const at = "2026-11-22T13:34:03Z";

  it("PATCH 1 has everything waiting", () => {
    const condition = { lastProbeTime: null, lastTransitionTime: at };
    const unready = {
      message: "containers with unready status: [c]",
      observedGeneration: 1,
      reason: "ContainersNotReady",
    };
    expect(first).toBe(
      JSON.stringify({
        metadata: { uid: "c2e5" },
        status: {
          "$setElementOrder/conditions": order,
          conditions: [
            { ...condition, observedGeneration: 1, status: "False", type: "PodReadyToStartContainers" },
            { ...condition, observedGeneration: 1, status: "True", type: "Initialized" },
            { ...condition, ...unready, status: "False", type: "Ready" },
            { ...condition, ...unready, status: "False", type: "ContainersReady" },
            { observedGeneration: 1, type: "PodScheduled" },
          ],
          containerStatuses: [
            {
              image: "app:1",
              imageID: "",
              lastState: {},
              name: "c",
              ready: false,
              restartCount: 0,
              started: false,
              state: { waiting: { reason: "ContainerCreating" } },
              volumeMounts: mounts,
            },
          ],
          hostIP: "192.0.2.2",
          hostIPs: [{ ip: "192.0.2.2" }],
          observedGeneration: 1,
          startTime: at,
        },
      }),
    );
  });

  it("PATCH 2 has the sandbox and nothing else", () => {
    expect(second).toBe(
      JSON.stringify({
        metadata: { uid: "c2e5" },
        status: {
          "$setElementOrder/conditions": order,
          conditions: [{ status: "True", type: "PodReadyToStartContainers" }],
        },
      }),
    );
    // 298 B with a UID of 36 characters.
    expect(second.length).toBe(298 - (36 - 4));
  });

  it("PATCH 3 has Running, Ready and the IP", () => {
    const status = (JSON.parse(third) as { status: { containerStatuses: { containerID: string; imageID: string }[] } })
      .status;
    const { containerID, imageID } = status.containerStatuses[0]!;
    expect(containerID).toMatch(/^containerd:\/\/[0-9a-f]{64}$/);
    expect(imageID).toMatch(/^sha256:[0-9a-f]{64}$/);
    // The sandbox and the container come within the second of the first push, so no transition time differs.
    expect(third).toBe(
      JSON.stringify({
        metadata: { uid: "c2e5" },
        status: {
          "$setElementOrder/conditions": order,
          conditions: [
            { message: null, reason: null, status: "True", type: "Ready" },
            { message: null, reason: null, status: "True", type: "ContainersReady" },
          ],
          containerStatuses: [
            {
              containerID,
              image: "app:1",
              imageID,
              lastState: {},
              name: "c",
              ready: true,
              resources: {},
              restartCount: 0,
              started: true,
              state: { running: { startedAt: at } },
              user: { linux: { gid: 0, supplementalGroups: [0], uid: 0 } },
              volumeMounts: mounts,
            },
          ],
          phase: "Running",
          podIP: "10.233.0.189",
          podIPs: [{ ip: "10.233.0.189" }],
        },
      }),
    );
  });

  it("a transition in a later second carries its time", () => {
    const pod = new PurePod(testPlan({ annotations: { "hollowfleet.dev/readiness-delay": "5s" } }));
    pod.happen({ t: "seen" });
    pod.run(10_000);
    expect(JSON.parse(pod.patches[3] ?? "").status.conditions[0]).toEqual({
      lastTransitionTime: "2026-11-22T13:34:08Z",
      message: null,
      reason: null,
      status: "True",
      type: "Ready",
    });
  });
});

describe("the patches of a deletion, as kubelet-audit §5 has them", () => {
  it("A echoes the generation, B ends the pod", () => {
    const pod = started();
    pod.takeCounts();
    pod.happen({ t: "delete", graceMs: 5000, generation: 2 });
    pod.run(5000);
    const [a = "", b = ""] = pod.patches;
    expect(a).toBe(
      JSON.stringify({
        metadata: { uid: "c2e5" },
        status: {
          "$setElementOrder/conditions": order,
          conditions: order.map(({ type }) => ({ observedGeneration: 2, type })),
          observedGeneration: 2,
        },
      }),
    );
    const { conditions, containerStatuses, ...rest } = JSON.parse(b).status;
    const at = "2026-11-22T13:34:06Z";
    expect(conditions).toEqual([
      { lastTransitionTime: at, status: "False", type: "PodReadyToStartContainers" },
      { reason: "PodCompleted", type: "Initialized" },
      { lastTransitionTime: at, reason: "PodCompleted", status: "False", type: "Ready" },
      { lastTransitionTime: at, reason: "PodCompleted", status: "False", type: "ContainersReady" },
    ]);
    expect(containerStatuses[0]).toMatchObject({
      ready: false,
      started: false,
      lastState: {},
      state: {
        terminated: {
          containerID: containerStatuses[0].containerID,
          exitCode: 0,
          reason: "Completed",
          startedAt: "2026-11-22T13:34:03Z",
          finishedAt: at,
        },
      },
    });
    expect(rest).toEqual({ "$setElementOrder/conditions": order, phase: "Succeeded" });
  });
});
