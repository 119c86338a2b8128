import type { ConformanceCase } from "../harness/conformance-case.ts";
import { object, podTemplate } from "./objects.ts";

interface KindExample {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** A merge patch; default a label. */
  readonly patch?: unknown;
}

const namespaced = (groupVersion: string, resource: string): string =>
  `${groupVersion === "v1" ? "/api/v1" : `/apis/${groupVersion}`}/namespaces/{ns}/${resource}`;
const clustered = (groupVersion: string, resource: string): string =>
  `${groupVersion === "v1" ? "/api/v1" : `/apis/${groupVersion}`}/${resource}`;

const selector = (app: string) => ({ matchLabels: { app } });

/** One object of each kind that the cases beside do not look at, as a user would write it. */
const examples: readonly KindExample[] = [
  {
    path: namespaced("v1", "services"),
    body: object("v1", "Service", "s", { spec: { clusterIP: "None", selector: { app: "s" }, ports: [{ port: 80 }] } }),
  },
  {
    path: namespaced("v1", "endpoints"),
    body: object("v1", "Endpoints", "e", {
      subsets: [{ addresses: [{ ip: "10.128.0.7" }], ports: [{ port: 80, name: "web" }] }],
    }),
  },
  {
    path: namespaced("v1", "persistentvolumeclaims"),
    body: object("v1", "PersistentVolumeClaim", "c", {
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, storageClassName: "none" },
    }),
  },
  {
    path: clustered("v1", "persistentvolumes"),
    body: object("v1", "PersistentVolume", "{ns}-v", {
      spec: { accessModes: ["ReadWriteOnce"], capacity: { storage: "1Gi" }, hostPath: { path: "/tmp/x" } },
    }),
  },
  {
    path: namespaced("v1", "replicationcontrollers"),
    body: object("v1", "ReplicationController", "r", { spec: { selector: { app: "r" }, template: podTemplate("r") } }),
  },
  {
    path: namespaced("v1", "podtemplates"),
    body: object("v1", "PodTemplate", "t", { template: podTemplate("t") }),
  },
  {
    path: namespaced("v1", "limitranges"),
    body: object("v1", "LimitRange", "l", {
      spec: { limits: [{ type: "Container", default: { cpu: "1" }, defaultRequest: { cpu: "100m" } }] },
    }),
  },
  {
    path: namespaced("v1", "resourcequotas"),
    body: object("v1", "ResourceQuota", "q", { spec: { hard: { pods: "10" } } }),
  },
  { path: namespaced("v1", "serviceaccounts"), body: object("v1", "ServiceAccount", "a") },
  {
    path: namespaced("v1", "events"),
    body: object("v1", "Event", "e", {
      involvedObject: { kind: "Pod", name: "p", namespace: "{ns}" },
      reason: "Tested",
      message: "it is",
      type: "Normal",
      count: 1,
      source: { component: "test" },
      firstTimestamp: "2020-01-01T00:00:00Z",
      lastTimestamp: "2020-01-01T00:00:00Z",
    }),
    patch: { count: 2 },
  },
  {
    path: namespaced("events.k8s.io/v1", "events"),
    body: object("events.k8s.io/v1", "Event", "e", {
      eventTime: "2020-01-01T00:00:00.000001Z",
      reportingController: "example.com/test",
      reportingInstance: "test-1",
      action: "Testing",
      reason: "Tested",
      type: "Normal",
      regarding: { kind: "Pod", name: "p", namespace: "{ns}" },
      note: "it is",
    }),
  },
  {
    path: namespaced("apps/v1", "replicasets"),
    body: object("apps/v1", "ReplicaSet", "r", { spec: { selector: selector("r"), template: podTemplate("r") } }),
    patch: { spec: { replicas: 4 } },
  },
  {
    path: namespaced("apps/v1", "statefulsets"),
    body: object("apps/v1", "StatefulSet", "s", {
      spec: { serviceName: "s", selector: selector("s"), template: podTemplate("s") },
    }),
    patch: { spec: { replicas: 4 } },
  },
  {
    path: namespaced("apps/v1", "daemonsets"),
    body: object("apps/v1", "DaemonSet", "d", { spec: { selector: selector("d"), template: podTemplate("d") } }),
    patch: { spec: { minReadySeconds: 4 } },
  },
  {
    path: namespaced("apps/v1", "controllerrevisions"),
    body: object("apps/v1", "ControllerRevision", "c", { revision: 1, data: { any: "thing" } }),
  },
  {
    path: namespaced("batch/v1", "jobs"),
    body: object("batch/v1", "Job", "j", { spec: { template: podTemplate("j", { restartPolicy: "Never" }) } }),
    patch: { spec: { parallelism: 2 } },
  },
  {
    path: namespaced("batch/v1", "cronjobs"),
    body: object("batch/v1", "CronJob", "c", {
      spec: {
        schedule: "*/5 * * * *",
        jobTemplate: { spec: { template: podTemplate("c", { restartPolicy: "OnFailure" }) } },
      },
    }),
  },
  {
    path: namespaced("policy/v1", "poddisruptionbudgets"),
    body: object("policy/v1", "PodDisruptionBudget", "b", { spec: { maxUnavailable: 1, selector: selector("b") } }),
    patch: { spec: { maxUnavailable: 2 } },
  },
  {
    path: namespaced("discovery.k8s.io/v1", "endpointslices"),
    body: object("discovery.k8s.io/v1", "EndpointSlice", "e", {
      addressType: "IPv4",
      endpoints: [{ addresses: ["10.128.0.7"], conditions: { ready: true }, nodeName: "n1" }],
      ports: [{ port: 80, name: "web" }],
    }),
  },
  {
    path: clustered("scheduling.k8s.io/v1", "priorityclasses"),
    body: object("scheduling.k8s.io/v1", "PriorityClass", "{ns}-p", { value: 1000, description: "for tests" }),
  },
  {
    path: clustered("storage.k8s.io/v1", "storageclasses"),
    body: object("storage.k8s.io/v1", "StorageClass", "{ns}-s", { provisioner: "example.com/none" }),
  },
  {
    path: clustered("storage.k8s.io/v1", "csidrivers"),
    body: object("storage.k8s.io/v1", "CSIDriver", "{ns}.example.com", { spec: {} }),
  },
  {
    path: clustered("storage.k8s.io/v1", "csinodes"),
    body: object("storage.k8s.io/v1", "CSINode", "{ns}-n", { spec: { drivers: [] } }),
  },
  {
    path: clustered("node.k8s.io/v1", "runtimeclasses"),
    body: object("node.k8s.io/v1", "RuntimeClass", "{ns}-r", { handler: "none" }),
  },
  {
    path: namespaced("rbac.authorization.k8s.io/v1", "roles"),
    body: object("rbac.authorization.k8s.io/v1", "Role", "r", {
      rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
    }),
  },
];

/** Each kind is made, read, patched, listed and deleted in the same way. */
export const kindCases: readonly ConformanceCase[] = examples.map(({ path, body, patch }) => {
  const { apiVersion, kind, metadata } = body as { apiVersion: string; kind: string; metadata: { name: string } };
  return {
    name: `kind: ${kind} of ${apiVersion}`,
    steps: [
      { path, body },
      { path, body },
      {
        method: "PATCH",
        path: `${path}/${metadata.name}`,
        body: patch ?? { metadata: { labels: { patched: "{ns}" } } },
      },
      { path: `${path}/${metadata.name}` },
      { path: `${path}?fieldSelector=metadata.name%3D${metadata.name}` },
      { method: "DELETE", path: `${path}/${metadata.name}` },
      { path: `${path}/${metadata.name}` },
    ],
  };
});
