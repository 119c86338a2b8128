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

/** How long a loop may go on before it is the next one's turn: turns are fair by time, not by steps. */
const shareMs = 1;

/** In each turn the loops work in rotation until none has anything due or the slice is over; then others may run. */
export function createTurns({ loops, clock, defer, sliceMs }: TurnsOptions): Turns {
  let isPending = false;
  let isStopped = false;
  let next = 0;

  function wake(): void {
    if (isPending || isStopped) return;
    isPending = true;
    defer(turn);
  }

  function turn(): void {
    isPending = false;
    const endUs = clock.nowUs() + sliceMs * 1000;
    let idle = 0;
    while (!isStopped && idle < loops.length && clock.nowUs() < endUs) {
      const loop = loops[next % loops.length];
      next = (next + 1) % loops.length;
      idle = loop !== undefined && share(loop) ? 0 : idle + 1;
    }
    if (loops.some((loop) => loop.queued > 0)) wake();
  }

  /** Whether the loop had anything to do. */
  function share(loop: Steppable): boolean {
    const endUs = clock.nowUs() + shareMs * 1000;
    let steps = 0;
    while (!isStopped && loop.step()) {
      steps += 1;
      if (clock.nowUs() >= endUs) break;
    }
    return steps > 0;
  }

  return {
    wake,
    stop() {
      isStopped = true;
    },
  };
}
