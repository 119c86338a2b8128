import { type Manifest, manifest, podWith, workloadSpec } from "./manifest.ts";

/** An object that is created, and a merge patch of it or of one of its subresources. */
export interface Change {
  /** Unique. */
  readonly title: string;
  readonly manifest: Manifest;
  readonly patch: object;
  /** Default "": the object itself. */
  readonly subresource?: string;
}

function change(what: string, of: Manifest, patch: object, subresource = ""): Change {
  return { title: `${of.body.kind}: ${what}`, manifest: of, patch, subresource };
}

const bound = { nodeName: "n1", automountServiceAccountToken: false };
const pod = podWith("pod", {}, bound);
const neverPod = podWith("pod", {}, { ...bound, restartPolicy: "Never" });
const tolerating = podWith(
  "pod",
  {},
  { ...bound, tolerations: [{ key: "a", operator: "Exists" }], activeDeadlineSeconds: 50 },
);
const gated = podWith(
  "pod",
  {},
  { automountServiceAccountToken: false, schedulingGates: [{ name: "a/b" }], nodeSelector: { a: "b" } },
);
const app = { name: "c", image: "app:1" };

const pods: readonly Change[] = [
  change("nothing", pod, {}),
  change("a label", pod, { metadata: { labels: { a: "b" } } }),
  change("another image", pod, { spec: { containers: [{ ...app, image: "app:2" }] } }),
  change("no image", pod, { spec: { containers: [{ name: "c", image: "" }] } }),
  change("another node", pod, { spec: { nodeName: "n2" } }),
  change("more containers", pod, { spec: { containers: [app, { name: "d", image: "d" }] } }),
  change("a deadline", pod, { spec: { activeDeadlineSeconds: 10 } }),
  change("a later deadline", tolerating, { spec: { activeDeadlineSeconds: 60 } }),
  change("no deadline", tolerating, { spec: { activeDeadlineSeconds: null } }),
  change("more tolerations", tolerating, {
    spec: {
      tolerations: [
        { key: "a", operator: "Exists", tolerationSeconds: null },
        { key: "b", operator: "Exists", effect: "NoExecute", tolerationSeconds: 3 },
      ],
    },
  }),
  change("fewer tolerations", tolerating, { spec: { tolerations: [] } }),
  change("a gate", pod, { spec: { schedulingGates: [{ name: "x/y" }] } }),
  change("no gate", gated, { spec: { schedulingGates: [] } }),
  change("more selectors while gated", gated, { spec: { nodeSelector: { c: "d" } } }),
  change("other selectors while gated", gated, { spec: { nodeSelector: { a: "c" } } }),
  change("status by the object", pod, { status: { phase: "Running" } }),
  change(
    "status",
    pod,
    {
      status: {
        phase: "Running",
        podIP: "10.1.2.3",
        conditions: [{ type: "Ready", status: "True" }],
        containerStatuses: [
          {
            name: "c",
            ready: true,
            restartCount: 0,
            image: "app:1",
            imageID: "",
            state: { running: { startedAt: "2026-01-02T03:04:05Z" } },
          },
        ],
      },
    },
    "status",
  ),
  change("spec by the status", pod, { spec: { nodeName: "n2" }, status: { phase: "Running" } }, "status"),
  change(
    "faults in the status",
    pod,
    {
      status: {
        qosClass: "Guaranteed",
        observedGeneration: -1,
        podIPs: [{ ip: "10.1.2.3" }, { ip: "10.1.2.4" }],
        hostIPs: [{ ip: "x" }],
        conditions: [{ type: "a b", status: "True" }],
        nominatedNodeName: "Bad_Name",
      },
    },
    "status",
  ),
  change(
    "a container that ended",
    neverPod,
    {
      status: {
        phase: "Succeeded",
        containerStatuses: [
          { name: "c", ready: false, restartCount: 0, image: "a", imageID: "", state: { terminated: { exitCode: 0 } } },
        ],
      },
    },
    "status",
  ),
  change("a mirror", pod, { metadata: { annotations: { "kubernetes.io/config.mirror": "x" } } }),
];

const frozen = manifest("x", "v1", "ConfigMap", { immutable: true, data: { a: "1" } });
const secret = manifest("x", "v1", "Secret", { data: { a: "AAE=" } });
const node = manifest("x", "v1", "Node", {
  spec: { podCIDR: "10.1.0.0/24", providerID: "p://x" },
  status: { capacity: { cpu: "1" } },
});
const claim = manifest("x", "v1", "PersistentVolumeClaim", {
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
});
const slice = manifest("x", "discovery.k8s.io/v1", "EndpointSlice", {
  addressType: "IPv4",
  endpoints: [{ addresses: ["10.1.2.3"] }],
});

const core: readonly Change[] = [
  change("data", frozen, { data: { a: "2" } }),
  change("immutable", frozen, { immutable: false }),
  change("labels", frozen, { metadata: { labels: { a: "b" } } }),
  change("type", secret, { type: "kubernetes.io/tls" }),
  change("stringData", secret, { stringData: { b: "x" } }),
  change("CIDR, provider", node, { spec: { podCIDR: "10.2.0.0/24", podCIDRs: null, providerID: "q" } }),
  change("taints", node, { spec: { taints: [{ key: "a", effect: "NoSchedule" }], unschedulable: true } }),
  change(
    "status",
    node,
    {
      status: {
        addresses: [
          { type: "Hostname", address: "x" },
          { type: "Hostname", address: "x" },
        ],
        capacity: { cpu: "-1" },
      },
      spec: { unschedulable: true },
    },
    "status",
  ),
  change("status by the object", node, { status: { capacity: { cpu: "5" } } }),
  change(
    "the status",
    manifest("x", "v1", "Namespace", { metadata: { name: "changes-a" } }),
    { status: { phase: "Terminating" } },
    "status",
  ),
  change("finalizers", manifest("x", "v1", "Namespace", { metadata: { name: "changes-b" } }), {
    spec: { finalizers: [] },
  }),
  change("duration", manifest("x", "coordination.k8s.io/v1", "Lease", { spec: { leaseDurationSeconds: 40 } }), {
    spec: { leaseDurationSeconds: -1 },
  }),
  change("addressType", slice, { addressType: "IPv6" }),
  change("endpoints", slice, { endpoints: [{ addresses: ["10.1.2.4"] }] }),
  change("size", claim, { spec: { resources: { requests: { storage: "2Gi" } } } }),
  change("phase", claim, { status: { phase: "Bound", capacity: { storage: "1Gi" } } }, "status"),
];

const service = manifest("x", "v1", "Service", { spec: { ports: [{ port: 80 }], selector: { a: "b" } } });
const nodePort = manifest("x", "v1", "Service", { spec: { type: "NodePort", ports: [{ port: 80, nodePort: 30111 }] } });

const services: readonly Change[] = [
  change("selector", service, { spec: { selector: { a: "c" } } }),
  change("clusterIP", service, { spec: { clusterIP: "10.96.7.7" } }),
  change("to headless", service, { spec: { clusterIP: "None" } }),
  change("to ExternalName", service, { spec: { type: "ExternalName", externalName: "a.b" } }),
  change("to NodePort", service, { spec: { type: "NodePort" } }),
  change("to ClusterIP", nodePort, { spec: { type: "ClusterIP" } }),
  change("to LoadBalancer", nodePort, { spec: { type: "LoadBalancer" } }),
  change("ports without their node ports", nodePort, { spec: { ports: [{ port: 80 }] } }),
  change("families", service, { spec: { ipFamilies: ["IPv6"] } }),
  change("ingress of ClusterIP", service, { status: { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } } }, "status"),
];

const deployment = manifest("x", "apps/v1", "Deployment", { spec: workloadSpec() });
const replicaSet = manifest("x", "apps/v1", "ReplicaSet", { spec: workloadSpec() });
const statefulSet = manifest("x", "apps/v1", "StatefulSet", { spec: workloadSpec({ serviceName: "s" }) });
const daemonSet = manifest("x", "apps/v1", "DaemonSet", { spec: workloadSpec() });
const jobSpec = { template: { spec: { restartPolicy: "Never", containers: [app] } } };
const job = manifest("x", "batch/v1", "Job", { spec: jobSpec });
const indexed = manifest("x", "batch/v1", "Job", {
  spec: { ...jobSpec, completions: 3, parallelism: 3, completionMode: "Indexed" },
});
const suspended = manifest("x", "batch/v1", "Job", { spec: { ...jobSpec, suspend: true } });
const budget = manifest("x", "policy/v1", "PodDisruptionBudget", { spec: { minAvailable: 1 } });
const otherTemplate = { template: { spec: { containers: [{ ...app, image: "app:2" }] } } };

const workloads: readonly Change[] = [
  change("replicas", deployment, { spec: { replicas: 3 } }),
  change("annotations", deployment, { metadata: { annotations: { a: "b" } } }),
  change("labels", deployment, { metadata: { labels: { a: "b" } } }),
  change("selector", deployment, { spec: { selector: { matchLabels: { app: "a", more: "b" } } } }),
  change("template", deployment, { spec: otherTemplate }),
  change(
    "status",
    deployment,
    { metadata: { labels: { a: "b" } }, spec: { replicas: 9 }, status: { replicas: 1, readyReplicas: 1 } },
    "status",
  ),
  change(
    "faults in the status",
    deployment,
    { status: { replicas: 1, readyReplicas: 2, availableReplicas: 3, observedGeneration: -1, collisionCount: -1 } },
    "status",
  ),
  change("selector", replicaSet, { spec: { selector: { matchLabels: { app: "b" } } } }),
  change("status", replicaSet, { status: { replicas: 1, fullyLabeledReplicas: 2 } }, "status"),
  change("replicas and template", statefulSet, { spec: { replicas: 0, ...otherTemplate } }),
  change("service", statefulSet, { spec: { serviceName: "t" } }),
  change("status", statefulSet, { status: { replicas: 1, currentReplicas: 2 } }, "status"),
  change("template", daemonSet, { spec: otherTemplate }),
  change("seconds", daemonSet, { spec: { minReadySeconds: 3 } }),
  change("selector", daemonSet, { spec: { selector: { matchLabels: { app: "a", more: "b" } } } }),
  change("parallelism", job, { spec: { parallelism: 2 } }),
  change("completions", job, { spec: { completions: 2 } }),
  change("template", job, { spec: otherTemplate }),
  change("selector", job, { spec: { selector: { matchLabels: { a: "b" } } } }),
  change("completions alone", indexed, { spec: { completions: 2 } }),
  change("completions in tandem", indexed, { spec: { completions: 2, parallelism: 2 } }),
  change("tolerations while suspended", suspended, {
    spec: { template: { spec: { tolerations: [{ operator: "Exists" }] } } },
  }),
  change("template while suspended", suspended, { spec: otherTemplate }),
  change(
    "a status that can't be",
    job,
    {
      status: {
        conditions: [
          { type: "Complete", status: "True" },
          { type: "Failed", status: "True" },
        ],
        active: 1,
        ready: 2,
      },
    },
    "status",
  ),
  change(
    "a status",
    job,
    {
      status: {
        startTime: "2026-01-02T03:04:05Z",
        completionTime: "2026-01-02T03:04:06Z",
        succeeded: 1,
        conditions: [
          { type: "SuccessCriteriaMet", status: "True" },
          { type: "Complete", status: "True" },
        ],
      },
    },
    "status",
  ),
  change("spec", budget, { spec: { minAvailable: 2 } }),
  change("status", budget, { status: { currentHealthy: -1 } }, "status"),
];

const cluster: readonly Change[] = [
  change("provisioner", manifest("x", "storage.k8s.io/v1", "StorageClass", { provisioner: "p" }), {
    provisioner: "q",
    reclaimPolicy: "Retain",
    parameters: { a: "b" },
  }),
  change("attachRequired", manifest("x", "storage.k8s.io/v1", "CSIDriver", { spec: {} }), {
    spec: { attachRequired: false, volumeLifecycleModes: ["Ephemeral"] },
  }),
  change(
    "node id",
    manifest("x", "storage.k8s.io/v1", "CSINode", { spec: { drivers: [{ name: "d", nodeID: "a" }] } }),
    { spec: { drivers: [{ name: "d", nodeID: "b" }] } },
  ),
  change("handler", manifest("x", "node.k8s.io/v1", "RuntimeClass", { handler: "a" }), { handler: "b" }),
  change("value", manifest("x", "scheduling.k8s.io/v1", "PriorityClass", { value: 1 }), {
    value: 2,
    preemptionPolicy: "Never",
  }),
  change(
    "roleRef",
    manifest("x", "rbac.authorization.k8s.io/v1", "RoleBinding", { roleRef: { kind: "Role", name: "a" } }),
    { roleRef: { kind: "Role", name: "b" } },
  ),
];

/** Changes that are made, refused or ignored. */
export const changes: readonly Change[] = [...pods, ...core, ...services, ...workloads, ...cluster];
