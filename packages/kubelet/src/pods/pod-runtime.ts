import { type Random, sample } from "@hollowfleet/core";
import type { StartDelays } from "../profile.ts";
import type { Pace } from "./pod-draft.ts";
import type { PodEntry } from "./pod-entry.ts";
import { type FinishedJob, RuntimeQueue } from "./runtime-queue.ts";

/** What the simulated runtime does for a pod. */
export type RuntimeTask = "volumes" | "sandbox" | "start" | "stop";

export interface RuntimeSubject {
  readonly entry: PodEntry;
  readonly task: RuntimeTask;
  /** Of the container; 0 where it is about the pod. */
  readonly index: number;
}

/**
 * Of a sandbox's time, measured: the token is asked for after 0.35 of it, and 0.11 of it is work that pods share, which
 * with the containers' work makes a burst of twenty take 2.4 s (kubelet-audit §3).
 */
const volumesShare = 0.35;
const sandboxWorkShare = 0.11;
/** Of a container's stop, so that a burst of twenty deletions is through after 1.5 s (kubelet-audit §5). */
const stopWorkShare = 0.7;

/** Measured in kubelet-audit §5 and §6. */
const measured = { teardownMs: 400, finishMs: 1200, settleMs: 900 };
const immediate = { teardownMs: 0, finishMs: 0, settleMs: 0 };

/** Where nothing is to take time, neither does the end of a pod. */
export function paceOf(delays: StartDelays): Pace {
  const instant = delays.stop.kind === "constant" && delays.stop.ms === 0;
  return { stop: delays.stop, ...(instant ? immediate : measured) };
}

/** The container runtime of one node, with its delays. */
export class PodRuntime {
  readonly #queue = new RuntimeQueue<RuntimeSubject>();
  readonly #delays: StartDelays;
  readonly #random: Random;
  /** The sandbox delay drawn for a pod whose volumes are being mounted. */
  readonly #sandboxMs = new Map<PodEntry, number>();

  constructor(delays: StartDelays, random: Random) {
    this.#delays = delays;
    this.#random = random;
  }

  nextMs(): number | undefined {
    return this.#queue.nextMs();
  }

  take(nowMs: number): FinishedJob<RuntimeSubject>[] {
    return this.#queue.take(nowMs);
  }

  beginVolumes(entry: PodEntry, nowMs: number): void {
    const delayMs = sample(this.#delays.sandbox, this.#random);
    this.#sandboxMs.set(entry, delayMs * (1 - volumesShare));
    this.#queue.add(
      { subject: { entry, task: "volumes", index: 0 }, waitMs: delayMs * volumesShare, workMs: 0 },
      nowMs,
    );
  }

  /** The volumes are there, or were there before. */
  beginSandbox(entry: PodEntry, nowMs: number): void {
    const restMs = this.#sandboxMs.get(entry) ?? sample(this.#delays.sandbox, this.#random);
    this.#sandboxMs.delete(entry);
    const workMs = this.#delays.serialised ? restMs * (sandboxWorkShare / (1 - volumesShare)) : 0;
    this.#queue.add({ subject: { entry, task: "sandbox", index: 0 }, waitMs: restMs - workMs, workMs }, nowMs);
  }

  beginContainer(entry: PodEntry, index: number, nowMs: number): void {
    const asked = entry.plan.containers[index]?.behaviour.startDelayMs;
    const delayMs = asked ?? sample(this.#delays.container, this.#random);
    // A delay that a pod asks for is its own affair, not the node's.
    const works = this.#delays.serialised && asked === undefined;
    const times = works ? { waitMs: 0, workMs: delayMs } : { waitMs: delayMs, workMs: 0 };
    this.#queue.add({ subject: { entry, task: "start", index }, ...times }, nowMs);
  }

  beginStop(entry: PodEntry, index: number, nowMs: number): void {
    const delayMs = sample(this.#delays.stop, this.#random);
    const workMs = this.#delays.serialised ? delayMs * stopWorkShare : 0;
    this.#queue.add({ subject: { entry, task: "stop", index }, waitMs: delayMs - workMs, workMs }, nowMs);
  }

  forget(entry: PodEntry): void {
    this.#sandboxMs.delete(entry);
  }
}
