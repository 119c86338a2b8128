/** Timings and limits of the control loops. The defaults are kube-controller-manager's and kube-scheduler's, where they have one. */
export interface ControllerSettings {
  /** How long the loops work before the thread's other work gets its turn; default 10 ms. */
  readonly sliceMs: number;
  /** Feasible nodes that the scheduler compares for a pod; default 100, upstream's minFeasibleNodesToFind. */
  readonly nodesToScore: number;
  /** --node-monitor-period; default 5 s. */
  readonly nodeMonitorPeriodMs: number;
  /** --node-monitor-grace-period; default 50 s. */
  readonly nodeMonitorGraceMs: number;
  /** --node-startup-grace-period; default 60 s. */
  readonly nodeStartupGraceMs: number;
  /** --node-eviction-rate in nodes per second and zone; default 0.1. */
  readonly nodeEvictionRate: number;
  /** --secondary-node-eviction-rate; default 0.01. */
  readonly secondaryNodeEvictionRate: number;
  /** --large-cluster-size-threshold; default 50. */
  readonly largeClusterNodes: number;
  /** --unhealthy-zone-threshold; default 0.55. */
  readonly unhealthyZoneShare: number;
  /** --node-cidr-mask-size; default 24. */
  readonly nodeCidrMaskSize: number;
  /** Pause between passes over pods of deleted nodes; default 20 s (pkg/controller/podgc). */
  readonly podGcPeriodMs: number;
  /** How long a node must be gone before its pods are deleted; default 40 s (same). */
  readonly podGcQuarantineMs: number;
  /** Pods that a ReplicaSet creates or deletes before it looks at its pods again; default 500 (upstream's burstReplicas). */
  readonly podsPerBurst: number;
  /** Pods that a ReplicaSet or a Job creates or deletes before others get their turn; default 5. */
  readonly podsPerStep: number;
  /** Events per second, and how many at once, that the loops write at the most; default 200 and 1000. */
  readonly eventRate: number;
  readonly eventBurst: number;
}

export const defaultSettings: ControllerSettings = {
  sliceMs: 10,
  nodesToScore: 100,
  nodeMonitorPeriodMs: 5000,
  nodeMonitorGraceMs: 50_000,
  nodeStartupGraceMs: 60_000,
  nodeEvictionRate: 0.1,
  secondaryNodeEvictionRate: 0.01,
  largeClusterNodes: 50,
  unhealthyZoneShare: 0.55,
  nodeCidrMaskSize: 24,
  podGcPeriodMs: 20_000,
  podGcQuarantineMs: 40_000,
  podsPerBurst: 500,
  podsPerStep: 5,
  eventRate: 200,
  eventBurst: 1000,
};
