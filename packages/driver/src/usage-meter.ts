import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import type { Clock } from "@hollowfleet/core";
import { ThreadMeter, type ThreadUsage } from "@hollowfleet/fleet";

/** What the simulator itself uses: the whole process, and the main thread, in which the driver runs. */
export class UsageMeter {
  readonly #thread: ThreadMeter;
  readonly #cpuAtStart = process.cpuUsage();
  readonly #loop: IntervalHistogram = monitorEventLoopDelay({ resolution: 10 });
  #main: ThreadUsage;
  #rssBytesMax = 0;

  /** Must be made and sampled on the main thread. */
  constructor(clock: Clock) {
    this.#thread = new ThreadMeter(clock);
    this.#main = this.#thread.sample();
    this.#loop.enable();
  }

  sample(): void {
    this.#main = this.#thread.sample();
    this.#rssBytesMax = Math.max(this.#rssBytesMax, process.memoryUsage.rss());
  }

  figures(): {
    readonly cpuSeconds: number;
    readonly rssBytesMax: number;
    readonly main: ThreadUsage;
    /** p99 of how late the main thread's event loop ran a timer, µs. */
    readonly loopDelayP99Us: number;
  } {
    const { user, system } = process.cpuUsage(this.#cpuAtStart);
    this.#loop.disable();
    return {
      cpuSeconds: (user + system) / 1e6,
      rssBytesMax: this.#rssBytesMax,
      main: this.#main,
      loopDelayP99Us: this.#loop.percentile(99) / 1000,
    };
  }
}
