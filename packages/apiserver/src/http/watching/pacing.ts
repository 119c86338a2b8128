/** When the events of a watch may leave, in ms on the clock of its beginning; faults hold them back. */
export type Pacing =
  | { readonly kind: "none" }
  /** Each event leaves so much later. */
  | { readonly kind: "slow"; readonly eventDelayMs: number }
  /** Events that come within the window leave at its end. */
  | { readonly kind: "stalled"; readonly afterMs: number; readonly forMs: number };

/**
 * @param elapsedMs since the watch began
 * @returns the time at which an event that comes now may leave, in the same measure
 */
export function releaseMs(pacing: Pacing, elapsedMs: number): number {
  switch (pacing.kind) {
    case "none":
      return elapsedMs;
    case "slow":
      return elapsedMs + pacing.eventDelayMs;
    case "stalled": {
      const endMs = pacing.afterMs + pacing.forMs;
      return elapsedMs >= pacing.afterMs && elapsedMs < endMs ? endMs : elapsedMs;
    }
  }
}
