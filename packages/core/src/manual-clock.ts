import type { Clock, Timer } from "./clock.ts";

interface Pending {
  readonly dueMs: number;
  readonly order: number;
  readonly fire: () => void;
}

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  readonly #startMs: number;
  readonly #pending = new Set<Pending>();
  #elapsedMs = 0;
  #order = 0;

  /** @param startMs wall clock at the beginning; default 2026-01-01T00:00:00Z. */
  constructor(startMs: number = Date.UTC(2026, 0, 1)) {
    this.#startMs = startMs;
  }

  nowMs(): number {
    return this.#startMs + this.#elapsedMs;
  }

  nowUs(): number {
    return Math.round(this.#elapsedMs * 1000);
  }

  setTimer(delayMs: number, fire: () => void): Timer {
    const pending: Pending = { dueMs: this.#elapsedMs + Math.max(0, delayMs), order: this.#order++, fire };
    this.#pending.add(pending);
    return { cancel: () => void this.#pending.delete(pending) };
  }

  /** How many timers are set. */
  get pendingTimers(): number {
    return this.#pending.size;
  }

  /** Milliseconds until the next timer, or undefined when none is set. */
  get nextTimerMs(): number | undefined {
    const next = this.#next();
    return next === undefined ? undefined : next.dueMs - this.#elapsedMs;
  }

  /** Moves time on, firing what falls due in order, each at its own moment. Promise callbacks do not run in between: see `settle`. */
  advance(byMs: number): void {
    const endMs = this.#elapsedMs + byMs;
    for (let next = this.#next(); next !== undefined && next.dueMs <= endMs; next = this.#next()) {
      this.#elapsedMs = next.dueMs;
      this.#pending.delete(next);
      next.fire();
    }
    this.#elapsedMs = endMs;
  }

  /** As `advance`, and lets promises and I/O callbacks run after each timer. */
  async settle(byMs: number): Promise<void> {
    const endMs = this.#elapsedMs + byMs;
    await turn();
    for (let next = this.#next(); next !== undefined && next.dueMs <= endMs; next = this.#next()) {
      this.advance(next.dueMs - this.#elapsedMs);
      await turn();
    }
    this.#elapsedMs = endMs;
    await turn();
  }

  #next(): Pending | undefined {
    let best: Pending | undefined;
    for (const p of this.#pending) {
      if (best === undefined || p.dueMs < best.dueMs || (p.dueMs === best.dueMs && p.order < best.order)) best = p;
    }
    return best;
  }
}

/** One turn of the event loop: everything that is ready has run. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
