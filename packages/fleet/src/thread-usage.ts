import { readFileSync } from "node:fs";
import type { Clock } from "@hollowfleet/core";
import type { ThreadUsage } from "./shard-stats.ts";

/** Seconds on a core and seconds waiting for one, of the calling thread. Zeros where the kernel does not say. */
export function readSchedstat(): { cpuSeconds: number; runQueueWaitSeconds: number } {
  try {
    // Documentation/scheduler/sched-stats.rst: time on the cpu and on the run queue in ns, then the number of timeslices.
    const [cpuNs, waitNs] = readFileSync("/proc/thread-self/schedstat", "utf8").split(" ").map(Number);
    return { cpuSeconds: (cpuNs ?? 0) / 1e9, runQueueWaitSeconds: (waitNs ?? 0) / 1e9 };
  } catch {
    const { user, system } = process.cpuUsage();
    return { cpuSeconds: (user + system) / 1e6, runQueueWaitSeconds: 0 };
  }
}

/** Windows over which "busy" is judged (DESIGN §4 INVALID). */
const windowUs = 10_000_000;

/** Watches how busy the calling thread is. Must be made and sampled on that thread, about once a second. */
export class ThreadMeter {
  readonly #clock: Clock;
  readonly #start = readSchedstat();
  readonly #samples: { atUs: number; cpuSeconds: number }[] = [];
  #maxBusyShare = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#samples.push({ atUs: clock.nowUs(), cpuSeconds: this.#start.cpuSeconds });
  }

  /** Forgets the busiest window so far: registration is not judged together with the measured phase. */
  restartWindow(): void {
    this.#maxBusyShare = 0;
    this.#samples.length = 0;
  }

  sample(): ThreadUsage {
    const now = readSchedstat();
    const atUs = this.#clock.nowUs();
    this.#samples.push({ atUs, cpuSeconds: now.cpuSeconds });
    let first = this.#samples[0];
    while (this.#samples[1] !== undefined && atUs - this.#samples[1].atUs >= windowUs) {
      this.#samples.shift();
      first = this.#samples[0];
    }
    if (first !== undefined && atUs - first.atUs >= windowUs) {
      const share = (now.cpuSeconds - first.cpuSeconds) / ((atUs - first.atUs) / 1e6);
      this.#maxBusyShare = Math.max(this.#maxBusyShare, share);
    }
    return {
      cpuSeconds: now.cpuSeconds - this.#start.cpuSeconds,
      runQueueWaitSeconds: now.runQueueWaitSeconds - this.#start.runQueueWaitSeconds,
      maxBusyShare: this.#maxBusyShare,
      heapUsedBytes: process.memoryUsage().heapUsed,
    };
  }
}
