import type { NodeSpecImage, NodeSpecInfo, NodeSpecTaint } from "@hollowfleet/kubelet";

/** A group of equal nodes, as plain data. */
export interface NodePool {
  /** Begins the names of its nodes: `<name>-<number>`. Lower case letters, digits and dashes. */
  readonly name: string;
  readonly count: number;
  /** Quantities as Kubernetes writes them: cpu, memory, ephemeral-storage, pods and extended resources. */
  readonly capacity: Readonly<Record<string, string>>;
  /** Default: the capacity. */
  readonly allocatable?: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly taints: readonly NodeSpecTaint[];
  /** Becomes the label topology.kubernetes.io/zone. */
  readonly zone?: string;
  /** Becomes the label node.kubernetes.io/instance-type. */
  readonly instanceType?: string;
  readonly nodeInfo?: NodeSpecInfo;
  readonly images?: readonly NodeSpecImage[];
}

/** A machine of the size that capacity planners ask about most; pods is the kubelet's own default of 110. */
export const defaultCapacity: Readonly<Record<string, string>> = {
  cpu: "8",
  memory: "32Gi",
  "ephemeral-storage": "100Gi",
  pods: "110",
};
