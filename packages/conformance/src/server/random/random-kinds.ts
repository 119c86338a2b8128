import type { Random } from "@hollowfleet/core";
import { configMap, deployment, lease, node, object, pod, podTemplate } from "../cases/objects.ts";

type Body = Readonly<Record<string, unknown>>;

/** One kind that a random sequence plays with; no controller and no cache of the real server has a say in it. */
export interface RandomKind {
  readonly path: (namespace: string) => string;
  readonly namespaced: boolean;
  readonly hasStatus?: boolean;
  readonly hasScale?: boolean;
  make(name: string, random: Random): Body;
  /** A merge patch of what is the kind's own. */
  change(random: Random): Body;
  /** A patch of its status. */
  status?(random: Random): Body;
}

/** @param choices at least one */
export function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[random.int(choices.length)] as T;
}

const namespaced =
  (groupVersion: string, resource: string) =>
  (namespace: string): string =>
    `${groupVersion === "v1" ? "/api/v1" : `/apis/${groupVersion}`}/namespaces/${namespace}/${resource}`;

const word = (random: Random): string => pick(random, ["red", "green", "blue", "", "with space", "ünïcode"]);
/** Now and then a number that is refused. */
const replicas = (random: Random): number => pick(random, [0, 1, 2, 3, 10, -1]);
const image = (random: Random): string => pick(random, ["app:1", "app:2", "app"]);

const keys = ["a", "b", "c.d", "bad key"] as const;

function data(random: Random): Record<string, string> {
  return Object.fromEntries(Array.from({ length: random.int(3) }, () => [pick(random, keys), word(random)]));
}

/** Metadata that any kind may have, now and then with what is refused. */
export function metadata(random: Random): Record<string, unknown> {
  return {
    ...(random.next() < 0.5 && { labels: { x: pick(random, ["1", "2", "3", "bad value!"]) } }),
    ...(random.next() < 0.2 && { annotations: { "example.com/note": word(random) } }),
    ...(random.next() < 0.1 && { finalizers: [pick(random, ["example.com/a", "example.com/b", "unqualified"])] }),
  };
}

function withMetadata(body: Body, random: Random): Body {
  return { ...body, metadata: { ...(body["metadata"] as object), ...metadata(random) } };
}

function podSpec(random: Random): Body {
  return {
    ...(random.next() < 0.5 && { nodeName: pick(random, ["node-a", "node-b", "Bad_Name"]) }),
    ...(random.next() < 0.3 && { restartPolicy: pick(random, ["Never", "OnFailure", "Sometimes"]) }),
    ...(random.next() < 0.3 && { terminationGracePeriodSeconds: pick(random, [0, 5, 600, -1]) }),
    containers: [
      {
        name: "c",
        image: image(random),
        ...(random.next() < 0.3 && { resources: { requests: { cpu: pick(random, ["100m", "1", "0.5", "-1"]) } } }),
      },
    ],
  };
}

const podStatus = (random: Random): Body => ({
  phase: pick(random, ["Pending", "Running", "Succeeded", "Failed"]),
  conditions: [{ type: pick(random, ["Ready", "PodScheduled"]), status: pick(random, ["True", "False"]) }],
});

const workloadStatus = (random: Random): Body => ({
  replicas: pick(random, [0, 1, 2, -1]),
  readyReplicas: pick(random, [0, 1, 5]),
  observedGeneration: random.int(4),
});

export const randomKinds: readonly RandomKind[] = [
  {
    path: namespaced("v1", "configmaps"),
    namespaced: true,
    make: (name, random) => withMetadata(configMap(name, data(random)), random),
    change: (random) => ({ data: pick<Body | null>(random, [data(random), null, { a: null, b: "set" }]) }),
  },
  {
    path: namespaced("v1", "secrets"),
    namespaced: true,
    make: (name, random) =>
      withMetadata(object("v1", "Secret", name, { data: { a: pick(random, ["", "YQ=="]) } }), random),
    change: (random) => ({ data: { b: pick(random, ["Yg==", "", null]) } }),
  },
  {
    path: namespaced("v1", "pods"),
    namespaced: true,
    hasStatus: true,
    make: (name, random) => withMetadata(pod(name, podSpec(random)), random),
    change: (random) => ({
      spec: pick<Body>(random, [{ activeDeadlineSeconds: 30 + random.int(3) }, { hostNetwork: true }]),
    }),
    status: podStatus,
  },
  {
    path: namespaced("apps/v1", "deployments"),
    namespaced: true,
    hasStatus: true,
    hasScale: true,
    make: (name, random) => withMetadata(deployment(name, { replicas: replicas(random) }), random),
    change: (random) => ({
      spec: pick<Body>(random, [{ replicas: replicas(random) }, { paused: true }, { paused: null }]),
    }),
    status: workloadStatus,
  },
  {
    path: namespaced("apps/v1", "replicasets"),
    namespaced: true,
    hasStatus: true,
    hasScale: true,
    make: (name, random) => {
      const spec = {
        replicas: replicas(random),
        selector: { matchLabels: { app: name } },
        template: podTemplate(name),
      };
      return withMetadata(object("apps/v1", "ReplicaSet", name, { spec }), random);
    },
    change: (random) => ({ spec: { replicas: replicas(random) } }),
    status: workloadStatus,
  },
  {
    path: namespaced("coordination.k8s.io/v1", "leases"),
    namespaced: true,
    make: (name, random) => withMetadata(lease(name, { leaseDurationSeconds: pick(random, [10, 40, 0]) }), random),
    change: (random) => ({ spec: { holderIdentity: word(random), leaseTransitions: random.int(3) - 1 } }),
  },
  {
    path: namespaced("policy/v1", "poddisruptionbudgets"),
    namespaced: true,
    hasStatus: true,
    make: (name, random) => {
      const spec = { minAvailable: pick(random, [0, 1, "50%", "150%"]), selector: { matchLabels: { x: "1" } } };
      return withMetadata(object("policy/v1", "PodDisruptionBudget", name, { spec }), random);
    },
    change: (random) => ({ spec: { minAvailable: pick(random, [2, "10%", -1]) } }),
    status: (random) => ({ disruptionsAllowed: random.int(3), observedGeneration: 1, expectedPods: random.int(3) }),
  },
  {
    path: namespaced("batch/v1", "jobs"),
    namespaced: true,
    make: (name, random) => {
      const spec = { template: podTemplate(name, { restartPolicy: pick(random, ["Never", "OnFailure", "Always"]) }) };
      return withMetadata(object("batch/v1", "Job", name, { spec }), random);
    },
    change: (random) => ({ spec: { parallelism: replicas(random) } }),
  },
  {
    path: namespaced("v1", "serviceaccounts"),
    namespaced: true,
    make: (name, random) => withMetadata(object("v1", "ServiceAccount", name), random),
    change: (random) => ({ automountServiceAccountToken: pick(random, [true, false, null]) }),
  },
  {
    path: () => "/api/v1/nodes",
    namespaced: false,
    hasStatus: true,
    make: (name, random) => withMetadata(node(name, { spec: { unschedulable: random.next() < 0.3 } }), random),
    change: (random) => ({
      spec: pick<Body>(random, [
        { unschedulable: true },
        { unschedulable: null },
        { taints: [{ key: "k", effect: pick(random, ["NoSchedule", "NoExecute", "Sometimes"]) }] },
      ]),
    }),
    status: (random) => ({ capacity: { pods: String(random.int(200)), cpu: pick(random, ["4", "3900m", "0.1"]) } }),
  },
];
