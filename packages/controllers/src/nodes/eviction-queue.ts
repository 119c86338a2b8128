import { type Clock, TokenBucket } from "@hollowfleet/core";

/** Nodes of one zone that wait to be emptied, one after the other at a rate that may change (RateLimitedTimedQueue). */
export class EvictionQueue {
  readonly #clock: Clock;
  readonly #nodes = new Set<string>();
  #rate: number;
  #bucket: TokenBucket;

  /** @param rate nodes per second, with a burst of one */
  constructor(rate: number, clock: Clock) {
    this.#clock = clock;
    this.#rate = rate;
    this.#bucket = new TokenBucket(rate, 1, clock);
  }

  get size(): number {
    return this.#nodes.size;
  }

  /** A rate of 0 stops it. The same rate again changes nothing, so that no burst is gained. */
  setRate(rate: number): void {
    if (rate === this.#rate) return;
    this.#rate = rate;
    this.#bucket = new TokenBucket(rate, 1, this.#clock);
  }

  add(node: string): void {
    this.#nodes.add(node);
  }

  remove(node: string): void {
    this.#nodes.delete(node);
  }

  /** The nodes whose turn it is. */
  take(): string[] {
    const taken: string[] = [];
    if (this.#rate <= 0) return taken;
    for (const node of this.#nodes) {
      if (!this.#bucket.tryTake()) break;
      this.#nodes.delete(node);
      taken.push(node);
    }
    return taken;
  }
}
