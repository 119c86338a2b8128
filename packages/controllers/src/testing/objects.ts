import { timestamp } from "../objects/meta.ts";
import type {
  Deployment,
  DeploymentSpec,
  Job,
  JobSpec,
  Node,
  Pod,
  PodSpec,
  PodTemplateSpec,
} from "../objects/types.ts";

const templateSpec: NonNullable<PodTemplateSpec["spec"]> = {
  containers: [{ name: "main", image: "app:1", resources: { requests: { cpu: "100m", memory: "64Mi" } } }],
  restartPolicy: "Always",
  terminationGracePeriodSeconds: 30,
  schedulerName: "default-scheduler",
  tolerations: [
    { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
    { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
  ],
};

export function template(app: string, image = "app:1"): PodTemplateSpec {
  const containers = (templateSpec.containers ?? []).map((container) => ({ ...container, image }));
  return { metadata: { labels: { app } }, spec: { ...templateSpec, containers } };
}

/** A Deployment as the server has it after defaulting. */
export function deployment(name: string, replicas: number, spec: Partial<DeploymentSpec> = {}): Deployment {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "default", uid: `${name}-uid`, generation: 1 },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: template(name),
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      ...spec,
    },
  };
}

export function job(name: string, spec: Partial<JobSpec> = {}): Job {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, namespace: "default", uid: `${name}-uid`, generation: 1 },
    spec: {
      parallelism: 1,
      completions: 1,
      backoffLimit: 6,
      template: { metadata: {}, spec: { ...templateSpec, restartPolicy: "Never" } },
      ...spec,
    },
  };
}

/** A Node as it is after registration, Ready. */
export function node(name: string, nowMs: number, labels: Record<string, string> = {}): Node {
  const at = timestamp(nowMs);
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      uid: `${name}-uid`,
      labels: { "kubernetes.io/hostname": name, ...labels },
      creationTimestamp: at,
    },
    spec: { taints: [{ key: "node.kubernetes.io/not-ready", effect: "NoSchedule" }] },
    status: {
      capacity: { cpu: "4", memory: "8Gi", pods: "110" },
      allocatable: { cpu: "4", memory: "8Gi", pods: "110" },
      conditions: [
        { type: "MemoryPressure", status: "False", lastHeartbeatTime: at, lastTransitionTime: at },
        { type: "DiskPressure", status: "False", lastHeartbeatTime: at, lastTransitionTime: at },
        { type: "PIDPressure", status: "False", lastHeartbeatTime: at, lastTransitionTime: at },
        { type: "Ready", status: "True", reason: "KubeletReady", lastHeartbeatTime: at, lastTransitionTime: at },
      ],
    },
  };
}

/** A pod, by what matters to the test. */
export function pod(
  name: string,
  change: Partial<Omit<Pod, "spec">> & { readonly spec?: Partial<PodSpec>; readonly ready?: boolean } = {},
): Pod {
  const { ready, spec, ...rest } = change;
  const conditions = [{ type: "Ready", status: ready ? "True" : "False", lastTransitionTime: "2026-01-01T00:00:00Z" }];
  return {
    apiVersion: "v1",
    kind: "Pod",
    ...rest,
    metadata: { name, namespace: "default", uid: `${name}-uid`, ...rest.metadata },
    spec: { containers: [], ...spec },
    status: { phase: "Pending", ...(ready !== undefined && { phase: "Running", conditions }), ...rest.status },
  };
}
