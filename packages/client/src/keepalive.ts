import type { Clock, Timer } from "@hollowfleet/core";

export interface KeepaliveOptions {
  /** Without a received frame for this long, the server is asked; default 30,000 (HTTP2_READ_IDLE_TIMEOUT_SECONDS). */
  readonly readIdleMs?: number;
  /** How long it has to answer; default 15,000 (HTTP2_PING_TIMEOUT_SECONDS). */
  readonly pingTimeoutMs?: number;
}

/**
 * Finds out that a peer is gone though its TCP connection is not (k8s.io/apimachinery/pkg/util/net/http.go,
 * golang.org/x/net/http2 `healthCheck`). One timer, set again only when it fires, however many frames come.
 */
export class Keepalive {
  readonly #clock: Clock;
  readonly #readIdleMs: number;
  readonly #pingTimeoutMs: number;
  readonly #ping: (onPong: () => void) => void;
  readonly #onDead: (waitedMs: number) => void;
  #lastReadUs: number;
  #timer: Timer | undefined;

  constructor(
    clock: Clock,
    options: KeepaliveOptions,
    ping: (onPong: () => void) => void,
    onDead: (waitedMs: number) => void,
  ) {
    this.#clock = clock;
    this.#readIdleMs = options.readIdleMs ?? 30_000;
    this.#pingTimeoutMs = options.pingTimeoutMs ?? 15_000;
    this.#ping = ping;
    this.#onDead = onDead;
    this.#lastReadUs = clock.nowUs();
    this.#watchIdle(this.#readIdleMs);
  }

  /** A frame came. */
  touch(): void {
    this.#lastReadUs = this.#clock.nowUs();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #watchIdle(waitMs: number): void {
    this.#timer = this.#clock.setTimer(waitMs, () => {
      const idleMs = (this.#clock.nowUs() - this.#lastReadUs) / 1000;
      if (idleMs < this.#readIdleMs) this.#watchIdle(this.#readIdleMs - idleMs);
      else this.#ask();
    });
  }

  #ask(): void {
    const timer = this.#clock.setTimer(this.#pingTimeoutMs, () => this.#onDead(this.#pingTimeoutMs));
    this.#timer = timer;
    this.#ping(() => {
      if (this.#timer !== timer) return;
      timer.cancel();
      this.touch();
      this.#watchIdle(this.#readIdleMs);
    });
  }
}
