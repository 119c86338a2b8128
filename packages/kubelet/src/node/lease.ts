import { type CallRecord, type ClientError, callLagUs, type Received, resources } from "@hollowfleet/client";
import type { Timer } from "@hollowfleet/core";
import type { Node } from "@hollowfleet/wire";
import { leaseNamespace, newLease, renewedLease } from "./lease-object.ts";
import { firstLeaseStep, type LeaseOutcome, type LeaseStep, nextLeaseStep, renewDelayMs } from "./lease-plan.ts";
import { attempt, type NodeContext, ownBytes } from "./node-context.ts";

/** What became of one request for the lease. */
interface Performed {
  readonly outcome: LeaseOutcome;
  readonly error?: ClientError;
  /** Of a PUT or POST. */
  readonly record?: CallRecord | undefined;
}

/** Told by the lease of one node. */
export interface LeaseListener {
  /** The Node was read on the way to a new Lease. */
  onNode(node: Received<Node>): void;
  /** Renewed, after a renewal had to be given up. */
  onRecovered(): void;
}

/** Keeps the Lease of one node: lease-plan.ts decides, this sends. */
export class LeaseKeeper {
  readonly #context: NodeContext;
  readonly #listener: LeaseListener;
  /** The last answer's bytes: the next PUT is made from them. */
  #raw: Uint8Array | undefined;
  #failing = false;
  #timer: Timer | undefined;
  #stopped = false;

  constructor(context: NodeContext, listener: LeaseListener) {
    this.#context = context;
    this.#listener = listener;
  }

  /** @param delayMs until the first try; the renewals then follow by themselves */
  start(delayMs: number): void {
    this.#schedule(delayMs);
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  #schedule(delayMs: number): void {
    const { clock } = this.#context;
    const dueUs = clock.nowUs() + Math.round(delayMs * 1000);
    this.#timer = clock.setTimer(delayMs, () => void this.#sync(dueUs));
  }

  async #sync(dueUs: number): Promise<void> {
    let step = firstLeaseStep(this.#raw !== undefined);
    // What follows an answer is due when that answer is there: the server's time is not our delay.
    let stepDueUs = dueUs;
    let uid = "";
    while (step.kind !== "done" && !this.#stopped) {
      if (step.kind === "node") {
        uid = (await this.#nodeUid()) ?? "";
        step = nextLeaseStep(step, uid === "" ? "failed" : "ok");
        stepDueUs = this.#context.clock.nowUs();
        continue;
      }
      if (step.kind === "get" && step.delayMs > 0) await this.#wait(step.delayMs);
      const performed = await this.#perform(step, stepDueUs, uid);
      const next = nextLeaseStep(step, performed.outcome);
      this.#tell(step, next, performed, stepDueUs);
      step = next;
      stepDueUs = this.#context.clock.nowUs();
    }
    if (!this.#stopped) this.#schedule(renewDelayMs(this.#context.random));
  }

  async #perform(step: LeaseStep, dueUs: number, uid: string): Promise<Performed> {
    const { heartbeat, spec, clock } = this.#context;
    const name = { namespace: leaseNamespace, name: spec.name };
    let record: CallRecord | undefined;
    const options = {
      dueUs,
      namespace: leaseNamespace,
      onRecord(told: CallRecord) {
        record = told;
      },
    };
    const call =
      step.kind === "put" && this.#raw !== undefined
        ? heartbeat.update(resources.leases, name, renewedLease(this.#raw, clock.nowMs()), options)
        : step.kind === "post"
          ? heartbeat.create(resources.leases, newLease({ name: spec.name, uid }, clock.nowMs()), options)
          : heartbeat.get(resources.leases, name);
    const { value, error } = await attempt(call);
    if (value !== undefined) {
      this.#raw = ownBytes(value.raw);
      return { outcome: "ok", record };
    }
    const outcome = error.code === "conflict" || error.code === "not-found" ? error.code : "failed";
    return { outcome, error, record };
  }

  /** For the ownerReference of a new Lease. */
  async #nodeUid(): Promise<string | undefined> {
    const { heartbeat, spec, observer } = this.#context;
    const { value, error } = await attempt(heartbeat.get(resources.nodes, { name: spec.name }));
    // Before the Node exists this fails each time (kubelet-audit §1.1), which is nobody's error.
    if (error !== undefined && error.code !== "not-found") observer.onError(spec.name, "lease", error);
    if (value !== undefined) this.#listener.onNode(value);
    return value?.object.metadata?.uid;
  }

  /** A renewal is told once: when a write was accepted, or when its tries are used up. */
  #tell(step: LeaseStep, next: LeaseStep, { outcome, error, record }: Performed, dueUs: number): void {
    const { observer, spec, clock } = this.#context;
    const write = step.kind === "put" || step.kind === "post";
    const over = write && outcome !== "conflict" && (outcome === "ok" || next.kind !== "put");
    if (error !== undefined && (over || (step.kind === "get" && outcome === "failed")))
      observer.onError(spec.name, "lease", error);
    if (!over) return;
    if (this.#failing && outcome === "ok") this.#listener.onRecovered();
    this.#failing = outcome !== "ok";
    observer.onLease(spec.name, {
      dueUs,
      ownDelayUs: record === undefined || record.writtenUs === 0 ? undefined : callLagUs(record),
      endUs: record?.endUs ?? clock.nowUs(),
      ok: outcome === "ok",
      code: record?.code ?? error?.code ?? "",
    });
  }

  #wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#timer = this.#context.clock.setTimer(delayMs, resolve);
    });
  }
}
