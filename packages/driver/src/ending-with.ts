import { delay } from "@hollowfleet/core";
import type { RunContext } from "./run-context.ts";

/** What is under way when a run is aborted has this long to end. */
const drainMs = 5000;

/**
 * The phases, ended by the run's signal. A call to a server that is gone may wait for its timeout of a minute; the result
 * must not. Rejects with the signal's reason when the phases outlast their time to drain.
 */
export async function endingWith(run: Pick<RunContext, "clock" | "signal">, phases: Promise<void>): Promise<void> {
  const { clock, signal } = run;
  let done = false;
  const finished = phases.finally(() => {
    done = true;
  });
  await Promise.race([finished, aborted(signal).then(() => delay(clock, drainMs))]);
  if (!done) signal.throwIfAborted();
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
