import type { ContainerBehaviour, PodBehaviour } from "./annotations.ts";

/** An app container, an init container, or an init container with restartPolicy Always. */
export type ContainerRole = "app" | "init" | "sidecar";

/** When a probe can pass at the earliest. The hollow application answers every probe from its start on. */
export interface ProbePlan {
  readonly initialDelayMs: number;
  readonly periodMs: number;
  readonly successThreshold: number;
}

/** One entry of containerStatuses[].volumeMounts. */
export interface MountPlan {
  /** "" stands for the pod's own token volume, so that pods of one template share their containers' plans. */
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly: boolean;
}

/** Quantities as the spec wrote them. */
export type ResourceList = Readonly<Record<string, string>>;

export interface ContainerPlan {
  readonly name: string;
  readonly image: string;
  readonly role: ContainerRole;
  readonly mounts: readonly MountPlan[];
  readonly limits: ResourceList | undefined;
  readonly requests: ResourceList | undefined;
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly readiness: ProbePlan | undefined;
  readonly startup: ProbePlan | undefined;
  readonly behaviour: ContainerBehaviour;
}

/** One serviceAccountToken source of a projected volume. */
export interface TokenPlan {
  /** undefined: the API server's own audiences. */
  readonly audience: string | undefined;
  readonly expirationSeconds: number;
}

/** A ConfigMap or Secret that the pod reads. */
export interface ObjectRef {
  readonly plural: "configmaps" | "secrets";
  readonly name: string;
}

/** One term of a required node affinity: all of its requirements. */
export interface NodeTerm {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
  /** Matches a field of the Node (only metadata.name exists) instead of a label. */
  readonly field: boolean;
}

/** What of a pod's spec the hollow kubelet acts on: small, and kept for as long as the pod is here. */
export interface PodPlan {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly restartPolicy: "Always" | "OnFailure" | "Never";
  readonly hostNetwork: boolean;
  readonly activeDeadlineMs: number | undefined;
  readonly readinessGates: readonly string[];
  /** Init containers and sidecars first, in the order of the spec, then the app containers. */
  readonly containers: readonly ContainerPlan[];
  readonly initCount: number;
  /** Name of the volume that the ServiceAccount admission plugin added, e.g. "kube-api-access-t6xdb"; "": none. */
  readonly tokenVolume: string;
  readonly behaviour: PodBehaviour;
  readonly serviceAccount: string;
  readonly tokens: readonly TokenPlan[];
  readonly objects: readonly ObjectRef[];
  /** Effective requests of the pod, cpu in milli, everything else in whole units. */
  readonly requests: Readonly<Record<string, number>>;
  readonly nodeSelector: Readonly<Record<string, string>> | undefined;
  /** Any one term must match; undefined: no required node affinity. */
  readonly nodeTerms: readonly (readonly NodeTerm[])[] | undefined;
}

/** `P_NS(UID)`, as the kubelet's messages name a pod (pkg/kubelet/util/format/pod.go). */
export function podText(plan: PodPlan): string {
  return `${plan.name}_${plan.namespace}(${plan.uid})`;
}
