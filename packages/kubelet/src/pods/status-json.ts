/** Parts of a pod's status in the shape that a JSON patch carries: names and order of keys as Go's encoder writes them. */

export interface TerminatedJson {
  readonly containerID?: string;
  readonly exitCode: number;
  readonly finishedAt: string | null;
  readonly message?: string;
  readonly reason?: string;
  readonly signal?: number;
  readonly startedAt: string | null;
}

export interface StateJson {
  readonly running?: { readonly startedAt: string | null };
  readonly terminated?: TerminatedJson;
  readonly waiting?: { readonly message?: string; readonly reason?: string };
}

export interface ResourcesJson {
  readonly limits?: Readonly<Record<string, string>>;
  readonly requests?: Readonly<Record<string, string>>;
}

export interface VolumeMountJson {
  readonly mountPath: string;
  readonly name: string;
  readonly readOnly?: boolean;
  readonly recursiveReadOnly?: string;
}

export interface ContainerStatusJson {
  readonly allocatedResources?: Readonly<Record<string, string>>;
  readonly containerID?: string;
  readonly image: string;
  readonly imageID: string;
  readonly lastState: StateJson;
  readonly name: string;
  readonly ready: boolean;
  readonly resources?: ResourcesJson;
  readonly restartCount: number;
  readonly started?: boolean;
  readonly state: StateJson;
  readonly user?: {
    readonly linux?: { readonly gid: number; readonly supplementalGroups?: readonly number[]; readonly uid: number };
  };
  readonly volumeMounts?: readonly VolumeMountJson[];
}

export interface ConditionJson {
  readonly lastProbeTime: string | null;
  readonly lastTransitionTime: string | null;
  readonly message?: string;
  readonly observedGeneration?: number;
  readonly reason?: string;
  readonly status: string;
  readonly type: string;
}

/** The fields of a pod's status that a kubelet writes. Absent: empty in Go. */
export interface StatusJson {
  readonly conditions?: readonly ConditionJson[];
  readonly containerStatuses?: readonly ContainerStatusJson[];
  readonly hostIP?: string;
  readonly hostIPs?: readonly { readonly ip: string }[];
  readonly initContainerStatuses?: readonly ContainerStatusJson[];
  readonly message?: string;
  readonly observedGeneration?: number;
  readonly phase?: string;
  readonly podIP?: string;
  readonly podIPs?: readonly { readonly ip: string }[];
  readonly reason?: string;
  readonly startTime?: string;
}

/** The conditions that a kubelet owns; all others are kept as the API has them (pkg/kubelet/types/pod_status.go). */
export const kubeletConditions: ReadonlySet<string> = new Set([
  "PodReadyToStartContainers",
  "Initialized",
  "Ready",
  "ContainersReady",
  "PodScheduled",
  "PodResizePending",
  "PodResizeInProgress",
  "AllContainersRestarting",
]);

/** RFC 3339 with seconds: what Kubernetes keeps of a time. */
export function isoSeconds(ms: number): string {
  return `${new Date(Math.floor(ms / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}
