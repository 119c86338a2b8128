import type { KubeletObserver, LeaseRecord, NodeState, PodStarted } from "../observer.ts";

/** Remembers what it was told. */
export class RecordingObserver implements KubeletObserver {
  readonly states: NodeState[] = [];
  readonly leases: LeaseRecord[] = [];
  readonly podStarts: PodStarted[] = [];
  /** "where: code" */
  readonly errors: string[] = [];

  onNodeState(_node: string, state: NodeState): void {
    this.states.push(state);
  }

  onLease(_node: string, record: LeaseRecord): void {
    this.leases.push(record);
  }

  onPodPhase(): void {}

  onPodStarted(_node: string, facts: PodStarted): void {
    this.podStarts.push(facts);
  }

  onError(_node: string, where: string, error: { readonly code: string }): void {
    this.errors.push(`${where}: ${error.code}`);
  }
}
