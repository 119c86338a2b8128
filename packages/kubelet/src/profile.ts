import type { Distribution } from "@hollowfleet/core";

/** Whose traffic a hollow kubelet imitates (DESIGN §4 "Kubelet"). */
export const profileNames = ["kubelet", "kubemark", "status-only"] as const;
export type ProfileName = (typeof profileNames)[number];

/** The reflectors that a kubelet keeps for its whole life (kubelet-wire §5). */
export const nodeWatchNames = ["nodes", "services", "csidrivers", "runtimeclasses", "pods"] as const;
export type NodeWatchName = (typeof nodeWatchNames)[number];

/** What a hollow kubelet of one profile sends, and how fast it may. */
export interface Profile {
  readonly name: ProfileName;
  readonly events: boolean;
  /** Main client, requests per second and burst; heartbeats and watches go outside it. */
  readonly qps: number;
  readonly burst: number;
  /** The event client's own bucket. */
  readonly eventQps: number;
  readonly eventBurst: number;
  /** Creates a CSINode, and is not Ready before it exists. */
  readonly csiNode: boolean;
  /** Wipes the node's ResourceSlices once at start (dra_plugin_manager.go; kubemark's stub does not). */
  readonly resourceSliceWipe: boolean;
  /** Requests a service-account token per pod. */
  readonly tokens: boolean;
  /** A watch per ConfigMap and Secret that a pod uses. */
  readonly objectWatches: boolean;
  readonly nodeWatches: readonly NodeWatchName[];
  /** "kubelet": images, runtime handlers, features and the attach-detach annotation; "bare": without them. */
  readonly nodeObject: "kubelet" | "bare";
  /** Begins spec.providerID when the node has none of its own; default: no providerID. */
  readonly providerIdPrefix?: string;
  /** "kubelet": GET, then PATCH, three pushes per start; "single": one PATCH per pod and no GET. */
  readonly podPushes: "kubelet" | "single";
  /** The User-Agent of a kubelet of this version, e.g. "v1.36.3". */
  userAgent(version: string): string;
}

const kubelet: Profile = {
  name: "kubelet",
  events: true,
  qps: 50,
  burst: 100,
  eventQps: 50,
  eventBurst: 100,
  csiNode: true,
  resourceSliceWipe: true,
  tokens: true,
  objectWatches: true,
  nodeWatches: nodeWatchNames,
  nodeObject: "kubelet",
  podPushes: "kubelet",
  userAgent: (version) => `kubelet/${version} (linux/amd64) kubernetes/hollow`,
};

const profiles: Readonly<Record<ProfileName, Profile>> = {
  kubelet,
  kubemark: {
    ...kubelet,
    name: "kubemark",
    events: false,
    qps: 10,
    burst: 20,
    resourceSliceWipe: false,
    nodeObject: "bare",
    providerIdPrefix: "kubemark://",
    userAgent: () => "hollow-kubelet",
  },
  "status-only": {
    ...kubelet,
    name: "status-only",
    events: false,
    csiNode: false,
    resourceSliceWipe: false,
    tokens: false,
    objectWatches: false,
    nodeWatches: ["pods"],
    nodeObject: "bare",
    podPushes: "single",
  },
};

/** @param watches "pods" opens only the pod watch, whatever the profile */
export function profileOf(name: ProfileName, watches: "all" | "pods"): Profile {
  const profile = profiles[name];
  return watches === "all" ? profile : { ...profile, objectWatches: false, nodeWatches: ["pods"] };
}

/** How long the simulated container runtime takes. Drawn per pod from the node's Random. */
export interface StartDelays {
  /** Sandbox with its network. */
  readonly sandbox: Distribution;
  /** Create and start of each container. */
  readonly container: Distribution;
  /** One runtime queue per node, so that a burst of 20 pods takes 2.4 s (kubelet-audit §3). */
  readonly serialised: boolean;
  /** From SIGTERM to the container's end, for an application that ends at once. */
  readonly stop: Distribution;
}

/** As measured on a real kubelet with containerd (kubelet-audit §3, §5). */
export const measuredDelays: StartDelays = {
  sandbox: { kind: "constant", ms: 400 },
  container: { kind: "constant", ms: 60 },
  serialised: true,
  stop: { kind: "constant", ms: 100 },
};

/** For pure control-plane tests. */
export const noDelays: StartDelays = {
  sandbox: { kind: "constant", ms: 0 },
  container: { kind: "constant", ms: 0 },
  serialised: false,
  stop: { kind: "constant", ms: 0 },
};
