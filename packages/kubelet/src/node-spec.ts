/** A taint that the node registers itself with (`--register-with-taints`). */
export interface NodeSpecTaint {
  readonly key: string;
  readonly value?: string;
  /** NoSchedule, PreferNoSchedule or NoExecute. */
  readonly effect: string;
}

/** What a node says of its software; what is left out has a default. */
export type NodeSpecInfo = Partial<
  Record<"kernelVersion" | "osImage" | "containerRuntimeVersion" | "architecture" | "operatingSystem", string>
>;

/** An image that the node claims to hold. */
export interface NodeSpecImage {
  readonly names: readonly string[];
  readonly sizeBytes: number;
}

/** Everything that one hollow node is. Plain data: it crosses to threads by structured clone. */
export interface NodeSpec {
  readonly name: string;
  /** InternalIP, and on `local` also the connection's source address. */
  readonly address: string;
  /** status.daemonEndpoints.kubeletEndpoint.Port */
  readonly kubeletPort: number;
  /** Quantities as Kubernetes writes them: cpu, memory, ephemeral-storage, pods and extended resources. */
  readonly capacity: Readonly<Record<string, string>>;
  /** Default: the capacity. */
  readonly allocatable?: Readonly<Record<string, string>>;
  /** Beyond the five standard ones; those that NodeRestriction forbids a node to set are not sent by it. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly taints: readonly NodeSpecTaint[];
  readonly providerId?: string;
  /** "v1.36.3" */
  readonly kubeletVersion: string;
  readonly nodeInfo?: NodeSpecInfo;
  readonly images?: readonly NodeSpecImage[];
  /** Used for pod IPs while the Node has no spec.podCIDR, e.g. "10.64.3.0/24". */
  readonly fallbackPodCidr: string;
}
