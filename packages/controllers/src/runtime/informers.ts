import type { Logger } from "@hollowfleet/core";
import type { ClusterStore } from "../cluster-store.ts";
import { controllerOf, type KubeObject, namespaceOf } from "../objects/meta.ts";
import type {
  Deployment,
  EndpointSlice,
  Job,
  Lease,
  Namespace,
  Node,
  Pod,
  PodDisruptionBudget,
  ReplicaSet,
  Service,
} from "../objects/types.ts";
import { createIndex, createInformer, type Index, type Informer } from "./informer.ts";

/** What the control loops see of the cluster. */
export interface Informers {
  readonly nodes: Informer<Node>;
  readonly leases: Informer<Lease>;
  readonly pods: Informer<Pod>;
  readonly namespaces: Informer<Namespace>;
  readonly serviceAccounts: Informer<KubeObject>;
  readonly configMaps: Informer<KubeObject>;
  readonly deployments: Informer<Deployment>;
  readonly replicaSets: Informer<ReplicaSet>;
  readonly jobs: Informer<Job>;
  readonly services: Informer<Service>;
  readonly endpointSlices: Informer<EndpointSlice>;
  readonly budgets: Informer<PodDisruptionBudget>;
  /** "" for those that have none. */
  readonly podsByNode: Index<Pod>;
  readonly podsByNamespace: Index<Pod>;
  /** By `ownerValue`. */
  readonly podsByOwner: Index<Pod>;
  /** By `ownerValue`. */
  readonly replicaSetsByOwner: Index<ReplicaSet>;
  readonly servicesByNamespace: Index<Service>;
  readonly budgetsByNamespace: Index<PodDisruptionBudget>;
  stop(): void;
}

/** The value for objects of a namespace that no controller manages. */
export function orphansOf(namespace: string): string {
  return `orphans/${namespace}`;
}

/** What managed objects are looked up by: the uid of their controller, or `orphansOf` their namespace. */
function ownerValue(object: KubeObject): string {
  return controllerOf(object)?.uid ?? orphansOf(namespaceOf(object));
}

export function createInformers(store: ClusterStore, logger: Logger): Informers {
  const pods = createInformer<Pod>(store, "pods", logger);
  const replicaSets = createInformer<ReplicaSet>(store, "replicasets.apps", logger);
  const services = createInformer<Service>(store, "services", logger);
  const budgets = createInformer<PodDisruptionBudget>(store, "poddisruptionbudgets.policy", logger);
  const all = {
    nodes: createInformer<Node>(store, "nodes", logger),
    leases: createInformer<Lease>(store, "leases.coordination.k8s.io", logger),
    pods,
    namespaces: createInformer<Namespace>(store, "namespaces", logger),
    serviceAccounts: createInformer<KubeObject>(store, "serviceaccounts", logger),
    configMaps: createInformer<KubeObject>(store, "configmaps", logger),
    deployments: createInformer<Deployment>(store, "deployments.apps", logger),
    replicaSets,
    jobs: createInformer<Job>(store, "jobs.batch", logger),
    services,
    endpointSlices: createInformer<EndpointSlice>(store, "endpointslices.discovery.k8s.io", logger),
    budgets,
  };
  return {
    ...all,
    podsByNode: createIndex(pods, (pod) => pod.spec?.nodeName ?? ""),
    podsByNamespace: createIndex(pods, namespaceOf),
    podsByOwner: createIndex(pods, ownerValue),
    replicaSetsByOwner: createIndex(replicaSets, ownerValue),
    servicesByNamespace: createIndex(services, namespaceOf),
    budgetsByNamespace: createIndex(budgets, namespaceOf),
    stop() {
      for (const informer of Object.values(all)) informer.stop();
    },
  };
}
