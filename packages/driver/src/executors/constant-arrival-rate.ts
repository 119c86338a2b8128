import type { Clock, Timer } from "@hollowfleet/core";

/** Starts at a fixed rate, whatever becomes of them (open loop). */
export interface ArrivalOptions {
  readonly ratePerS: number;
  /** How many starts; the last one is due at (count - 1) / rate. */
  readonly count: number;
  /** With this many under way a start is dropped and counted, never delayed: missing load is told, not hidden. */
  readonly maxInFlight: number;
  /** Does one. It must settle; what it rejects with is its own affair and counts as done. */
  readonly start: (index: number, dueUs: number) => Promise<void>;
  /** Told of each start that was dropped. */
  readonly onDropped?: (index: number) => void;
  /** No start after it; what is under way may finish. */
  readonly signal: AbortSignal;
}

export interface ArrivalResult {
  readonly started: number;
  readonly dropped: number;
  /** Starts that the abort cut off. */
  readonly cut: number;
}

/**
 * Runs one arrival process. Each start is due at the beginning + index / rate, so that a late timer is made up for and
 * the rate does not drift. Resolves when the last one has settled.
 */
export function constantArrivalRate(options: ArrivalOptions, clock: Clock): Promise<ArrivalResult> {
  const beginUs = clock.nowUs();
  let index = 0;
  let dropped = 0;
  let inFlight = 0;
  let timer: Timer | undefined;
  return new Promise((resolve) => {
    const finishIfDone = (): void => {
      const over = index >= options.count || options.signal.aborted;
      if (!over || inFlight > 0) return;
      options.signal.removeEventListener("abort", onAbort);
      resolve({ started: index - dropped, dropped, cut: options.count - index });
    };
    const onAbort = (): void => {
      timer?.cancel();
      finishIfDone();
    };
    const begin = (dueUs: number): void => {
      const mine = index++;
      if (inFlight >= options.maxInFlight) {
        dropped++;
        options.onDropped?.(mine);
        return;
      }
      inFlight++;
      const settled = (): void => {
        inFlight--;
        finishIfDone();
      };
      options.start(mine, dueUs).then(settled, settled);
    };
    const tick = (): void => {
      while (index < options.count && !options.signal.aborted) {
        const dueUs = beginUs + (index / options.ratePerS) * 1e6;
        const waitUs = dueUs - clock.nowUs();
        if (waitUs > 0) {
          timer = clock.setTimer(waitUs / 1000, tick);
          return;
        }
        begin(dueUs);
      }
      finishIfDone();
    };
    options.signal.addEventListener("abort", onAbort, { once: true });
    tick();
  });
}
