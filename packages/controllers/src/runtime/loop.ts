import { type Clock, errorText, type Logger } from "@hollowfleet/core";
import { refusalOf } from "../cluster-store.ts";
import { WorkQueue } from "./work-queue.ts";

/** How one loop stands. */
export interface LoopStats {
  /** e.g. "scheduler (Hollowfleet's own)" */
  readonly name: string;
  /** Keys to be worked on now. */
  readonly queued: number;
  /** Keys to be looked at later. */
  readonly waiting: number;
  /** Passes over one key since the start. */
  readonly syncs: number;
  /** Passes that the store cut short with Conflict; they are repeated. */
  readonly conflicts: number;
  /** Passes that failed otherwise; they are repeated. */
  readonly errors: number;
}

/** One control loop: keys, and what is done with each. */
export interface Loop {
  readonly name: string;
  /** Keys due now. */
  readonly queued: number;
  enqueue(key: string): void;
  enqueueAfter(key: string, delayMs: number): void;
  /** Works on one key; false when none is due. */
  step(): boolean;
  stats(): LoopStats;
  /** Something more to be ended with the loop. */
  onStop(end: () => void): void;
  stop(): void;
}

export interface LoopOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called when there is something to do. */
  readonly wake: () => void;
  /**
   * Brings the world closer to what is wanted for one key, in a bounded piece of work.
   * @returns milliseconds after which to look at the key again; undefined when a change will call for it
   */
  readonly sync: (key: string) => number | undefined;
  /** Keys with more of it come first; default all alike. */
  readonly priorityOf?: (key: string) => number;
}

/** A key that took long rests for this many times as long, so that one large object cannot eat a whole core. */
const restFactor = 19;
/** Shorter passes need no rest. */
const restFromMs = 2;
const longestRestMs = 500;

/** A loop over a queue of keys that retries with backoff what the store refuses. */
export function createLoop({ name, clock, logger, wake, sync, priorityOf }: LoopOptions): Loop {
  const queue = new WorkQueue(clock, wake, priorityOf);
  const restUntilUs = new Map<string, number>();
  const counts = { syncs: 0, conflicts: 0, errors: 0 };
  const ends: (() => void)[] = [];

  function onError(key: string, thrown: unknown): void {
    const refusal = refusalOf(thrown);
    queue.retry(key);
    if (refusal === "Conflict") {
      counts.conflicts += 1;
      return;
    }
    counts.errors += 1;
    // What the store refuses is the cluster's state; anything else is a bug of the loop, which must not end the server.
    if (refusal !== undefined) logger.debug(`${name}: ${errorText(thrown)}`, { key });
    else logger.error(`${name}: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : thrown}`, { key });
  }

  return {
    name,
    get queued() {
      return queue.length;
    },
    enqueue(key) {
      const restUs = restUntilUs.get(key);
      if (restUs === undefined) return queue.add(key);
      const leftMs = (restUs - clock.nowUs()) / 1000;
      if (leftMs > 0) return queue.addAfter(key, leftMs);
      restUntilUs.delete(key);
      queue.add(key);
    },
    enqueueAfter: (key, delayMs) => queue.addAfter(key, delayMs),
    step() {
      const key = queue.take();
      if (key === undefined) return false;
      counts.syncs += 1;
      const startUs = clock.nowUs();
      try {
        const againMs = sync(key);
        queue.forget(key);
        const tookMs = (clock.nowUs() - startUs) / 1000;
        if (againMs !== undefined) queue.addAfter(key, againMs);
        else if (tookMs >= restFromMs) {
          restUntilUs.set(key, clock.nowUs() + Math.min(tookMs * restFactor, longestRestMs) * 1000);
        }
      } catch (thrown) {
        onError(key, thrown);
      }
      return true;
    },
    stats: () => ({ name, queued: queue.length, waiting: queue.waiting, ...counts }),
    onStop: (end) => void ends.push(end),
    stop() {
      for (const end of ends) end();
      queue.stop();
    },
  };
}
