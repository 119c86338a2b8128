import { ago, named, namespace, type TableObject } from "./table-object.ts";
import { tableNodes, tablePods } from "./table-pods.ts";

const template = {
  metadata: { labels: { app: "web" } },
  spec: {
    containers: [
      { name: "a", image: "a:1" },
      { name: "b", image: "b:2" },
    ],
    nodeSelector: { disk: "ssd" },
  },
};
const selector = {
  matchLabels: { app: "web" },
  matchExpressions: [{ key: "tier", operator: "NotIn", values: ["x", "a"] }],
};
const plainSelector = { matchLabels: { app: "web" } };

const namespaced = (group: string, resource: string) => `/apis/${group}/namespaces/tables/${resource}`;

const workloads: readonly TableObject[] = [
  {
    path: namespaced("apps/v1", "deployments"),
    object: named("web", { spec: { replicas: 3, selector, template } }),
    status: { replicas: 3, updatedReplicas: 2, readyReplicas: 1, availableReplicas: 1 },
  },
  {
    path: namespaced("apps/v1", "deployments"),
    object: named("zero", { spec: { replicas: 0, selector: plainSelector, template } }),
  },
  {
    path: namespaced("apps/v1", "replicasets"),
    object: named("web", { spec: { replicas: 3, selector, template } }),
    status: { replicas: 3, readyReplicas: 2 },
  },
  {
    path: namespaced("apps/v1", "statefulsets"),
    object: named("db", { spec: { replicas: 2, serviceName: "db", selector: plainSelector, template } }),
    status: { replicas: 2, readyReplicas: 1 },
  },
  {
    path: namespaced("apps/v1", "daemonsets"),
    object: named("agent", { spec: { selector: plainSelector, template } }),
    status: {
      desiredNumberScheduled: 5,
      currentNumberScheduled: 4,
      numberReady: 3,
      numberMisscheduled: 0,
      updatedNumberScheduled: 2,
      numberAvailable: 1,
    },
  },
  {
    path: `${namespace}/replicationcontrollers`,
    object: named("old", { spec: { replicas: 1, selector: { app: "web" }, template } }),
  },
  {
    path: namespaced("apps/v1", "controllerrevisions"),
    object: named(
      "revision",
      { revision: 3, data: { a: 1 } },
      { ownerReferences: [{ apiVersion: "apps/v1", kind: "DaemonSet", name: "agent", uid: "1", controller: true }] },
    ),
  },
  { path: `${namespace}/podtemplates`, object: named("template", { template }) },
];

const jobTemplate = { ...template, spec: { ...template.spec, restartPolicy: "Never" } };
const finished = (type: string) => [
  { type: type === "Complete" ? "SuccessCriteriaMet" : "FailureTarget", status: "True" },
  { type, status: "True" },
];

function job(name: string, spec: object, status?: object): TableObject {
  const object = named(name, { spec: { template: jobTemplate, ...spec } });
  return { path: namespaced("batch/v1", "jobs"), object, ...(status && { status }) };
}

const jobs: readonly TableObject[] = [
  job("fresh", { completions: 5, parallelism: 2 }),
  job("running", { parallelism: 3 }, { startTime: ago(500), active: 2 }),
  job("failed", {}, { startTime: ago(900), conditions: finished("Failed"), failed: 1 }),
  job("suspended", { suspend: true }, { conditions: [{ type: "Suspended", status: "True" }] }),
  {
    path: namespaced("batch/v1", "cronjobs"),
    object: named("nightly", { spec: { schedule: "0 1 * * *", jobTemplate: { spec: { template: jobTemplate } } } }),
    status: { lastScheduleTime: ago(7200), active: [{ kind: "Job", name: "x" }] },
  },
  {
    path: namespaced("batch/v1", "cronjobs"),
    object: named("weekly", {
      spec: {
        schedule: "0 1 * * 1",
        timeZone: "Etc/UTC",
        suspend: true,
        jobTemplate: { spec: { template: jobTemplate } },
      },
    }),
  },
];

function service(name: string, spec: object, status?: object): TableObject {
  return { path: `${namespace}/services`, object: named(name, { spec }), ...(status && { status }) };
}

const ports = [
  { name: "http", port: 80 },
  { name: "dns", port: 53, protocol: "UDP" },
];
const addresses = ["10.9.0.1", "10.9.0.2", "10.9.0.3", "10.9.0.4"];

const network: readonly TableObject[] = [
  service("cluster", { ports, selector: { app: "web" } }),
  service("headless", { clusterIP: "None", externalIPs: ["3.3.3.3", "4.4.4.4"] }),
  service("node-port", { type: "NodePort", ports: [{ port: 80 }] }),
  service(
    "balanced",
    { type: "LoadBalancer", ports: [{ port: 80 }], externalIPs: ["3.3.3.3"] },
    { loadBalancer: { ingress: [{ hostname: "b.example" }, { ip: "5.5.5.5" }] } },
  ),
  service("pending", { type: "LoadBalancer", ports: [{ port: 80 }] }),
  service("external", { type: "ExternalName", externalName: "example.com" }),
  {
    path: `${namespace}/endpoints`,
    object: named("many", {
      subsets: [
        {
          addresses: addresses.map((ip) => ({ ip })),
          ports: [
            { name: "a", port: 80 },
            { name: "b", port: 81 },
          ],
        },
        { addresses: [{ ip: "10.9.1.1" }] },
      ],
    }),
  },
  { path: `${namespace}/endpoints`, object: named("none") },
  {
    path: namespaced("discovery.k8s.io/v1", "endpointslices"),
    object: named("many", {
      addressType: "IPv4",
      ports: [1, 2, 3, 4].map((port) => ({ name: `p${port}`, port })),
      endpoints: addresses.map((address) => ({ addresses: [address] })),
    }),
  },
  {
    path: namespaced("discovery.k8s.io/v1", "endpointslices"),
    object: named("none", { addressType: "IPv6", endpoints: [] }),
  },
];

const involvedObject = { kind: "Pod", namespace: "tables", name: "running", fieldPath: "spec.containers{a}" };
const reporter = { reportingComponent: "example.com/c", reportingInstance: "i" };

const events: readonly TableObject[] = [
  {
    path: `${namespace}/events`,
    object: named("classic", {
      involvedObject,
      type: "Normal",
      reason: "Started",
      message: " Started it\n",
      source: { component: "kubelet", host: "n" },
      firstTimestamp: ago(600),
      lastTimestamp: ago(60),
      count: 4,
    }),
  },
  { path: `${namespace}/events`, object: named("bare", { involvedObject: { namespace: "tables" } }) },
  {
    path: namespaced("events.k8s.io/v1", "events"),
    object: named("modern", {
      regarding: involvedObject,
      type: "Warning",
      reason: "Failed",
      action: "Starting",
      note: "Failed it",
      eventTime: ago(700).replace("Z", ".123456Z"),
      series: { count: 7, lastObservedTime: ago(30).replace("Z", ".654321Z") },
      reportingController: reporter.reportingComponent,
      reportingInstance: reporter.reportingInstance,
    }),
  },
];

const claimSpec = { accessModes: ["ReadWriteOnce", "ReadOnlyMany"], resources: { requests: { storage: "1Gi" } } };

const storage: readonly TableObject[] = [
  {
    path: "/apis/storage.k8s.io/v1/csinodes",
    object: named("ready", { spec: { drivers: [{ name: "d.example.com", nodeID: "n" }] } }),
  },
  { path: "/apis/storage.k8s.io/v1/csidrivers", object: named("d.example.com", { spec: {} }) },
  {
    path: "/apis/storage.k8s.io/v1/csidrivers",
    object: named("e.example.com", {
      spec: {
        attachRequired: false,
        podInfoOnMount: true,
        tokenRequests: [{ audience: "a" }, { audience: "b" }],
        volumeLifecycleModes: ["Ephemeral"],
        requiresRepublish: true,
      },
    }),
  },
  {
    path: "/apis/storage.k8s.io/v1/storageclasses",
    object: named(
      "fast",
      { provisioner: "d.example.com", allowVolumeExpansion: true, volumeBindingMode: "WaitForFirstConsumer" },
      { annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    ),
  },
  {
    path: "/apis/storage.k8s.io/v1/storageclasses",
    object: named("slow", { provisioner: "e.example.com", reclaimPolicy: "Retain" }),
  },
  {
    path: "/apis/storage.k8s.io/v1/volumeattachments",
    object: named("attachment", {
      spec: { attacher: "d.example.com", nodeName: "ready", source: { persistentVolumeName: "volume" } },
    }),
  },
  {
    path: "/api/v1/persistentvolumes",
    object: named("volume", {
      spec: {
        capacity: { storage: "1024Mi" },
        accessModes: ["ReadWriteMany"],
        hostPath: { path: "/x" },
        claimRef: { namespace: "tables", name: "claim" },
        storageClassName: "fast",
      },
    }),
  },
  {
    path: `${namespace}/persistentvolumeclaims`,
    object: named("claim", { spec: { ...claimSpec, storageClassName: "fast" } }),
  },
  {
    path: `${namespace}/persistentvolumeclaims`,
    object: named("bound", { spec: { ...claimSpec, volumeName: "volume", storageClassName: "fast" } }),
    status: { phase: "Bound", accessModes: ["ReadWriteMany"], capacity: { storage: "1Gi" } },
  },
];

const rest: readonly TableObject[] = [
  { path: `${namespace}/configmaps`, object: named("map", { data: { a: "1", b: "2" }, binaryData: { c: "YQ==" } }) },
  { path: `${namespace}/secrets`, object: named("secret", { stringData: { a: "1" } }) },
  { path: namespaced("coordination.k8s.io/v1", "leases"), object: named("lease", { spec: { holderIdentity: "me" } }) },
  {
    path: namespaced("policy/v1", "poddisruptionbudgets"),
    object: named("min", { spec: { minAvailable: "50%", selector: plainSelector } }),
  },
  {
    path: namespaced("policy/v1", "poddisruptionbudgets"),
    object: named("max", { spec: { maxUnavailable: 1, selector: plainSelector } }),
  },
  {
    path: "/apis/scheduling.k8s.io/v1/priorityclasses",
    object: named("high", { value: 1000, preemptionPolicy: "Never" }),
  },
  { path: "/apis/node.k8s.io/v1/runtimeclasses", object: named("sandboxed", { handler: "runsc" }) },
  {
    path: `${namespace}/resourcequotas`,
    object: named("quota", { spec: { hard: { pods: "50", "limits.cpu": "2", "requests.cpu": "1" } } }),
    status: { hard: { pods: "50", "limits.cpu": "2", "requests.cpu": "1" }, used: { pods: "3", "limits.cpu": "500m" } },
  },
  {
    path: `${namespace}/limitranges`,
    object: named("limits", { spec: { limits: [{ type: "Container", default: { cpu: "1" } }] } }),
  },
  {
    path: namespaced("rbac.authorization.k8s.io/v1", "rolebindings"),
    object: named("binding", {
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
      subjects: [
        { kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "u" },
        { kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "v" },
        { kind: "Group", apiGroup: "rbac.authorization.k8s.io", name: "g" },
        { kind: "ServiceAccount", namespace: "tables", name: "default" },
      ],
    }),
  },
];

/** In the order in which they are created. */
export const tableObjects: readonly TableObject[] = [
  { path: "/api/v1/namespaces", object: named("tables") },
  { path: `${namespace}/serviceaccounts`, object: named("default") },
  ...tableNodes,
  ...tablePods,
  ...workloads,
  ...jobs,
  ...network,
  ...events,
  ...storage,
  ...rest,
];
