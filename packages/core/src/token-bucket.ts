import type { Clock } from "./clock.ts";

/**
 * A token bucket as k8s.io/client-go/util/flowcontrol uses it: `burst` tokens at first, `qps` more each second, and a
 * caller that finds none reserves the next one and is told how long to wait.
 */
export class TokenBucket {
  readonly #qps: number;
  readonly #burst: number;
  readonly #clock: Clock;
  #tokens: number;
  #updatedUs: number;

  constructor(qps: number, burst: number, clock: Clock) {
    this.#qps = qps;
    this.#burst = burst;
    this.#clock = clock;
    this.#tokens = burst;
    this.#updatedUs = clock.nowUs();
  }

  /** Takes one token and returns how many milliseconds the caller must wait before it acts; 0 when a token was there. */
  reserveMs(): number {
    this.#refill();
    this.#tokens -= 1;
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.#qps) * 1000;
  }

  /** Takes one token if one is there. */
  tryTake(): boolean {
    this.#refill();
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  #refill(): void {
    const nowUs = this.#clock.nowUs();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((nowUs - this.#updatedUs) / 1e6) * this.#qps);
    this.#updatedUs = nowUs;
  }
}
