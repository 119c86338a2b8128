import { type Manifest, manifest, workloadSpec } from "./manifest.ts";

const container = { name: "c", image: "app:1" };
const jobPod = { restartPolicy: "Never", containers: [container] };

/** Workloads that the server refuses. */
export const invalidWorkloads: readonly Manifest[] = [
  manifest("nothing", "apps/v1", "Deployment"),
  manifest("empty selector", "apps/v1", "Deployment", { spec: workloadSpec({ selector: {} }) }),
  manifest("selector does not match", "apps/v1", "Deployment", {
    spec: workloadSpec({ selector: { matchLabels: { app: "b" } } }),
  }),
  manifest("unusable selector", "apps/v1", "Deployment", {
    spec: workloadSpec({ selector: { matchExpressions: [{ key: "a", operator: "X" }] } }),
  }),
  manifest("values", "apps/v1", "Deployment", {
    spec: workloadSpec({ replicas: -1, revisionHistoryLimit: -1, minReadySeconds: 700, strategy: { type: "Odd" } }),
  }),
  manifest("stands still", "apps/v1", "Deployment", {
    spec: workloadSpec({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: "0%" } } }),
  }),
  manifest("percent", "apps/v1", "Deployment", {
    spec: workloadSpec({ strategy: { rollingUpdate: { maxSurge: "x", maxUnavailable: "200%" } } }),
  }),
  manifest("Recreate", "apps/v1", "Deployment", {
    spec: workloadSpec({ strategy: { type: "Recreate", rollingUpdate: { maxSurge: 1 } } }),
  }),
  manifest("restartPolicy", "apps/v1", "Deployment", {
    spec: workloadSpec({}, { restartPolicy: "Never", activeDeadlineSeconds: 5 }),
  }),
  manifest("template", "apps/v1", "Deployment", { spec: workloadSpec({}, { containers: [{ name: "A" }] }) }),
  manifest("nothing", "apps/v1", "ReplicaSet"),
  manifest("replicas", "apps/v1", "ReplicaSet", { spec: workloadSpec({ replicas: -1 }) }),
  manifest("nothing", "apps/v1", "StatefulSet"),
  manifest("values", "apps/v1", "StatefulSet", {
    spec: workloadSpec({
      podManagementPolicy: "X",
      updateStrategy: { type: "Y" },
      serviceName: "a.b",
      ordinals: { start: -1 },
    }),
  }),
  manifest("claims", "apps/v1", "StatefulSet", {
    spec: workloadSpec({ volumeClaimTemplates: [{ metadata: { name: "d" }, spec: {} }] }),
  }),
  manifest("nothing", "apps/v1", "DaemonSet"),
  manifest("strategy", "apps/v1", "DaemonSet", {
    spec: workloadSpec({ updateStrategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } } }),
  }),
  manifest("no data", "apps/v1", "ControllerRevision", { revision: -1 }),
  manifest("nothing", "batch/v1", "Job"),
  manifest("restartPolicy", "batch/v1", "Job", { spec: { template: { spec: { containers: [container] } } } }),
  manifest("values", "batch/v1", "Job", {
    spec: {
      parallelism: -1,
      completions: -1,
      backoffLimit: -1,
      completionMode: "X",
      podReplacementPolicy: "Y",
      managedBy: "z",
      template: { spec: jobPod },
    },
  }),
  manifest("indexed", "batch/v1", "Job", {
    spec: { completionMode: "Indexed", parallelism: 1, maxFailedIndexes: 1, template: { spec: jobPod } },
  }),
  manifest("failure policy", "batch/v1", "Job", {
    spec: {
      podFailurePolicy: {
        rules: [
          { action: "X" },
          { action: "FailJob", onExitCodes: { operator: "In", values: [0, 2, 1, 2], containerName: "z" } },
        ],
      },
      template: { spec: jobPod },
    },
  }),
  manifest("own selector", "batch/v1", "Job", {
    spec: { selector: { matchLabels: { a: "b" } }, template: { spec: jobPod } },
  }),
  manifest("own selector that does not match", "batch/v1", "Job", {
    spec: { manualSelector: true, selector: { matchLabels: { a: "b" } }, template: { spec: jobPod } },
  }),
  manifest("schedule", "batch/v1", "CronJob", {
    spec: {
      schedule: "* * *",
      timeZone: "No/Where",
      concurrencyPolicy: "X",
      jobTemplate: { spec: { template: { spec: jobPod } } },
    },
  }),
  manifest("long name", "batch/v1", "CronJob", {
    metadata: { name: "a".repeat(53) },
    spec: { schedule: "", jobTemplate: { spec: { template: { spec: jobPod } } } },
  }),
  manifest("both", "policy/v1", "PodDisruptionBudget", {
    spec: { minAvailable: 1, maxUnavailable: "x", unhealthyPodEvictionPolicy: "Y" },
  }),
  manifest("percent", "policy/v1", "PodDisruptionBudget", {
    spec: { minAvailable: "101%", selector: { matchLabels: { "a b": "c" } } },
  }),
];

/** Bodies of storage, scheduling and RBAC that the server refuses. */
export const invalidClusterKinds: readonly Manifest[] = [
  manifest("nothing", "storage.k8s.io/v1", "StorageClass"),
  manifest("policies", "storage.k8s.io/v1", "StorageClass", {
    provisioner: "p",
    reclaimPolicy: "Recycle",
    volumeBindingMode: "X",
  }),
  manifest("driver", "storage.k8s.io/v1", "CSIDriver", { spec: { fsGroupPolicy: "X", volumeLifecycleModes: ["Y"] } }),
  manifest("drivers", "storage.k8s.io/v1", "CSINode", {
    spec: {
      drivers: [
        { name: "", nodeID: "" },
        { name: "a", nodeID: "n", topologyKeys: ["k", "k"] },
        { name: "a", nodeID: "n", allocatable: { count: -1 } },
      ],
    },
  }),
  manifest("nothing", "storage.k8s.io/v1", "VolumeAttachment"),
  manifest("nothing", "node.k8s.io/v1", "RuntimeClass"),
  manifest("handler", "node.k8s.io/v1", "RuntimeClass", { handler: "Bad_Handler" }),
  manifest("too high", "scheduling.k8s.io/v1", "PriorityClass", { value: 1_000_000_001, preemptionPolicy: "X" }),
  manifest("reserved", "scheduling.k8s.io/v1", "PriorityClass", { metadata: { name: "system-mine" }, value: 1 }),
  manifest("rules", "rbac.authorization.k8s.io/v1", "Role", {
    rules: [{}, { verbs: ["get"], nonResourceURLs: ["/x"] }],
  }),
  manifest("name", "rbac.authorization.k8s.io/v1", "ClusterRole", {
    metadata: { name: "a/b" },
    rules: [{ verbs: ["get"], nonResourceURLs: ["/x"], resources: ["y"] }],
  }),
  manifest("binding", "rbac.authorization.k8s.io/v1", "RoleBinding", {
    roleRef: { kind: "X" },
    subjects: [{ kind: "Y" }, { kind: "ServiceAccount", name: "Bad Name" }],
  }),
  manifest("binding", "rbac.authorization.k8s.io/v1", "ClusterRoleBinding", {
    roleRef: { kind: "Role", name: "r" },
    subjects: [{ kind: "ServiceAccount", name: "s" }],
  }),
];
