import { firstIndex } from "./object-index.ts";
import type { StoreEvent } from "./store.ts";

export interface HistoryLimits {
  /** How many events are kept at most. */
  readonly events: number;
  /** How long an event is kept at most. */
  readonly ms: number;
}

/** Dropped events are cut off in one piece once there are this many, and more of them than kept ones. */
const cutAt = 1024;

/** The latest changes of one storage key: a window that moves on with each change. */
export class EventHistory {
  readonly #limits: HistoryLimits;
  readonly #events: StoreEvent[] = [];
  readonly #timesMs: number[] = [];
  /** Index of the oldest event kept. */
  #head = 0;
  #floor = 0;

  constructor(limits: HistoryLimits) {
    this.#limits = limits;
  }

  /** Changes after this revision are all known: it is the revision of the latest dropped event, 0 before the first is dropped. */
  get floor(): number {
    return this.#floor;
  }

  /** The revision just before the oldest event kept. */
  get oldest(): number {
    const first = this.#events[this.#head];
    return first === undefined ? this.#floor : first.revision - 1;
  }

  append(event: StoreEvent, nowMs: number): void {
    this.#events.push(event);
    this.#timesMs.push(nowMs);
    const { events, ms } = this.#limits;
    while (this.#events.length - this.#head > events || (this.#timesMs[this.#head] ?? nowMs) < nowMs - ms) this.#drop();
    if (this.#head < cutAt || this.#head * 2 < this.#events.length) return;
    this.#events.splice(0, this.#head);
    this.#timesMs.splice(0, this.#head);
    this.#head = 0;
  }

  /** Drops everything up to and including `revision`. */
  compact(revision: number): void {
    while ((this.#events[this.#head]?.revision ?? Number.POSITIVE_INFINITY) <= revision) this.#drop();
    this.#floor = Math.max(this.#floor, revision);
  }

  /** Events after `revision`, oldest first. The caller has compared it with `floor`. */
  after(revision: number): readonly StoreEvent[] {
    const kept = firstIndex(this.#events, (event) => event.revision > revision);
    return this.#events.slice(Math.max(kept, this.#head));
  }

  #drop(): void {
    const event = this.#events[this.#head++];
    if (event !== undefined) this.#floor = event.revision;
  }
}
