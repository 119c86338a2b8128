import type { Clock } from "@hollowfleet/core";

/** What takes turns: see Loop. */
export interface Steppable {
  readonly queued: number;
  step(): boolean;
}

export interface TurnsOptions {
  readonly loops: readonly Steppable[];
  readonly clock: Clock;
  /** Calls back soon, after what else the thread has to do. */
  readonly defer: (run: () => void) => void;
  /** How long a turn lasts, one step more at the most. */
  readonly sliceMs: number;
}

/** Gives loops their turns in the thread that also serves requests. */
export interface Turns {
  /** There is something to do: a turn comes soon. Cheap, and called often. */
  wake(): void;
  stop(): void;
}

/** In each turn the loops step in rotation until none has anything due or the slice is over; then others may run. */
export function createTurns({ loops, clock, defer, sliceMs }: TurnsOptions): Turns {
  let isPending = false;
  let isStopped = false;
  let first = 0;

  function wake(): void {
    if (isPending || isStopped) return;
    isPending = true;
    defer(turn);
  }

  function turn(): void {
    isPending = false;
    const endUs = clock.nowUs() + sliceMs * 1000;
    let idle = 0;
    while (!isStopped && idle < loops.length) {
      const loop = loops[first % loops.length];
      first = (first + 1) % loops.length;
      idle = loop?.step() ? 0 : idle + 1;
      if (clock.nowUs() >= endUs) break;
    }
    if (loops.some((loop) => loop.queued > 0)) wake();
  }

  return {
    wake,
    stop() {
      isStopped = true;
    },
  };
}
