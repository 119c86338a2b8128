import type { Clock, Timer } from "@hollowfleet/core";
import { Heap } from "./heap.ts";

interface Due {
  readonly key: string;
  readonly priority: number;
  readonly order: number;
}

interface Delayed {
  readonly key: string;
  readonly dueUs: number;
}

/** Waits after failures in a row: 5 ms, doubled each time (client-go, util/workqueue), to at most 30 s. */
const firstRetryMs = 5;
const longestRetryMs = 30_000;

/**
 * Keys to be worked on: each at most once, by priority and then in the order they came. A delayed key stays delayed
 * when it is also added at once, as with client-go's workqueue; of two delays of one key the earlier holds.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #onDue: () => void;
  readonly #priorityOf: (key: string) => number;
  readonly #due: Heap<Due> = new Heap(
    (a, b) => a.priority > b.priority || (a.priority === b.priority && a.order < b.order),
  );
  readonly #queued = new Set<string>();
  readonly #delayed: Heap<Delayed> = new Heap((a, b) => a.dueUs < b.dueUs);
  readonly #delays = new Map<string, number>();
  readonly #failures = new Map<string, number>();
  #order = 0;
  #timer: Timer | undefined;
  #timerUs = Number.POSITIVE_INFINITY;

  /**
   * @param onDue called whenever a key becomes due
   * @param priorityOf keys with more of it are taken first; default all alike
   */
  constructor(clock: Clock, onDue: () => void, priorityOf: (key: string) => number = () => 0) {
    this.#clock = clock;
    this.#onDue = onDue;
    this.#priorityOf = priorityOf;
  }

  /** Keys that are due now. */
  get length(): number {
    return this.#queued.size;
  }

  /** Keys that are due later. */
  get waiting(): number {
    return this.#delays.size;
  }

  add(key: string): void {
    if (this.#queued.has(key)) return;
    this.#queued.add(key);
    this.#due.push({ key, priority: this.#priorityOf(key), order: this.#order++ });
    this.#onDue();
  }

  addAfter(key: string, delayMs: number): void {
    if (delayMs <= 0) {
      this.add(key);
      return;
    }
    const dueUs = this.#clock.nowUs() + Math.ceil(delayMs * 1000);
    const before = this.#delays.get(key);
    if (before !== undefined && before <= dueUs) return;
    this.#delays.set(key, dueUs);
    this.#delayed.push({ key, dueUs });
    this.#setTimer();
  }

  /** Adds the key again after a wait that grows with each call until `forget`. */
  retry(key: string): void {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    this.addAfter(key, Math.min(firstRetryMs * 2 ** failures, longestRetryMs));
  }

  /** The key succeeded: its next failure is the first again. */
  forget(key: string): void {
    this.#failures.delete(key);
  }

  take(): string | undefined {
    const due = this.#due.pop();
    if (due === undefined) return undefined;
    this.#queued.delete(due.key);
    return due.key;
  }

  /** Drops all and sets no timer any more. */
  stop(): void {
    this.#timer?.cancel();
    this.#due.clear();
    this.#queued.clear();
    this.#delayed.clear();
    this.#delays.clear();
  }

  #setTimer(): void {
    const next = this.#delayed.peek();
    if (next === undefined || next.dueUs >= this.#timerUs) return;
    this.#timer?.cancel();
    this.#timerUs = next.dueUs;
    this.#timer = this.#clock.setTimer((next.dueUs - this.#clock.nowUs()) / 1000, () => this.#onTimer());
  }

  #onTimer(): void {
    this.#timerUs = Number.POSITIVE_INFINITY;
    const nowUs = this.#clock.nowUs();
    for (let next = this.#delayed.peek(); next !== undefined && next.dueUs <= nowUs; next = this.#delayed.peek()) {
      this.#delayed.pop();
      // A later delay of a key that got an earlier one meanwhile has no effect.
      if (this.#delays.get(next.key) !== next.dueUs) continue;
      this.#delays.delete(next.key);
      this.add(next.key);
    }
    this.#setTimer();
  }
}
