import type { ClientError } from "@hollowfleet/client";

export type NodeState = "registering" | "registered" | "ready" | "stopped";

/** What a hollow kubelet has told the API server of a pod. */
export type PodPhase = "Pending" | "Running" | "Succeeded" | "Failed" | "Terminating";

/** One lease renewal. Times are `Clock.nowUs()`. */
export interface LeaseRecord {
  readonly dueUs: number;
  /** How late we were with it (`callLagUs`): no waiting for a connection in it; undefined if it was never written. */
  readonly ownDelayUs: number | undefined;
  readonly endUs: number;
  readonly ok: boolean;
  /** HTTP status of the final answer, or the ClientErrorCode when there was none. */
  readonly code: string;
}

/** One pod whose Running, or final start push, was accepted. */
export interface PodStarted {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** How long the simulated runtime took: no API time in it. */
  readonly simulatedMs: number;
  readonly boundSeenUs: number;
  readonly runningPushedUs: number;
}

/** Told of what a hollow kubelet does, synchronously. Must be cheap and must not throw. */
export interface KubeletObserver {
  onNodeState(node: string, state: NodeState): void;
  /** One lease renewal that was answered or given up. */
  onLease(node: string, record: LeaseRecord): void;
  /** Pod count deltas for live progress. */
  onPodPhase(node: string, from: PodPhase | "none", to: PodPhase | "gone"): void;
  onPodStarted(node: string, facts: PodStarted): void;
  /** What a kubelet would log. */
  onError(node: string, where: string, error: ClientError): void;
}
