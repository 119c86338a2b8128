import type { ConformanceCase } from "../harness/conformance-case.ts";
import { node, nodes, object, pod, pods, serviceAccounts } from "./objects.ts";

const priorityClasses = "/apis/scheduling.k8s.io/v1/priorityclasses";
const runtimeClasses = "/apis/node.k8s.io/v1/runtimeclasses";

const metadataOf = (body: unknown): { labels?: unknown } =>
  (body as { metadata?: { labels?: unknown } }).metadata ?? {};
const podsOf = (...bodies: object[]) => bodies.map((body) => ({ path: pods, body }));

/** What the admission plugins do to pods and say about them, as far as other cases do not show it. */
export const admissionCases: readonly ConformanceCase[] = [
  {
    name: "admission: service accounts of pods",
    encodings: ["json"],
    steps: [
      ...podsOf(
        pod("a", { serviceAccountName: "nobody" }),
        pod("", { serviceAccountName: "nobody" }, { generateName: "made-" }),
        pod("b", { automountServiceAccountToken: false }),
        pod("c", { volumes: [{ name: "kube-api-access-own", emptyDir: {} }] }),
        pod("d", {
          containers: [
            {
              name: "c",
              image: "app:1",
              volumeMounts: [{ name: "v", mountPath: "/var/run/secrets/kubernetes.io/serviceaccount" }],
            },
          ],
          volumes: [{ name: "v", emptyDir: {} }],
        }),
      ),
      {
        path: serviceAccounts,
        body: object("v1", "ServiceAccount", "quiet", {
          automountServiceAccountToken: false,
          imagePullSecrets: [{ name: "registry" }],
        }),
        silent: true,
      },
      { path: pods, body: pod("e", { serviceAccountName: "quiet" }), until: 201 },
      ...podsOf(
        pod("f", {
          serviceAccountName: "quiet",
          automountServiceAccountToken: true,
          imagePullSecrets: [{ name: "own" }],
        }),
      ),
    ],
  },
  {
    name: "admission: priority of pods",
    encodings: ["json"],
    steps: [
      {
        path: priorityClasses,
        body: object("scheduling.k8s.io/v1", "PriorityClass", "{ns}-high", { value: 1000, preemptionPolicy: "Never" }),
      },
      { path: pods, body: pod("a", { priorityClassName: "{ns}-high" }), until: 201 },
      ...podsOf(
        pod("b", { priorityClassName: "none" }),
        pod("c", { priority: 7 }),
        pod("d", { preemptionPolicy: "Never" }),
        pod("e", { priority: 0 }),
      ),
      { method: "DELETE", path: `${priorityClasses}/{ns}-high`, silent: true },
    ],
  },
  {
    name: "admission: runtime classes",
    encodings: ["json"],
    steps: [
      {
        path: runtimeClasses,
        body: object("node.k8s.io/v1", "RuntimeClass", "{ns}-kata", {
          handler: "kata",
          overhead: { podFixed: { cpu: "250m" } },
          scheduling: { nodeSelector: { runtime: "kata" }, tolerations: [{ key: "kata", operator: "Exists" }] },
        }),
        silent: true,
      },
      { path: pods, body: pod("a", { runtimeClassName: "{ns}-kata", nodeSelector: { disk: "ssd" } }), until: 201 },
      ...podsOf(
        pod("b", { runtimeClassName: "none" }),
        pod("c", { overhead: { cpu: "1" } }),
        pod("d", { runtimeClassName: "{ns}-kata", overhead: { cpu: "1" } }),
        pod("e", { runtimeClassName: "{ns}-kata", nodeSelector: { runtime: "runc" } }),
      ),
      { method: "DELETE", path: `${runtimeClasses}/{ns}-kata`, silent: true },
    ],
  },
  {
    name: "admission: zone and region of a pod's node",
    encodings: ["json"],
    steps: [
      {
        path: nodes,
        body: node(
          "{ns}-n1",
          {},
          {
            labels: { "topology.kubernetes.io/zone": "a", "topology.kubernetes.io/region": "r", other: "x" },
          },
        ),
        silent: true,
      },
      // Made anew until the real server's plugin has seen the node.
      { path: `${pods}?dryRun=All`, body: pod("a", { nodeName: "{ns}-n1" }), view: (body) => metadataOf(body).labels },
      { path: pods, body: pod("b", {}, { labels: { app: "web" } }), silent: true },
      { path: `${pods}/b/binding`, body: object("v1", "Binding", "b", { target: { kind: "Node", name: "{ns}-n1" } }) },
      { path: `${pods}/b`, view: (body) => metadataOf(body).labels },
      { method: "DELETE", path: `${nodes}/{ns}-n1`, silent: true },
    ],
  },
];
