import type { ConformanceCase, Step } from "../harness/conformance-case.ts";
import {
  budgets,
  claims,
  configMap,
  configMaps,
  core,
  daemonSets,
  deployment,
  deployments,
  events,
  jobs,
  lease,
  leases,
  nodes,
  object,
  pod,
  pods,
  podTemplate,
  replicaSets,
  services,
  statefulSets,
} from "./objects.ts";

const refuse = (path: string, bodies: readonly unknown[]): readonly Step[] => bodies.map((body) => ({ path, body }));
const container = (more: object) => ({ containers: [{ name: "c", image: "app:1", ...more }] });

export const errorCases: readonly ConformanceCase[] = [
  {
    name: "404: paths that lead nowhere",
    encodings: ["json"],
    steps: [
      "/nowhere",
      "/api/v9/pods",
      "/api/v1/meteors",
      "/apis/stars/v1/meteors",
      "/apis/apps/v1/meteors",
      "/api/v1/namespaces/{ns}/meteors/a",
      "/api/v1/pods/a/b/c/d",
      "/api/v1/namespaces/{ns}/nodes",
      "/",
    ].map((path) => ({ path, accept: "application/json", ...(path === "/" && { view: () => "" }) })),
  },
  {
    name: "405: methods that a path does not have",
    steps: [
      { method: "POST", path: `${configMaps}/a`, body: configMap("a") },
      { method: "PUT", path: configMaps, body: configMap("a") },
      { method: "PATCH", path: configMaps, body: {} },
      { method: "DELETE", path: "/api/v1/namespaces" },
      { method: "OPTIONS", path: configMaps },
      { method: "BREW", path: configMaps },
    ],
  },
  {
    name: "422: pods without what every pod needs",
    steps: refuse(pods, [
      pod("a", { containers: [] }),
      pod("b", { containers: [{ name: "c" }] }),
      pod("c", { containers: [{ image: "app:1" }] }),
      pod("d", { containers: [{ name: "Bad_Name", image: "app:1" }] }),
      pod("e", {
        containers: [
          { name: "c", image: "app:1" },
          { name: "c", image: "app:1" },
        ],
      }),
      { ...pod("f"), spec: undefined },
      pod("Bad_Name"),
    ]),
  },
  {
    name: "422: pods with values that are not supported",
    steps: refuse(pods, [
      pod("a", { restartPolicy: "Sometimes" }),
      pod("b", { dnsPolicy: "Unknown" }),
      pod("c", container({ imagePullPolicy: "Never-ever" })),
      pod("d", { terminationGracePeriodSeconds: -1 }),
      pod("e", { activeDeadlineSeconds: 0 }),
      pod("f", { nodeName: "Bad_Name" }),
      pod("g", { tolerations: [{ key: "k", operator: "Likes" }] }),
      pod("h", { serviceAccountName: "none" }),
    ]),
  },
  {
    name: "422: resources of containers",
    steps: refuse(pods, [
      pod("a", container({ resources: { requests: { cpu: "2" }, limits: { cpu: "1" } } })),
      pod("b", container({ resources: { requests: { cpu: "-1" } } })),
      pod("c", container({ resources: { requests: { "bad key!": "1" } } })),
      pod("d", container({ resources: { requests: { memory: "1Gi", cpu: "100m" }, limits: { memory: "1Gi" } } })),
      pod("e", container({ resources: { limits: { cpu: "1", memory: "1Gi" } } })),
    ]),
  },
  {
    name: "400: a quantity that is none",
    encodings: ["json"],
    steps: refuse(pods, [pod("a", container({ resources: { requests: { cpu: "much" } } }))]),
  },
  {
    name: "422: volumes, ports, environment and probes",
    steps: refuse(pods, [
      pod("a", container({ volumeMounts: [{ name: "none", mountPath: "/x" }] })),
      pod("b", {
        volumes: [
          { name: "v", emptyDir: {} },
          { name: "v", emptyDir: {} },
        ],
      }),
      pod("c", container({ ports: [{ containerPort: 0 }] })),
      pod(
        "d",
        container({
          ports: [
            { containerPort: 80, name: "a" },
            { containerPort: 81, name: "a" },
          ],
        }),
      ),
      pod("e", container({ env: [{ name: "" }, { name: "1=2", value: "x" }] })),
      pod("f", container({ readinessProbe: { httpGet: { path: "/", port: 0 } } })),
      pod("g", container({ readinessProbe: {} })),
    ]),
  },
  {
    name: "422: deployments",
    steps: refuse(deployments, [
      deployment("a", { replicas: -1 }),
      deployment("b", { selector: { matchLabels: { app: "other" } } }),
      deployment("c", { selector: {} }),
      { ...deployment("d"), spec: {} },
      deployment("e", { strategy: { type: "Guess" } }),
      deployment("f", { strategy: { type: "Recreate", rollingUpdate: { maxSurge: 1 } } }),
      deployment("g", { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
      deployment("h", { template: podTemplate("h", { restartPolicy: "Never" }) }),
      deployment("i", { strategy: { rollingUpdate: { maxSurge: "x%" } } }),
    ]),
  },
  {
    name: "422: other workloads",
    steps: [
      ...refuse(replicaSets, [object("apps/v1", "ReplicaSet", "r", { spec: { replicas: -1 } })]),
      ...refuse(statefulSets, [object("apps/v1", "StatefulSet", "s", { spec: { replicas: -1 } })]),
      ...refuse(daemonSets, [object("apps/v1", "DaemonSet", "d", { spec: {} })]),
      ...refuse(jobs, [
        object("batch/v1", "Job", "j", { spec: { template: podTemplate("j") } }),
        object("batch/v1", "Job", "k", {
          spec: { parallelism: -1, template: podTemplate("j", { restartPolicy: "Never" }) },
        }),
      ]),
    ],
  },
  {
    name: "422: leases, budgets, claims, services and events",
    steps: [
      ...refuse(leases, [lease("a", { leaseDurationSeconds: -1 }), lease("b", { leaseTransitions: -1 })]),
      ...refuse(budgets, [
        object("policy/v1", "PodDisruptionBudget", "a", { spec: { minAvailable: 1, maxUnavailable: 1 } }),
        object("policy/v1", "PodDisruptionBudget", "b", { spec: { minAvailable: "101%" } }),
      ]),
      ...refuse(claims, [object("v1", "PersistentVolumeClaim", "a", { spec: {} })]),
      ...refuse(services, [object("v1", "Service", "a", { spec: { clusterIP: "None", ports: [{ port: 0 }] } })]),
      ...refuse(services, [
        object("v1", "Service", "b", { spec: { clusterIP: "None", ports: [{ port: 1 }, { port: 2 }] } }),
      ]),
      ...refuse(events, [
        object("v1", "Event", "a", { involvedObject: { namespace: "default", kind: "Pod", name: "p" } }),
      ]),
    ],
  },
  {
    name: "422: nodes and namespaces",
    steps: [
      ...refuse(nodes, [
        object("v1", "Node", "Bad_Name"),
        object("v1", "Node", "{ns}-n", { spec: { taints: [{ key: "k", effect: "Sometimes" }] } }),
        object("v1", "Node", "{ns}-n", { spec: { podCIDR: "nowhere", podCIDRs: ["nowhere"] } }),
      ]),
      ...refuse("/api/v1/namespaces", [object("v1", "Namespace", "Bad_Name")]),
    ],
  },
  {
    name: "400: queries that are no numbers or booleans",
    steps: [
      { path: `${configMaps}?limit=x` },
      { path: `${configMaps}?timeoutSeconds=x` },
      // Whatever is not false is true.
      { watch: "w", path: `${configMaps}?watch=perhaps&timeoutSeconds=1` },
      { path: `${configMaps}?watch=false` },
      { path: `${configMaps}?allowWatchBookmarks=perhaps`, view: (body) => (body as { kind: string }).kind },
    ],
  },
  {
    name: "413: a body that is too large",
    encodings: ["json"],
    steps: [
      { path: configMaps, body: configMap("a", { big: "x".repeat(1_100_000) }) },
      { path: configMaps, raw: `{"metadata":{"name":"a"},"data":{"big":"${"x".repeat(3_200_000)}"}}` },
    ],
  },
  {
    name: "paths: escapes and slashes",
    encodings: ["json"],
    steps: [
      { path: configMaps, body: configMap("a.b"), silent: true },
      { path: `${configMaps}/a%2Eb` },
      { path: `${configMaps}/a%2Fb` },
      { path: `${configMaps}/` },
      { path: `${core}//configmaps` },
    ].map((step) => ({ ...step, view: (body: unknown) => (body as { kind?: string }).kind ?? body })),
  },
];
