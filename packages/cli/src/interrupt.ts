import { exitCodeOf } from "@hollowfleet/metrics";

/** Signals that come together are one wish: timeout(1) and npm send theirs to us and to our group. */
const sameWishMs = 300;

/** Ctrl-C and TERM: the first asks to end in good order, the second ends at once. */
export interface Interrupt {
  readonly signal: AbortSignal;
  dispose(): void;
}

/**
 * @param onFirst tells the user that the end has begun and that a second signal ends it at once
 */
export function listenForInterrupt(onFirst: () => void): Interrupt {
  const abort = new AbortController();
  let firstMs = 0;
  const onSignal = (): void => {
    // The components are stopped by their watchdog, which sees our end.
    if (abort.signal.aborted) {
      if (performance.now() - firstMs > sameWishMs) process.exit(exitCodeOf("interrupted"));
      return;
    }
    firstMs = performance.now();
    abort.abort();
    onFirst();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  process.on("SIGHUP", onSignal);
  return {
    signal: abort.signal,
    dispose() {
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
      process.off("SIGHUP", onSignal);
    },
  };
}
