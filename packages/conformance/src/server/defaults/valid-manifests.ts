import { type Manifest, manifest, podWith, workloadSpec } from "./manifest.ts";

const probes = {
  livenessProbe: { httpGet: { port: 80 } },
  readinessProbe: { tcpSocket: { port: "web" }, periodSeconds: 3 },
  startupProbe: { grpc: { port: 9000 } },
  lifecycle: { preStop: { httpGet: { port: 80 } }, postStart: { exec: { command: ["true"] } } },
};

const pods: readonly Manifest[] = [
  podWith("the least", {}),
  podWith("generated name", {}, {}, { name: "", generateName: "made-" }),
  podWith("no tag", { image: "app" }),
  podWith("latest", { image: "registry.example:5000/team/app:latest" }),
  podWith("digest", { image: `app@sha256:${"0123456789abcdef".repeat(4)}` }),
  podWith("tag and digest", { image: `app:2@sha256:${"0123456789abcdef".repeat(4)}` }),
  podWith("no reference at all", { image: "Not A Reference" }),
  podWith("probes and hooks", probes),
  podWith(
    "ports, env",
    {
      ports: [{ containerPort: 80 }, { containerPort: 53, protocol: "UDP", name: "dns" }],
      env: [
        { name: "A", value: "1" },
        { name: "B" },
        { name: "N", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
        { name: "L", valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
        { name: "R", valueFrom: { resourceFieldRef: { resource: "limits.cpu" } } },
        { name: "S", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
        { name: "F", valueFrom: { fileKeyRef: { volumeName: "e", path: "a", key: "K" } } },
      ],
      envFrom: [{ configMapRef: { name: "m" } }],
    },
    { volumes: [{ name: "e" }] },
  ),
  podWith("limits become requests", { resources: { limits: { cpu: "1", memory: "128Mi" } } }),
  podWith("guaranteed", {
    resources: { limits: { cpu: "500m", memory: "1Gi" }, requests: { cpu: "0.5", memory: "1024Mi" } },
  }),
  podWith("burstable", { resources: { requests: { cpu: 0.25 } } }),
  podWith("odd quantities", {
    resources: {
      requests: { cpu: "1000m", memory: "1e3", "example.com/gpu": "2" },
      limits: { "example.com/gpu": "2", cpu: "1.0000001" },
    },
  }),
  podWith(
    "pod-level resources",
    { resources: { requests: { cpu: "100m" } } },
    { resources: { limits: { cpu: "1", memory: "1Gi" } } },
  ),
  podWith(
    "init containers and sidecars",
    {},
    {
      initContainers: [
        { name: "i", image: "init" },
        { name: "s", image: "side:1", restartPolicy: "Always", ports: [{ containerPort: 1 }] },
      ],
    },
  ),
  podWith(
    "host network",
    { ports: [{ containerPort: 80 }, { containerPort: 81, hostPort: 81 }] },
    { hostNetwork: true },
  ),
  podWith(
    "volumes",
    {},
    {
      volumes: [
        { name: "none" },
        { name: "empty", emptyDir: { sizeLimit: "1024Mi", medium: "Memory" } },
        { name: "secret", secret: { secretName: "s", items: [{ key: "a", path: "b" }] } },
        { name: "map", configMap: { name: "m", defaultMode: 256 } },
        { name: "down", downwardAPI: { items: [{ path: "n", fieldRef: { fieldPath: "metadata.name" } }] } },
        { name: "host", hostPath: { path: "/x" } },
        { name: "claim", persistentVolumeClaim: { claimName: "c" } },
        {
          name: "own",
          ephemeral: {
            volumeClaimTemplate: {
              spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
            },
          },
        },
        { name: "csi", csi: { driver: "d.example.com" } },
        { name: "nfs", nfs: { server: "s", path: "/" } },
        { name: "image", image: { reference: "app" } },
      ],
    },
  ),
  podWith(
    "projected",
    {},
    {
      volumes: [
        {
          name: "p",
          projected: {
            sources: [
              { secret: { name: "s" } },
              { configMap: { name: "m", items: [{ key: "k", path: "p" }] } },
              { downwardAPI: { items: [{ path: "n", fieldRef: { fieldPath: "metadata.name" } }] } },
              { serviceAccountToken: { path: "t" } },
            ],
          },
        },
      ],
    },
  ),
  podWith(
    "scheduling",
    {},
    {
      nodeName: "n1",
      nodeSelector: { a: "b" },
      tolerations: [
        { key: "k", operator: "Exists", effect: "NoExecute", tolerationSeconds: 5 },
        { operator: "Exists" },
      ],
      topologySpreadConstraints: [
        { maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule", labelSelector: {} },
      ],
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: "a", operator: "In", values: ["b"] }] }],
          },
        },
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: { topologyKey: "zone" } }],
        },
      },
    },
  ),
  podWith("gated", {}, { schedulingGates: [{ name: "example.com/gate" }] }),
  podWith("a status, a generation that clients say", {}, {}, { generation: 7 }),
  podWith("older name of the service account", {}, { serviceAccount: "default", automountServiceAccountToken: false }),
  podWith("negative grace period", {}, { terminationGracePeriodSeconds: -5 }),
  podWith(
    "zeros and empties",
    { args: [], env: [], ports: [], stdin: false },
    { hostAliases: [], nodeSelector: {}, hostPID: false, volumes: [] },
  ),
];

const core: readonly Manifest[] = [
  manifest("the least", "v1", "ConfigMap"),
  manifest("data", "v1", "ConfigMap", { data: { a: "1" }, binaryData: { b: "AAE=" }, immutable: true }),
  manifest("the least", "v1", "Secret"),
  manifest("stringData", "v1", "Secret", {
    data: { a: "AAE=" },
    stringData: { a: "x", b: "yz" },
    type: "example.com/t",
  }),
  manifest("the least", "v1", "ServiceAccount"),
  manifest("secrets", "v1", "ServiceAccount", { secrets: [{ name: "s", kind: "Secret", namespace: "other" }] }),
  manifest("the least", "v1", "Namespace", { metadata: { name: "defaults-x" } }),
  manifest("finalizers and labels", "v1", "Namespace", {
    metadata: { name: "defaults-y", labels: { a: "b" } },
    spec: { finalizers: ["example.com/f"] },
    status: { phase: "Terminating" },
  }),
  manifest("the least", "v1", "Node"),
  manifest("capacity, CIDR", "v1", "Node", {
    spec: {
      podCIDR: "10.1.0.0/24",
      taints: [{ key: "a", effect: "NoSchedule" }],
      providerID: "p://x",
      unschedulable: true,
    },
    status: {
      capacity: { cpu: "2000m", memory: "1Gi", pods: "110" },
      conditions: [{ type: "Ready", status: "True" }],
      addresses: [{ type: "Hostname", address: "x" }],
    },
  }),
  manifest("the least", "coordination.k8s.io/v1", "Lease"),
  manifest("held", "coordination.k8s.io/v1", "Lease", {
    spec: {
      holderIdentity: "h",
      leaseDurationSeconds: 40,
      renewTime: "2026-01-02T03:04:05.123456Z",
      leaseTransitions: 0,
    },
  }),
  manifest("core", "v1", "Event", {
    involvedObject: { kind: "Pod", namespace: "{ns}", name: "p" },
    reason: "Started",
    message: "m",
    source: { component: "kubelet", host: "n" },
    firstTimestamp: "2026-01-02T03:04:05Z",
    lastTimestamp: "2026-01-02T03:04:05Z",
    count: 1,
    type: "Normal",
  }),
  manifest("new", "events.k8s.io/v1", "Event", {
    regarding: { kind: "Pod", namespace: "{ns}", name: "p" },
    reason: "Started",
    note: "m",
    action: "Starting",
    reportingController: "example.com/c",
    reportingInstance: "c-1",
    eventTime: "2026-01-02T03:04:05.123456Z",
    type: "Normal",
  }),
  manifest("the least", "v1", "Endpoints"),
  manifest("subsets", "v1", "Endpoints", { subsets: [{ addresses: [{ ip: "10.1.2.3" }], ports: [{ port: 80 }] }] }),
  manifest("the least", "discovery.k8s.io/v1", "EndpointSlice", { addressType: "IPv4", endpoints: [] }),
  manifest("ports", "discovery.k8s.io/v1", "EndpointSlice", {
    addressType: "IPv4",
    endpoints: [{ addresses: ["10.1.2.3"], conditions: { ready: true }, nodeName: "n", zone: "z" }],
    ports: [{ port: 80 }, { name: "b", port: 81, protocol: "UDP" }],
  }),
  manifest("replication", "v1", "ReplicationController", { spec: workloadSpec({ selector: undefined }) }),
  manifest("template", "v1", "PodTemplate", {
    template: { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "c", image: "app" }] } },
  }),
  manifest("container", "v1", "LimitRange", {
    spec: {
      limits: [
        { type: "Container", max: { cpu: "1" }, min: { memory: "1Mi" }, defaultRequest: { cpu: "100m" } },
        { type: "Pod", max: { cpu: "2" } },
      ],
    },
  }),
  manifest("hard", "v1", "ResourceQuota", { spec: { hard: { pods: "10", "requests.cpu": "1000m" } } }),
  manifest("the least", "v1", "PersistentVolumeClaim", {
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1024Mi" } } },
  }),
  manifest("the least", "v1", "PersistentVolume", {
    spec: { accessModes: ["ReadWriteOnce"], capacity: { storage: "1Gi" }, hostPath: { path: "/x" } },
  }),
];

const services: readonly Manifest[] = [
  manifest("the least", "v1", "Service", { spec: { ports: [{ port: 80 }] } }),
  manifest("two ports", "v1", "Service", {
    spec: {
      selector: { a: "b" },
      ports: [
        { name: "a", port: 80, targetPort: "http" },
        { name: "b", port: 53, protocol: "UDP", targetPort: 5353 },
      ],
    },
  }),
  manifest("headless", "v1", "Service", { spec: { clusterIP: "None", selector: { a: "b" } } }),
  manifest("headless without selector", "v1", "Service", { spec: { clusterIP: "None", ports: [{ port: 80 }] } }),
  manifest("ExternalName", "v1", "Service", { spec: { type: "ExternalName", externalName: "example.com" } }),
  manifest("NodePort", "v1", "Service", { spec: { type: "NodePort", ports: [{ port: 80 }] } }),
  manifest("LoadBalancer", "v1", "Service", {
    spec: { type: "LoadBalancer", ports: [{ port: 80, nodePort: 30123 }] },
    status: { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } },
  }),
  manifest("affinity", "v1", "Service", { spec: { sessionAffinity: "ClientIP", ports: [{ port: 80 }] } }),
  manifest("PreferDualStack", "v1", "Service", { spec: { ipFamilyPolicy: "PreferDualStack", ports: [{ port: 80 }] } }),
];

const workloads: readonly Manifest[] = [
  manifest("the least", "apps/v1", "Deployment", { spec: workloadSpec() }),
  manifest("Recreate", "apps/v1", "Deployment", {
    spec: workloadSpec({ replicas: 0, strategy: { type: "Recreate" } }),
  }),
  manifest("surge", "apps/v1", "Deployment", {
    spec: workloadSpec({ strategy: { rollingUpdate: { maxSurge: 1 } }, minReadySeconds: 0 }),
    status: { replicas: 5 },
  }),
  manifest("probes in the template", "apps/v1", "Deployment", {
    spec: workloadSpec(
      {},
      {
        containers: [{ name: "c", image: "app", resources: { limits: { cpu: "1" } }, ...probes }],
        volumes: [{ name: "v" }],
      },
    ),
  }),
  manifest("the least", "apps/v1", "ReplicaSet", { spec: workloadSpec() }),
  manifest("host network", "apps/v1", "ReplicaSet", {
    spec: workloadSpec(
      {},
      { hostNetwork: true, containers: [{ name: "c", image: "a", ports: [{ containerPort: 1 }] }] },
    ),
  }),
  manifest("the least", "apps/v1", "StatefulSet", { spec: workloadSpec({ serviceName: "s" }) }),
  manifest("claims", "apps/v1", "StatefulSet", {
    spec: workloadSpec(
      {
        volumeClaimTemplates: [
          {
            metadata: { name: "data" },
            spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
          },
        ],
        updateStrategy: { type: "OnDelete" },
      },
      { containers: [{ name: "c", image: "a", volumeMounts: [{ name: "data", mountPath: "/data" }] }] },
    ),
  }),
  manifest("the least", "apps/v1", "DaemonSet", { spec: workloadSpec() }),
  manifest("OnDelete", "apps/v1", "DaemonSet", { spec: workloadSpec({ updateStrategy: { type: "OnDelete" } }) }),
  manifest("data", "apps/v1", "ControllerRevision", { revision: 3, data: { a: { b: 1 } } }),
  manifest("the least", "batch/v1", "Job", {
    spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "a" }] } } },
  }),
  manifest("indexed", "batch/v1", "Job", {
    spec: {
      completions: 3,
      completionMode: "Indexed",
      backoffLimitPerIndex: 1,
      podFailurePolicy: { rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget" }] }] },
      template: {
        metadata: { labels: { own: "1" } },
        spec: { restartPolicy: "Never", containers: [{ name: "c", image: "a" }] },
      },
    },
  }),
  manifest("own selector", "batch/v1", "Job", {
    spec: {
      manualSelector: true,
      parallelism: 2,
      selector: { matchLabels: { a: "b" } },
      template: {
        metadata: { labels: { a: "b" } },
        spec: { restartPolicy: "OnFailure", containers: [{ name: "c", image: "a" }] },
      },
    },
  }),
  manifest("the least", "batch/v1", "CronJob", {
    spec: {
      schedule: "* * * * *",
      jobTemplate: {
        spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "a" }] } } },
      },
    },
  }),
  manifest("the least", "policy/v1", "PodDisruptionBudget", { spec: {} }),
  manifest("percent", "policy/v1", "PodDisruptionBudget", {
    spec: { minAvailable: "50%", selector: { matchLabels: { a: "b" } } },
  }),
];

const cluster: readonly Manifest[] = [
  manifest("the least", "storage.k8s.io/v1", "StorageClass", { provisioner: "example.com/p" }),
  manifest("the least", "storage.k8s.io/v1", "CSIDriver", { spec: {} }),
  manifest("the least", "storage.k8s.io/v1", "CSINode", { spec: { drivers: [] } }),
  manifest("a driver", "storage.k8s.io/v1", "CSINode", {
    spec: { drivers: [{ name: "d.example.com", nodeID: "n", allocatable: { count: 3 } }] },
  }),
  manifest("the least", "storage.k8s.io/v1", "VolumeAttachment", {
    spec: { attacher: "d", nodeName: "n", source: { persistentVolumeName: "v" } },
  }),
  manifest("the least", "node.k8s.io/v1", "RuntimeClass", { handler: "runc" }),
  manifest("overhead", "node.k8s.io/v1", "RuntimeClass", { handler: "h", overhead: { podFixed: { cpu: "0.1" } } }),
  manifest("the least", "scheduling.k8s.io/v1", "PriorityClass", { value: 5 }),
  manifest("the least", "rbac.authorization.k8s.io/v1", "Role"),
  manifest("rules", "rbac.authorization.k8s.io/v1", "ClusterRole", {
    rules: [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }],
  }),
  manifest("subjects", "rbac.authorization.k8s.io/v1", "RoleBinding", {
    roleRef: { kind: "Role", name: "r" },
    subjects: [
      { kind: "User", name: "u" },
      { kind: "ServiceAccount", name: "s", namespace: "n" },
    ],
  }),
  manifest("group", "rbac.authorization.k8s.io/v1", "ClusterRoleBinding", {
    roleRef: { kind: "ClusterRole", name: "r" },
    subjects: [{ kind: "Group", name: "g" }],
  }),
  manifest("a node's", "resource.k8s.io/v1", "ResourceSlice", {
    spec: {
      driver: "d.example.com",
      nodeName: "n",
      pool: { name: "p", generation: 1, resourceSliceCount: 1 },
      devices: [{ name: "d0" }],
    },
  }),
];

/** Bodies that the server takes, and in which it fills in what is not said. */
export const validManifests: readonly Manifest[] = [...pods, ...core, ...services, ...workloads, ...cluster];
