import type { ConformanceCase } from "../harness/conformance-case.ts";
import { core, object, pod, pods } from "./objects.ts";

const quota = object("v1", "LimitRange", "l", {
  spec: {
    limits: [{ type: "Container", default: { cpu: "500m" }, defaultRequest: { cpu: "100m" }, max: { cpu: "1" } }],
  },
});

/** What admission and defaulting make of a pod. */
export const podDefaultCases: readonly ConformanceCase[] = [
  { name: "pod: the least that one can say", steps: [{ path: pods, body: pod("p") }] },
  {
    name: "pod: with everything that has a default inside",
    steps: [
      {
        path: pods,
        body: pod("p", {
          containers: [
            {
              name: "c",
              image: "app",
              ports: [{ containerPort: 80 }],
              livenessProbe: { httpGet: { port: 80 } },
              readinessProbe: { tcpSocket: { port: "web" } },
              startupProbe: { exec: { command: ["true"] } },
              lifecycle: { preStop: { httpGet: { port: 80 } } },
              env: [{ name: "NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } }],
              resources: { limits: { cpu: "1", memory: "128Mi" } },
              volumeMounts: [{ name: "s", mountPath: "/s" }],
            },
          ],
          initContainers: [{ name: "i", image: "init:latest" }],
          volumes: [
            { name: "s", secret: { secretName: "s" } },
            { name: "c", configMap: { name: "c" } },
            { name: "e", emptyDir: {} },
            { name: "h", hostPath: { path: "/x" } },
            { name: "d", downwardAPI: { items: [{ path: "p", fieldRef: { fieldPath: "metadata.name" } }] } },
          ],
        }),
      },
    ],
  },
  {
    name: "pod: without token, on the host's network, with a priority class",
    steps: [
      {
        path: pods,
        body: pod("p", {
          automountServiceAccountToken: false,
          hostNetwork: true,
          containers: [{ name: "c", image: "app:1", ports: [{ containerPort: 80 }] }],
        }),
      },
      { path: pods, body: pod("q", { priorityClassName: "none" }) },
      { path: pods, body: pod("r", { priorityClassName: "system-node-critical" }) },
      { path: pods, body: pod("s", { priority: 5 }) },
    ],
  },
  {
    name: "pod: tolerations that it has, and that are added",
    steps: [
      {
        path: pods,
        body: pod("p", {
          tolerations: [{ key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" }],
        }),
      },
      { path: pods, body: pod("q", { tolerations: [{ operator: "Exists" }] }) },
    ],
  },
  {
    name: "pod: quality of service",
    steps: [
      { path: pods, body: pod("best"), view: statusOf },
      ...[
        { requests: { cpu: "1" } },
        { limits: { cpu: "1", memory: "1Gi" } },
        { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } },
        { requests: { cpu: "500m", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } },
      ].map((resources, index) => ({
        path: pods,
        body: pod(`p${index}`, { containers: [{ name: "c", image: "app:1", resources }] }),
        view: statusOf,
      })),
    ],
  },
  {
    name: "pod: under a LimitRange",
    steps: [
      { path: `${core}/limitranges`, body: quota },
      // The real server's admission looks at a cache of them.
      {
        path: `${pods}?dryRun=All`,
        body: pod("big", { containers: [{ name: "c", image: "app:1", resources: { limits: { cpu: "2" } } }] }),
        until: 403,
      },
      { path: pods, body: pod("p") },
    ],
  },
];

function statusOf(body: unknown): unknown {
  const { status, message } = body as { status: unknown; message?: unknown };
  return { status, message };
}
