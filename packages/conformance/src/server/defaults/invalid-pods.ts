import { type Manifest, manifest, podWith } from "./manifest.ts";

const container = { name: "c", image: "app:1" };

/** Pods that the server refuses, most of them for more than one fault. */
export const invalidPods: readonly Manifest[] = [
  manifest("nothing", "v1", "Pod"),
  manifest("no containers", "v1", "Pod", { spec: { containers: [] } }),
  podWith("bad pod name", {}, {}, { name: "Bad_Name" }),
  podWith("bad labels", {}, {}, { labels: { "a b": "1" } }),
  podWith("bad label value", {}, {}, { labels: { a: "not valid!" } }),
  podWith("bad annotation", {}, {}, { annotations: { "a b": "1" } }),
  podWith("no name, no image", { name: "", image: "" }),
  podWith("bad container name", { name: "Bad.Name" }),
  podWith("dotted container name", { name: "a.b" }),
  podWith("long container name", { name: "a".repeat(64) }),
  manifest("two of one name", "v1", "Pod", { spec: { containers: [container, container] } }),
  podWith("init of the same name", {}, { initContainers: [container] }),
  podWith("image with spaces", { image: " app " }),
  podWith("restartPolicy", {}, { restartPolicy: "Sometimes" }),
  podWith("dnsPolicy", {}, { dnsPolicy: "Mine" }),
  podWith("dnsPolicy None", {}, { dnsPolicy: "None" }),
  podWith(
    "dnsConfig",
    {},
    { dnsConfig: { nameservers: ["1.2.3", "1.1.1.1", "2.2.2.2", "3.3.3.3"], searches: ["a b"], options: [{}] } },
  ),
  podWith("pull policy", { imagePullPolicy: "Maybe" }),
  podWith("message policy", { terminationMessagePolicy: "Shout" }),
  podWith("ports", {
    ports: [
      { containerPort: 0 },
      { containerPort: 70000 },
      { containerPort: 1, protocol: "X" },
      { containerPort: 1, name: "UPPER" },
      { containerPort: 2, name: "1234567890123456" },
    ],
  }),
  podWith("ports of one name", {
    ports: [
      { containerPort: 1, name: "a" },
      { containerPort: 2, name: "a" },
    ],
  }),
  podWith("host ports", {
    ports: [
      { containerPort: 1, hostPort: 5 },
      { containerPort: 2, hostPort: 5 },
    ],
  }),
  podWith("host network", { ports: [{ containerPort: 1, hostPort: 5 }] }, { hostNetwork: true }),
  podWith("env without name", { env: [{ name: "" }, { name: "a=b" }] }),
  podWith("env of two sources", {
    env: [{ name: "A", value: "x", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }],
  }),
  podWith("env of no source", { env: [{ name: "A", valueFrom: {} }] }),
  podWith("env fieldPath", { env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "spec.foo" } } }] }),
  podWith("env fieldPath that volumes have", {
    env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.labels" } } }],
  }),
  podWith("env resource", {
    env: [
      { name: "A", valueFrom: { resourceFieldRef: { resource: "limits.foo" } } },
      { name: "B", valueFrom: { resourceFieldRef: { resource: "limits.cpu", divisor: "3" } } },
    ],
  }),
  podWith("env keys", {
    env: [
      { name: "A", valueFrom: { secretKeyRef: { name: "", key: "" } } },
      { name: "B", valueFrom: { configMapKeyRef: { name: "m", key: "a b" } } },
    ],
  }),
  podWith("envFrom", { envFrom: [{}, { configMapRef: { name: "" } }, { secretRef: { name: "Bad" } }] }),
  podWith("requests above limits", { resources: { limits: { cpu: "1" }, requests: { cpu: "2" } } }),
  podWith("negative request", { resources: { requests: { cpu: "-1" } } }),
  podWith("resource name", { resources: { requests: { foo: "1" } } }),
  podWith("resource of nodes", { resources: { requests: { pods: "1" } } }),
  podWith("part of a device", { resources: { limits: { "example.com/gpu": "500m" } } }),
  podWith("device without limit", { resources: { requests: { "example.com/gpu": "1" } } }),
  podWith("huge pages alone", { resources: { limits: { "hugepages-2Mi": "4Mi" } } }),
  podWith("mount of nothing", { volumeMounts: [{ name: "v", mountPath: "/v" }] }),
  podWith(
    "mounts",
    {
      volumeMounts: [
        { name: "v", mountPath: "/v" },
        { name: "v", mountPath: "/v", subPath: "../x" },
        { name: "v", mountPath: "" },
      ],
    },
    { volumes: [{ name: "v" }] },
  ),
  podWith(
    "mount propagation",
    { volumeMounts: [{ name: "v", mountPath: "/v", mountPropagation: "Bidirectional" }] },
    { volumes: [{ name: "v" }] },
  ),
  podWith(
    "volumes",
    {},
    {
      volumes: [
        { name: "" },
        { name: "Bad" },
        { name: "v" },
        { name: "v" },
        { name: "w", emptyDir: {}, hostPath: { path: "/" } },
      ],
    },
  ),
  podWith(
    "volume sources",
    {},
    {
      volumes: [
        { name: "s", secret: {} },
        { name: "m", configMap: { name: "m", items: [{ key: "", path: "../x" }] } },
        { name: "h", hostPath: { path: "/a/../b", type: "Nope" } },
        { name: "p", persistentVolumeClaim: { claimName: "" } },
      ],
    },
  ),
  podWith("file modes", {}, { volumes: [{ name: "s", secret: { secretName: "s", defaultMode: 512 } }] }),
  podWith(
    "projected",
    {},
    {
      volumes: [
        {
          name: "p",
          projected: {
            sources: [{ serviceAccountToken: { path: "/t", expirationSeconds: 5 } }, { secret: { name: "" } }],
          },
        },
      ],
    },
  ),
  podWith(
    "downward file",
    {},
    {
      volumes: [
        { name: "d", downwardAPI: { items: [{ path: "", fieldRef: { fieldPath: "status.podIP" } }, { path: "x" }] } },
      ],
    },
  ),
  podWith("probe without handler", { livenessProbe: {} }),
  podWith("probe of two handlers", { livenessProbe: { exec: { command: ["a"] }, tcpSocket: { port: 1 } } }),
  podWith("probe values", {
    livenessProbe: { tcpSocket: { port: 0 }, successThreshold: 2, periodSeconds: -1 },
    readinessProbe: { httpGet: { port: "BAD!", scheme: "FTP" } },
  }),
  podWith(
    "probe of an init container",
    {},
    { initContainers: [{ name: "i", image: "i", livenessProbe: { tcpSocket: { port: 1 } } }] },
  ),
  podWith("lifecycle", { lifecycle: { preStop: {}, postStart: { sleep: { seconds: 60 } } } }),
  podWith("restart rules", { restartPolicyRules: [{ action: "Restart", exitCodes: { operator: "In", values: [1] } }] }),
  podWith("container restartPolicy", { restartPolicy: "Often" }),
  podWith("resize policy", {
    resizePolicy: [
      { resourceName: "cpu", restartPolicy: "X" },
      { resourceName: "disk", restartPolicy: "NotRequired" },
    ],
  }),
  podWith("security context", {
    securityContext: {
      runAsUser: -1,
      procMount: "X",
      seccompProfile: { type: "Y" },
      appArmorProfile: { type: "Localhost" },
    },
  }),
  podWith("escalation", { securityContext: { allowPrivilegeEscalation: false, privileged: true } }),
  podWith(
    "pod security context",
    {},
    {
      securityContext: {
        fsGroup: -1,
        supplementalGroups: [-2],
        sysctls: [{ name: "a..b", value: "1" }],
        fsGroupChangePolicy: "X",
      },
    },
  ),
  podWith("host users", {}, { hostUsers: false, hostPID: true }),
  podWith("nodeName and gates", {}, { nodeName: "n", schedulingGates: [{ name: "g" }, { name: "g" }] }),
  podWith(
    "names",
    {},
    { nodeName: "Bad_Node", hostname: "a.b", subdomain: "A", priorityClassName: "", runtimeClassName: "Bad_Class" },
  ),
  podWith("deadline", {}, { activeDeadlineSeconds: 0 }),
  podWith("nodeSelector", {}, { nodeSelector: { "a b": "c d" } }),
  podWith(
    "tolerations",
    {},
    {
      tolerations: [
        { key: "a b" },
        { operator: "Equal" },
        { key: "k", operator: "Maybe" },
        { key: "k", operator: "Exists", value: "v" },
        { key: "k", tolerationSeconds: 1, effect: "NoSchedule" },
        { key: "k", effect: "Nope" },
        { key: "k", operator: "Gt", value: "1" },
      ],
    },
  ),
  podWith(
    "affinity",
    {},
    {
      affinity: {
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } },
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "" }],
          preferredDuringSchedulingIgnoredDuringExecution: [
            {
              weight: 0,
              podAffinityTerm: {
                topologyKey: "z",
                labelSelector: { matchExpressions: [{ key: "a", operator: "In" }] },
              },
            },
          ],
        },
      },
    },
  ),
  podWith(
    "node selector terms",
    {},
    {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              {
                matchExpressions: [
                  { key: "a", operator: "Gt", values: ["1", "2"] },
                  { key: "b", operator: "Foo" },
                ],
                matchFields: [{ key: "x", operator: "In", values: ["y"] }],
              },
            ],
          },
        },
      },
    },
  ),
  podWith(
    "spread",
    {},
    {
      topologySpreadConstraints: [
        { maxSkew: 0, topologyKey: "", whenUnsatisfiable: "X" },
        { maxSkew: 1, topologyKey: "z", whenUnsatisfiable: "ScheduleAnyway", minDomains: 1 },
      ],
    },
  ),
  podWith("host aliases", {}, { hostAliases: [{ ip: "1.2", hostnames: ["a_b"] }] }),
  podWith(
    "ephemeral containers",
    {},
    { ephemeralContainers: [{ name: "e", image: "i", ports: [{ containerPort: 1 }] }] },
  ),
  podWith("readiness gates", {}, { readinessGates: [{ conditionType: "a b" }] }),
  podWith("claims", { resources: { claims: [{ name: "nope" }] } }, { resourceClaims: [{ name: "r" }] }),
  podWith("os", {}, { os: { name: "dos" } }),
  podWith("pod-level resources", { resources: { requests: { cpu: "2" } } }, { resources: { requests: { cpu: "1" } } }),
  podWith("mirror of nowhere", {}, {}, { annotations: { "kubernetes.io/config.mirror": "x" } }),
  podWith("deletion cost", {}, {}, { annotations: { "controller.kubernetes.io/pod-deletion-cost": "+1" } }),
];
