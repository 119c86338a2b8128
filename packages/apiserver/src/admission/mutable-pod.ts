import type { KubeObject } from "../object.ts";

export interface VolumeMount {
  readonly name: string;
  readonly readOnly?: boolean;
  readonly mountPath: string;
}

/** Quantities by name of the resource. */
export type ResourceList = Readonly<Record<string, string>>;

export interface Resources {
  readonly limits?: ResourceList;
  readonly requests?: ResourceList;
}

export interface MutableContainer {
  readonly name?: string;
  /** Of init containers: "Always" if it stays beside the others. */
  readonly restartPolicy?: string;
  volumeMounts?: VolumeMount[];
  resources?: Resources;
}

export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number;
}

/** v1.PodSpec in its JSON form: what mutating plugins look at and write. */
export interface MutablePodSpec {
  nodeName?: string;
  serviceAccountName?: string;
  /** The older name of the same; answers have both. */
  serviceAccount?: string;
  automountServiceAccountToken?: boolean;
  imagePullSecrets?: { name?: string }[];
  initContainers?: MutableContainer[];
  containers?: MutableContainer[];
  /** Of the pod as a whole. */
  resources?: Resources;
  volumes?: { name: string; [source: string]: unknown }[];
  tolerations?: Toleration[];
  nodeSelector?: Record<string, string>;
  runtimeClassName?: string;
  overhead?: Record<string, string>;
  priorityClassName?: string;
  priority?: number;
  preemptionPolicy?: string;
}

/** Spec of a pod that a plugin may change. */
export function podSpec(pod: KubeObject): MutablePodSpec {
  pod["spec"] ??= {};
  return pod["spec"] as MutablePodSpec;
}
