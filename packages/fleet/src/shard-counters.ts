import type { CallObserver, CallRecord, ClientError } from "@hollowfleet/client";
import type { KubeletObserver, LeaseRecord, NodeState, PodStarted } from "@hollowfleet/kubelet";
import { callOutcome, type Recorder } from "@hollowfleet/metrics";
import { callSample } from "./call-sample.ts";
import type { FleetNews, LateRenewal, PodCounts, PodStart, PodState, ShardStats } from "./shard-stats.ts";

/** Our own share in a late lease is counted from here on (DESIGN §5). */
const ownDelayLimitUs = 1_000_000;

/** More different errors than this are counted as one, so that a storm of texts cannot fill the memory. */
const maxErrorKinds = 100;

/** Counts what the hollow kubelets of one shard do. */
export class ShardCounters implements KubeletObserver, CallObserver {
  readonly #recorder: Recorder;
  readonly #nodes = new Map<string, NodeState>();
  readonly #states: Record<NodeState, number> = { registering: 0, registered: 0, ready: 0, stopped: 0 };
  readonly #pods: Record<PodState, number> = { Pending: 0, Running: 0, Succeeded: 0, Failed: 0, Terminating: 0 };
  readonly #errors = new Map<string, number>();
  #starts: PodStart[] = [];
  #lateRenewals: LateRenewal[] = [];
  readonly #leases = { renewed: 0, failed: 0, ownDelays: 0, maxOwnDelayUs: 0 };
  readonly #calls = { total: 0, rejected: 0, failed: 0 };

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  counts(total: number): Pick<ShardStats, "nodes" | "pods" | "leases" | "errors" | "calls"> {
    const { registering, registered, ready } = this.#states;
    return {
      nodes: { total, registering, registered, ready },
      pods: { ...this.#pods } satisfies PodCounts,
      leases: { ...this.#leases },
      errors: Object.fromEntries(this.#errors),
      calls: { ...this.#calls },
    };
  }

  takeNews(): FleetNews {
    const news = { starts: this.#starts, lateRenewals: this.#lateRenewals };
    this.#starts = [];
    this.#lateRenewals = [];
    return news;
  }

  onCall(record: CallRecord): void {
    this.#calls.total++;
    this.#calls.rejected += record.rejected;
    // A 404 is an answer, and a new kubelet gets several: only what counts as a failure to a user counts here.
    if (callOutcome(record.code) === "failed") this.#calls.failed++;
    // A renewal is due by its timer, every other call when the kubelet's own rate limit lets it go.
    const lagFromUs = record.resource === "leases" ? record.dueUs : record.startedUs;
    this.#recorder.call("kubelet", callSample(record, lagFromUs));
  }

  onNodeState(node: string, state: NodeState): void {
    const before = this.#nodes.get(node);
    if (before !== undefined) this.#states[before]--;
    if (state === "stopped") this.#nodes.delete(node);
    else {
      this.#nodes.set(node, state);
      this.#states[state]++;
    }
  }

  onLease(node: string, record: LeaseRecord): void {
    if (record.ok) this.#leases.renewed++;
    else this.#leases.failed++;
    const delayUs = record.ownDelayUs;
    if (delayUs === undefined) return;
    if (delayUs > ownDelayLimitUs) {
      this.#leases.ownDelays++;
      this.#lateRenewals.push({ node, endUs: record.endUs });
    }
    if (delayUs > this.#leases.maxOwnDelayUs) this.#leases.maxOwnDelayUs = delayUs;
    this.#recorder.observe("lease_delay", {}, delayUs);
  }

  onPodPhase(_node: string, from: PodState | "none", to: PodState | "gone"): void {
    if (from !== "none") this.#pods[from]--;
    if (to !== "gone") this.#pods[to]++;
  }

  onPodStarted(_node: string, facts: PodStarted): void {
    const { uid, simulatedMs, boundSeenUs, runningPushedUs } = facts;
    this.#starts.push({ uid, simulatedMs, boundSeenUs, runningPushedUs });
  }

  onError(_node: string, where: string, error: ClientError): void {
    const what = `${where}: ${error.code}`;
    const key = this.#errors.has(what) || this.#errors.size < maxErrorKinds ? what : "other";
    this.#errors.set(key, (this.#errors.get(key) ?? 0) + 1);
  }
}
