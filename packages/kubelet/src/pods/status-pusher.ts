import { type ApiClient, ClientError, type Received, resources } from "@hollowfleet/client";
import type { Clock, Timer } from "@hollowfleet/core";
import type { Pod } from "@hollowfleet/wire";
import { apiStatus } from "./api-status.ts";
import type { PodEntry } from "./pod-entry.ts";
import type { PodState } from "./pod-state.ts";
import { desiredStatus } from "./pod-status.ts";
import type { StatusJson } from "./status-json.ts";
import { fullStatusPatch, statusPatch } from "./status-patch.ts";

/** pkg/kubelet/status/status_manager.go syncPeriod */
const reconcileMs = 10_000;

export interface StatusPusherOptions {
  readonly api: ApiClient;
  readonly clock: Clock;
  readonly hostIp: string;
  /** "kubelet": GET, then PATCH what differs. "single": a PATCH of the whole status, no GET. */
  readonly mode: "kubelet" | "single";
  /** The API server has this state now. */
  onStored(entry: PodEntry, state: PodState, phase: string | undefined): void;
  onError(where: string, error: ClientError): void;
}

/** What of a pod is to be pushed. */
interface Wanted {
  /** The pod is over: DELETE it once the API has its end and somebody wants it gone. */
  final: boolean;
}

/**
 * Tells the API server of the pods of one node: one pod at a time, the latest state of each, so that pushes merge
 * while the server is slow (kubelet-wire §3.3). What failed is tried again by the next push or the 10 s pass.
 */
export class StatusPusher {
  readonly #options: StatusPusherOptions;
  /** In the order of asking. */
  readonly #queue = new Map<PodEntry, Wanted>();
  readonly #failed = new Map<PodEntry, Wanted>();
  #busy = false;
  #stopped = false;
  #pass: Timer | undefined;

  constructor(options: StatusPusherOptions) {
    this.#options = options;
  }

  /** Pods that wait for their turn, or for the next pass. */
  get pending(): number {
    return this.#queue.size + this.#failed.size;
  }

  request(entry: PodEntry, final: boolean): void {
    const known = this.#queue.get(entry) ?? this.#failed.get(entry);
    this.#failed.delete(entry);
    this.#queue.set(entry, { final: final || known?.final === true });
    if (!this.#busy) void this.#drain();
  }

  forget(entry: PodEntry): void {
    this.#queue.delete(entry);
    this.#failed.delete(entry);
  }

  stop(): void {
    this.#stopped = true;
    this.#queue.clear();
    this.#failed.clear();
    this.#pass?.cancel();
  }

  async #drain(): Promise<void> {
    this.#busy = true;
    for (const [entry, wanted] of this.#queue) {
      this.#queue.delete(entry);
      // The state of this moment: what changes while the calls are under way makes a push of its own.
      await this.#push(entry, entry.state, wanted);
      if (this.#stopped) return;
    }
    this.#busy = false;
  }

  async #push(entry: PodEntry, state: PodState, wanted: Wanted): Promise<void> {
    try {
      if (this.#options.mode === "single") await this.#pushWhole(entry, state, wanted);
      else await this.#pushChange(entry, state, wanted);
    } catch (thrown) {
      if (!(thrown instanceof ClientError)) throw thrown;
      if (this.#stopped || !entry.present || thrown.code === "not-found") return;
      this.#options.onError("pod status", thrown);
      this.#retryLater(entry, wanted);
    }
  }

  #retryLater(entry: PodEntry, wanted: Wanted): void {
    if (this.#queue.has(entry)) return;
    this.#failed.set(entry, wanted);
    this.#pass ??= this.#options.clock.setTimer(reconcileMs, () => {
      this.#pass = undefined;
      for (const [failed, { final }] of [...this.#failed]) this.request(failed, final);
    });
  }

  async #pushChange(entry: PodEntry, state: PodState, { final }: Wanted): Promise<void> {
    const { api, hostIp } = this.#options;
    const { namespace, name, uid } = entry.plan;
    const got = await api.get(resources.pods, { namespace, name });
    const pod = got.object;
    // Another pod of the same name: ours is gone (status_manager.go syncPod).
    if (pod.metadata?.uid !== uid || this.#stopped) return;
    const before = apiStatus(pod.status);
    const desired = desiredStatus(entry.plan, state, hostIp, before);
    const patch = statusPatch(uid, before, desired);
    if (patch !== undefined) await this.#patch(entry, patch);
    this.#options.onStored(entry, state, desired.phase);
    const phase = desired.phase ?? before.phase;
    if (final && pod.metadata.deletionTimestamp !== undefined && isTerminal(phase)) await this.#delete(entry);
  }

  async #pushWhole(entry: PodEntry, state: PodState, { final }: Wanted): Promise<void> {
    if (state.deleting) {
      if (final) await this.#delete(entry);
      return;
    }
    if (final) return;
    const desired: StatusJson = desiredStatus(entry.plan, state, this.#options.hostIp, {});
    await this.#patch(entry, fullStatusPatch(entry.plan.uid, desired));
    this.#options.onStored(entry, state, desired.phase);
  }

  #patch(entry: PodEntry, body: string): Promise<Received<Pod>> {
    const { namespace, name } = entry.plan;
    return this.#options.api.patch(resources.pods, { namespace, name }, "strategic", body, { subresource: "status" });
  }

  async #delete(entry: PodEntry): Promise<void> {
    const { namespace, name, uid } = entry.plan;
    if (this.#stopped) return;
    await this.#options.api.delete(
      resources.pods,
      { namespace, name },
      { gracePeriodSeconds: 0, preconditions: { uid } },
    );
  }
}

function isTerminal(phase: string | undefined): boolean {
  return phase === "Succeeded" || phase === "Failed";
}
