import { type Manifest, manifest } from "./manifest.ts";

/** Bodies of the core group and its neighbours that the server refuses. */
export const invalidCore: readonly Manifest[] = [
  manifest("keys", "v1", "ConfigMap", { data: { "a b": "1", "..": "x" } }),
  manifest("a key twice", "v1", "ConfigMap", { data: { a: "1" }, binaryData: { a: "AAE=" } }),
  manifest("too large", "v1", "ConfigMap", { data: { a: "x".repeat(1024 * 1024 + 1) } }),
  manifest("keys", "v1", "Secret", { data: { "a b": "" } }),
  manifest("tls", "v1", "Secret", { type: "kubernetes.io/tls" }),
  manifest("token", "v1", "Secret", { type: "kubernetes.io/service-account-token" }),
  manifest("basic-auth", "v1", "Secret", { type: "kubernetes.io/basic-auth" }),
  manifest("ssh-auth", "v1", "Secret", { type: "kubernetes.io/ssh-auth", data: { "ssh-privatekey": "" } }),
  manifest("docker", "v1", "Secret", { type: "kubernetes.io/dockerconfigjson" }),
  manifest("name", "v1", "Namespace", { metadata: { name: "a.b" } }),
  manifest("finalizers", "v1", "Namespace", { metadata: { name: "defaults-z" }, spec: { finalizers: ["mine"] } }),
  manifest("taints", "v1", "Node", {
    spec: {
      taints: [
        { key: "a", effect: "NoSchedule" },
        { key: "a", value: "x", effect: "NoSchedule" },
        { key: "b", effect: "" },
        { key: "c d", effect: "X" },
      ],
    },
  }),
  manifest("CIDRs", "v1", "Node", { spec: { podCIDRs: ["10.0.0.1/24"] } }),
  manifest("two CIDRs of one family", "v1", "Node", { spec: { podCIDRs: ["10.0.0.0/24", "10.0.1.0/24"] } }),
  manifest("capacity", "v1", "Node", { status: { capacity: { cpu: "-1" }, allocatable: { pods: "1.5" } } }),
  manifest("features", "v1", "Node", { status: { declaredFeatures: ["B", "A", "lower"] } }),
  manifest("duration", "coordination.k8s.io/v1", "Lease", { spec: { leaseDurationSeconds: 0, leaseTransitions: -1 } }),
  manifest("other namespace", "v1", "Event", { involvedObject: { namespace: "other" } }),
  manifest("no namespace", "v1", "Event", { involvedObject: {} }),
  manifest("new and empty", "v1", "Event", {
    eventTime: "2026-01-02T03:04:05Z",
    involvedObject: { namespace: "{ns}" },
  }),
  manifest("empty", "events.k8s.io/v1", "Event", { regarding: { namespace: "{ns}" } }),
  manifest("deprecated members", "events.k8s.io/v1", "Event", {
    regarding: { namespace: "{ns}" },
    eventTime: "2026-01-02T03:04:05Z",
    reportingController: "a b",
    reportingInstance: "i".repeat(129),
    action: "a",
    reason: "r",
    type: "Odd",
    deprecatedCount: 1,
    series: { count: 1, lastObservedTime: "2026-01-02T03:04:05Z" },
  }),
  manifest("addresses", "v1", "Endpoints", {
    subsets: [{}, { addresses: [{ ip: "127.0.0.1" }, { ip: "x" }], ports: [{ port: 0 }, { port: 1, name: "a" }] }],
  }),
  manifest("type", "discovery.k8s.io/v1", "EndpointSlice", { endpoints: [] }),
  manifest("unknown type", "discovery.k8s.io/v1", "EndpointSlice", { addressType: "X", endpoints: [] }),
  manifest("addresses", "discovery.k8s.io/v1", "EndpointSlice", {
    addressType: "IPv4",
    endpoints: [{ addresses: [] }, { addresses: ["127.0.0.1"] }, { addresses: ["::1"] }, { addresses: ["010.1.2.3"] }],
    ports: [{ name: "A", protocol: "X" }, { name: "b" }, { name: "b" }],
  }),
  manifest("IPv6", "discovery.k8s.io/v1", "EndpointSlice", {
    addressType: "IPv6",
    endpoints: [{ addresses: ["10.1.2.3"] }, { addresses: ["fe80::1"] }],
  }),
  manifest("nothing", "v1", "ReplicationController"),
  manifest("claim", "v1", "PersistentVolumeClaim", { spec: { accessModes: ["Nope"], resources: {} } }),
  manifest("claim of nothing", "v1", "PersistentVolumeClaim", {
    spec: { resources: { requests: { storage: "0" } }, volumeMode: "X" },
  }),
  manifest("nothing", "v1", "PersistentVolume"),
  manifest("capacity", "v1", "PersistentVolume", {
    spec: { accessModes: ["ReadWriteOnce"], capacity: { storage: "-1" }, hostPath: { path: "/x" } },
  }),
];

/** Services that the server refuses; node ports out of range pass a dry run. */
export const invalidServices: readonly Manifest[] = [
  manifest("nothing", "v1", "Service"),
  manifest("name", "v1", "Service", { metadata: { name: "a.b" }, spec: { ports: [{ port: 1 }] } }),
  manifest("ports", "v1", "Service", {
    spec: {
      ports: [
        { port: 0 },
        { port: 70000, name: "A" },
        { port: 1, name: "a", protocol: "X", targetPort: "BAD!" },
        { port: 1, name: "a", protocol: "X" },
      ],
    },
  }),
  manifest("type", "v1", "Service", { spec: { type: "Odd", ports: [{ port: 1 }] } }),
  manifest("clusterIP", "v1", "Service", { spec: { clusterIP: "1.2.3", ports: [{ port: 1 }] } }),
  manifest("clusterIPs alone", "v1", "Service", { spec: { clusterIPs: ["10.96.5.5"], ports: [{ port: 1 }] } }),
  manifest("families", "v1", "Service", { spec: { ipFamilies: ["IPv4", "IPv4", "X"], ports: [{ port: 1 }] } }),
  manifest("IPv6", "v1", "Service", { spec: { ipFamilies: ["IPv6"], ports: [{ port: 1 }] } }),
  manifest("RequireDualStack", "v1", "Service", { spec: { ipFamilyPolicy: "RequireDualStack", ports: [{ port: 1 }] } }),
  manifest("headless NodePort", "v1", "Service", {
    spec: { type: "NodePort", clusterIP: "None", ports: [{ port: 1 }] },
  }),
  manifest("nodePort of ClusterIP", "v1", "Service", { spec: { ports: [{ port: 1, nodePort: 30001 }] } }),
  manifest("ExternalName", "v1", "Service", { spec: { type: "ExternalName", clusterIP: "1.2.3.4" } }),
  manifest("affinity", "v1", "Service", { spec: { sessionAffinity: "X", ports: [{ port: 1 }] } }),
  manifest("affinity timeout", "v1", "Service", {
    spec: {
      sessionAffinity: "ClientIP",
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 0 } },
      ports: [{ port: 1 }],
    },
  }),
  manifest("traffic", "v1", "Service", {
    spec: {
      externalTrafficPolicy: "Local",
      internalTrafficPolicy: "X",
      trafficDistribution: "Y",
      ports: [{ port: 1 }],
    },
  }),
  manifest("balancer", "v1", "Service", {
    spec: {
      loadBalancerSourceRanges: ["x"],
      loadBalancerClass: "c",
      allocateLoadBalancerNodePorts: true,
      ports: [{ port: 1 }],
    },
  }),
  manifest("external IPs", "v1", "Service", { spec: { externalIPs: ["127.0.0.1", "x"], ports: [{ port: 1 }] } }),
];
