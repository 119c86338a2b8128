/** A timer that was set; cancelling it twice, or after it fired, does nothing. */
export interface Timer {
  cancel(): void;
}

/** Time as the rest of the project sees it, so that a test can hold it still. */
export interface Clock {
  /** Wall clock, milliseconds since the Unix epoch, with a fraction. Only for what is written into API objects and results. */
  nowMs(): number;
  /** Monotonic microseconds since an arbitrary origin that all threads of one process share. Every duration is measured with this. */
  nowUs(): number;
  /** Calls `fire` once, `delayMs` from now (0 at the least). A pending timer does not keep the process alive. */
  setTimer(delayMs: number, fire: () => void): Timer;
}

/** setTimeout takes at most 2^31-1 ms and fires at once above it. */
const maxDelayMs = 2 ** 31 - 1;

/** The machine's clocks. */
export const systemClock: Clock = {
  nowMs: () => performance.timeOrigin + performance.now(),
  nowUs: () => Math.round(Number(process.hrtime.bigint()) / 1000),
  setTimer(delayMs, fire) {
    const handle = setTimeout(fire, Math.min(Math.max(0, delayMs), maxDelayMs));
    handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
};

/** Resolves after `delayMs` on the given clock, or at once when the signal aborts. */
export function delay(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const onAbort = () => {
      timer.cancel();
      resolve();
    };
    const timer = clock.setTimer(delayMs, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
