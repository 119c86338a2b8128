import { ago, named, namespace, type TableObject } from "./table-object.ts";

const terminated = (exitCode: number, reason: string, more: object = {}) => ({
  terminated: { exitCode, reason, startedAt: ago(400), finishedAt: ago(300), ...more },
});
const running = { running: { startedAt: ago(200) } };

function containerStatus(name: string, state: object, more: object = {}): object {
  return { name, state, ready: false, restartCount: 0, image: "i", imageID: "", lastState: {}, ...more };
}

function pod(name: string, status: object, spec: object = {}): TableObject {
  const object = named(name, { spec: { containers: [{ name: "a", image: "a:1" }], ...spec } });
  return { path: `${namespace}/pods`, object, status };
}

const init = {
  initContainers: [
    { name: "i", image: "i:1" },
    { name: "j", image: "j:1" },
  ],
};
const sidecar = {
  initContainers: [
    { name: "s", image: "s:1", restartPolicy: "Always" },
    { name: "i", image: "i:1" },
  ],
};

export const tablePods: readonly TableObject[] = [
  pod("pending", { phase: "Pending" }),
  pod("gated", { phase: "Pending" }, { schedulingGates: [{ name: "example.com/gate" }] }),
  pod("creating", {
    phase: "Pending",
    containerStatuses: [containerStatus("a", { waiting: { reason: "ContainerCreating" } })],
  }),
  pod(
    "init",
    {
      phase: "Pending",
      initContainerStatuses: [containerStatus("i", terminated(0, "Completed")), containerStatus("j", running)],
    },
    init,
  ),
  pod(
    "init-failed",
    { phase: "Pending", initContainerStatuses: [containerStatus("i", terminated(3, ""), { restartCount: 2 })] },
    init,
  ),
  pod(
    "init-waits",
    { phase: "Pending", initContainerStatuses: [containerStatus("i", { waiting: { reason: "ErrImagePull" } })] },
    init,
  ),
  pod(
    "sidecar",
    {
      phase: "Running",
      conditions: [{ type: "Initialized", status: "True" }],
      initContainerStatuses: [
        containerStatus("s", running, {
          ready: true,
          started: true,
          restartCount: 1,
          lastState: terminated(1, "Error"),
        }),
        containerStatus("i", terminated(0, "Completed"), {
          restartCount: 4,
          lastState: terminated(1, "Error", { finishedAt: ago(10) }),
        }),
      ],
      containerStatuses: [containerStatus("a", running, { ready: true, started: true })],
    },
    sidecar,
  ),
  pod(
    "running",
    {
      phase: "Running",
      podIP: "10.9.1.1",
      podIPs: [{ ip: "10.9.1.1" }],
      hostIP: "10.0.0.1",
      hostIPs: [{ ip: "10.0.0.1" }],
      conditions: [{ type: "example.com/gate", status: "True" }],
      containerStatuses: [
        containerStatus("a", running, { ready: true, restartCount: 3, lastState: terminated(1, "Error") }),
      ],
    },
    {
      nodeName: "ready",
      readinessGates: [{ conditionType: "example.com/gate" }, { conditionType: "example.com/other" }],
    },
  ),
  pod("crashing", {
    phase: "Running",
    containerStatuses: [
      containerStatus(
        "a",
        { waiting: { reason: "CrashLoopBackOff" } },
        { restartCount: 12, lastState: terminated(137, "OOMKilled") },
      ),
    ],
  }),
  pod("succeeded", { phase: "Succeeded", containerStatuses: [containerStatus("a", terminated(0, "Completed"))] }),
  pod("failed", { phase: "Failed", containerStatuses: [containerStatus("a", terminated(137, "", { signal: 9 }))] }),
  pod("evicted", { phase: "Failed", reason: "Evicted", message: "disk" }),
  pod(
    "half-done",
    {
      phase: "Running",
      conditions: [{ type: "Ready", status: "False" }],
      containerStatuses: [
        containerStatus("a", terminated(0, "Completed")),
        containerStatus("b", running, { ready: true }),
      ],
    },
    {
      containers: [
        { name: "a", image: "a:1" },
        { name: "b", image: "b:2" },
      ],
    },
  ),
];

const nodeInfo = {
  machineID: "m",
  systemUUID: "s",
  bootID: "b",
  kernelVersion: "6.1.0",
  osImage: "Linux",
  containerRuntimeVersion: "containerd://2.0.0",
  kubeletVersion: "v1.36.3",
  kubeProxyVersion: "",
  operatingSystem: "linux",
  architecture: "amd64",
};

export const tableNodes: readonly TableObject[] = [
  {
    path: "/api/v1/nodes",
    object: named(
      "ready",
      {},
      {
        labels: {
          "node-role.kubernetes.io/worker": "",
          "node-role.kubernetes.io/edge": "",
          "kubernetes.io/role": "old",
        },
      },
    ),
    status: {
      nodeInfo,
      conditions: [{ type: "Ready", status: "True" }],
      addresses: [
        { type: "InternalIP", address: "10.0.0.1" },
        { type: "ExternalIP", address: "1.1.1.1" },
      ],
    },
  },
  {
    path: "/api/v1/nodes",
    object: named("cordoned", { spec: { unschedulable: true } }),
    status: { conditions: [{ type: "Ready", status: "Unknown" }] },
  },
  { path: "/api/v1/nodes", object: named("new") },
];
