import { type Clock, delay } from "@hollowfleet/core";
import { DriverError } from "./driver-error.ts";

/** How a wait ends. */
export interface UntilOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** How often the condition is looked at; default 100 ms. */
  readonly intervalMs?: number;
  /** "1,000 nodes Ready" */
  readonly goal: string;
  /** How far it got, for the error. */
  readonly reached: () => string;
}

/** Waits for a condition. Throws DriverError "timeout" when its time is over; returns at once when the signal aborts. */
export async function until(clock: Clock, done: () => boolean, options: UntilOptions): Promise<void> {
  const endUs = clock.nowUs() + options.timeoutMs * 1000;
  while (!done()) {
    if (options.signal.aborted) return;
    if (clock.nowUs() >= endUs) {
      throw new DriverError(
        "timeout",
        `${options.goal} not reached in ${options.timeoutMs / 1000} s: ${options.reached()}`,
      );
    }
    await delay(clock, options.intervalMs ?? 100, options.signal);
  }
}
