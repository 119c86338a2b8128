import { exitCodeOf } from "@hollowfleet/metrics";

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
  const onSignal = (): void => {
    // The components are stopped by their watchdog, which sees our end.
    if (abort.signal.aborted) process.exit(exitCodeOf("interrupted"));
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
