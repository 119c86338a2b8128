import type { Clock, Timer } from "@hollowfleet/core";

/** One timer for all of a node's pods, on a time that runs with the monotonic clock and reads like the wall clock. */
export class PodClock {
  readonly #clock: Clock;
  readonly #offsetMs: number;
  readonly #fire: () => void;
  #timer: Timer | undefined;
  #armedMs = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, onDue: () => void) {
    this.#clock = clock;
    // A step of the machine's clock must not end or prolong anybody's run time.
    this.#offsetMs = clock.nowMs() - clock.nowUs() / 1000;
    this.#fire = () => {
      this.#timer = undefined;
      this.#armedMs = Number.POSITIVE_INFINITY;
      onDue();
    };
  }

  /** Milliseconds since the epoch. */
  nowMs(): number {
    return this.#clock.nowUs() / 1000 + this.#offsetMs;
  }

  nowUs(): number {
    return this.#clock.nowUs();
  }

  /** Fires at `dueMs`, or earlier where an earlier moment is armed; undefined: nothing new. */
  arm(dueMs: number | undefined): void {
    if (dueMs === undefined || dueMs >= this.#armedMs) return;
    this.#timer?.cancel();
    this.#armedMs = dueMs;
    this.#timer = this.#clock.setTimer(dueMs - this.nowMs(), this.#fire);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#armedMs = Number.NEGATIVE_INFINITY;
  }
}
