import type { FaultRule } from "@hollowfleet/controlplane";
import type { Distribution } from "@hollowfleet/core";
import type { IdentityKind, NodePool } from "@hollowfleet/fleet";
import type { ProfileName } from "@hollowfleet/kubelet";

/** The hollow nodes of a scenario. */
export interface FleetPart {
  readonly pools: readonly NodePool[];
  /** Nodes that begin to register, per second. */
  readonly nodeRatePerS: number;
  readonly profile: ProfileName;
  readonly watches: "all" | "pods";
  readonly identity: IdentityKind;
  readonly connections: "per-node" | "pooled";
  /** Worker threads; 0 runs the fleet in the main thread. */
  readonly threads: number;
  /** Old-generation heap per worker thread, MiB; 0 leaves it to Node. */
  readonly threadHeapMb: number;
  /** "v1.36.3": what the nodes report. */
  readonly kubeletVersion: string;
  readonly delays: {
    readonly sandbox: Distribution;
    readonly container: Distribution;
    readonly stop: Distribution;
    /** One runtime queue per node, as measured on a real kubelet. */
    readonly serialised: boolean;
  };
}

/** The pods that a scenario runs through Deployments and the real scheduler. */
export interface WorkloadPart {
  readonly podsPerNode: number;
  /** Pods asked for per second, open loop: Deployments are created at podRatePerS / podsPerDeployment. Deletion uses the same rate. */
  readonly podRatePerS: number;
  readonly podsPerDeployment: number;
  /** Pods per namespace; the thresholds file of SIG Scalability allows 3000. */
  readonly podsPerNamespace: number;
  /** Requests of each pod, quantities as text. */
  readonly requests: Readonly<Record<string, string>>;
  /** Bare pods created one by one after the saturation: the gate of the pod-startup SLO. */
  readonly latencyPods: { readonly count: number; readonly ratePerS: number };
}

/** Calls of one kind at a fixed rate, open loop. */
export interface ProbePart {
  readonly verb: "GET" | "LIST" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly resource: "configmaps" | "pods" | "nodes" | "deployments" | "services" | "leases";
  /** LIST only. */
  readonly scope: "resource" | "namespace" | "cluster";
  readonly ratePerS: number;
}

/** One experiment as plain data. All spans in milliseconds. */
export interface Scenario {
  readonly name: string;
  readonly seed: number;
  readonly fleet: FleetPart;
  readonly workload: WorkloadPart | null;
  readonly probes: readonly ProbePart[];
  /** What the embedded API server does wrong on purpose, drawn from the seed. */
  readonly faults: readonly FaultRule[];
  /** How long the probes run with everything up. */
  readonly durationMs: number;
  /** Own calls under way at most; above it a start is dropped and counts as over every limit. */
  readonly maxInFlight: number;
  /** What is waited for at most: all nodes Ready, all pods Running, all pods gone. */
  readonly timeouts: { readonly nodesReadyMs: number; readonly podsRunningMs: number; readonly deletedMs: number };
}

export function totalNodes(scenario: Scenario): number {
  return scenario.fleet.pools.reduce((sum, pool) => sum + pool.count, 0);
}

export function totalPods(scenario: Scenario): number {
  return totalNodes(scenario) * (scenario.workload?.podsPerNode ?? 0);
}
