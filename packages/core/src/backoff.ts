import type { Clock } from "./clock.ts";
import type { Random } from "./random.ts";

/** How long to wait between tries. */
export interface BackoffOptions {
  readonly initialMs: number;
  /** Each wait is this many times the one before. */
  readonly factor: number;
  /** No wait is longer than this, before jitter. */
  readonly capMs: number;
  /** A uniform share of the wait is added, up to this; default 0. */
  readonly jitter?: number;
  /** A quiet time this long since the last failure begins anew; default never. */
  readonly resetAfterMs?: number;
}

/** Waits that grow with each failure in a row. */
export interface Backoff {
  /** The wait before the next try. */
  nextMs(): number;
  /** Begins anew, after a success. */
  reset(): void;
}

/** An exponential backoff on an injected clock, shaped as k8s.io/apimachinery/pkg/util/wait.Backoff. */
export function createBackoff(options: BackoffOptions, random: Random, clock: Clock): Backoff {
  let waitMs = options.initialMs;
  let lastUs = Number.NEGATIVE_INFINITY;
  return {
    nextMs() {
      const nowUs = clock.nowUs();
      if (options.resetAfterMs !== undefined && nowUs - lastUs > options.resetAfterMs * 1000)
        waitMs = options.initialMs;
      lastUs = nowUs;
      const chosenMs = Math.min(waitMs, options.capMs);
      waitMs = Math.min(waitMs * options.factor, options.capMs);
      return chosenMs + random.next() * (options.jitter ?? 0) * chosenMs;
    },
    reset() {
      waitMs = options.initialMs;
      lastUs = Number.NEGATIVE_INFINITY;
    },
  };
}
