import type { json } from "@hollowfleet/wire";
import { expect, test } from "vitest";
import { podStatusText } from "./pod-status-text.ts";

type Status = Partial<json.PodStatus>;
type Container = Partial<json.ContainerStatus>;

const running: Container = { name: "a", ready: true, state: { running: {} } };
const done: Container = { name: "i", state: { terminated: { exitCode: 0, reason: "Completed" } } };

function text(status: Status, { init = 0, sidecars = 0, containers = 1, deleted = false } = {}) {
  const pod = {
    metadata: { name: "p", ...(deleted && { deletionTimestamp: "2026-01-01T00:00:00Z" }) },
    spec: {
      containers: Array.from({ length: containers }, (_, i) => ({ name: "abc"[i] })),
      initContainers: [
        ...Array.from({ length: sidecars }, (_, i) => ({ name: `side${i}`, restartPolicy: "Always" })),
        ...Array.from({ length: init }, (_, i) => ({ name: "ijk"[i] })),
      ],
    },
    status,
  };
  const { reason, ready, total } = podStatusText(pod as unknown as json.Pod);
  return `${ready}/${total} ${reason}`;
}

const waiting = (reason: string): Container => ({ name: "a", state: { waiting: { reason } } });
const ended = (terminated: object, name = "a"): Container => ({ name, state: { terminated } }) as unknown as Container;
const list = (...containers: Container[]) => containers as json.ContainerStatus[];
const condition = (type: string, status: string, reason = ""): Status => ({
  conditions: [{ type, status, reason }] as unknown as json.PodCondition[],
});

// As printPod of pkg/printers/internalversion/printers.go sums them up.
test.each<[string, Status, Parameters<typeof text>[1]]>([
  ["0/1 Pending", { phase: "Pending" }, {}],
  ["0/1 SchedulingGated", { phase: "Pending", ...condition("PodScheduled", "False", "SchedulingGated") }, {}],
  ["0/1 Evicted", { phase: "Failed", reason: "Evicted" }, {}],
  ["1/1 Running", { phase: "Running", containerStatuses: list(running) }, {}],
  ["0/1 ContainerCreating", { phase: "Pending", containerStatuses: list(waiting("ContainerCreating")) }, {}],
  ["0/1 CrashLoopBackOff", { phase: "Running", containerStatuses: list(waiting("CrashLoopBackOff")) }, {}],
  [
    "1/2 Error",
    { phase: "Running", containerStatuses: list(ended({ exitCode: 1, reason: "Error" }), running) },
    { containers: 2 },
  ],
  ["0/1 Signal:9", { phase: "Failed", containerStatuses: list(ended({ exitCode: 137, signal: 9 })) }, {}],
  ["0/1 ExitCode:3", { phase: "Failed", containerStatuses: list(ended({ exitCode: 3 })) }, {}],
  ["0/1 Completed", { phase: "Succeeded", containerStatuses: list(ended({ exitCode: 0, reason: "Completed" })) }, {}],
  [
    "1/2 Running",
    { phase: "Running", containerStatuses: list({ ...done, name: "a" }, running), ...condition("Ready", "True") },
    { containers: 2 },
  ],
  [
    "1/2 NotReady",
    { phase: "Running", containerStatuses: list({ ...done, name: "a" }, running), ...condition("Ready", "False") },
    { containers: 2 },
  ],
  [
    "0/2 OOMKilled",
    {
      phase: "Failed",
      containerStatuses: list({ ...done, name: "a" }, ended({ exitCode: 137, reason: "OOMKilled" }, "b")),
    },
    { containers: 2 },
  ],
  [
    "0/1 Init:0/2",
    { phase: "Pending", initContainerStatuses: list({ name: "i", state: { running: {} } }) },
    { init: 2 },
  ],
  [
    "0/1 Init:1/2",
    {
      phase: "Pending",
      initContainerStatuses: list(done, { name: "j", state: { waiting: { reason: "PodInitializing" } } }),
    },
    { init: 2 },
  ],
  ["0/1 Init:ErrImagePull", { phase: "Pending", initContainerStatuses: list(waiting("ErrImagePull")) }, { init: 1 }],
  [
    "0/1 Init:Error",
    { phase: "Pending", initContainerStatuses: list(ended({ exitCode: 1, reason: "Error" })) },
    { init: 1 },
  ],
  ["0/1 Init:ExitCode:1", { phase: "Pending", initContainerStatuses: list(ended({ exitCode: 1 })) }, { init: 1 }],
  [
    "0/1 PodInitializing",
    { phase: "Pending", initContainerStatuses: list(done), containerStatuses: list(waiting("PodInitializing")) },
    { init: 1 },
  ],
  [
    "2/2 Running",
    {
      phase: "Running",
      initContainerStatuses: list({ ...running, name: "side0", started: true }),
      containerStatuses: list(running),
    },
    { sidecars: 1 },
  ],
  [
    "1/2 Init:1/2",
    {
      phase: "Pending",
      initContainerStatuses: list({ ...running, name: "side0", started: true }, { name: "i", state: {} }),
    },
    { sidecars: 1, init: 1 },
  ],
  ["1/1 Terminating", { phase: "Running", containerStatuses: list(running) }, { deleted: true }],
  [
    "0/1 Completed",
    { phase: "Succeeded", containerStatuses: list(ended({ exitCode: 0, reason: "Completed" })) },
    { deleted: true },
  ],
  ["1/1 Unknown", { phase: "Running", reason: "NodeLost", containerStatuses: list(running) }, { deleted: true }],
])("%s", (expected, status, options) => {
  expect(text(status, options)).toBe(expected);
});
