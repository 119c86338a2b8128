import type { Clock, Timer } from "@hollowfleet/core";
import type { WatchEvent, WatchSink } from "../../verbs/api.ts";
import type { BodyStream } from "../transport/exchange.ts";
import { type Pacing, releaseMs } from "./pacing.ts";

export interface WatchStreamOptions {
  /** The frame of an event. Must not throw. */
  readonly encode: (event: WatchEvent) => Uint8Array;
  readonly clock: Clock;
  readonly pacing: Pacing;
  /** A watcher that leaves more than this unread, beside its initial events, is too slow. */
  readonly maxBufferBytes: number;
  /** Told the size of each frame that is sent. */
  readonly onFrame: (bytes: number) => void;
}

interface HeldFrame {
  /** undefined: the end of the watch. */
  readonly frame: Uint8Array | undefined;
  readonly dueMs: number;
}

/**
 * Takes the events of a watch and writes them as frames. Until `begin` they are kept: the watch must have been granted
 * before the head of its answer is sent.
 */
export class WatchStream implements WatchSink {
  readonly #options: WatchStreamOptions;
  readonly #startUs: number;
  /** What is not written yet, in order: before the beginning everything, later what a fault holds back. */
  #held: HeldFrame[] = [];
  #heldBytes = 0;
  #timer: Timer | undefined;
  #body: BodyStream | undefined;
  /** Bytes of the initial events, as long as the client has not caught up with them. */
  #allowanceBytes = 0;
  #ended = false;

  constructor(options: WatchStreamOptions) {
    this.#options = options;
    this.#startUs = options.clock.nowUs();
  }

  /** The head has been sent: from here on frames are written. */
  begin(body: BodyStream): void {
    this.#body = body;
    this.#allowanceBytes = this.#heldBytes;
    this.#release();
  }

  event(event: WatchEvent): boolean {
    if (this.#ended) return true;
    const frame = this.#options.encode(event);
    if (this.#body !== undefined && this.#isFull(frame.length)) return false;
    this.#put(frame);
    return true;
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#put(undefined);
  }

  /** Forgets what is not written; for a client that is gone. */
  drop(): void {
    this.#ended = true;
    this.#timer?.cancel();
    this.#held = [];
    this.#heldBytes = 0;
  }

  #isFull(bytes: number): boolean {
    const unreadBytes = (this.#body?.bufferedBytes ?? 0) + this.#heldBytes;
    if (unreadBytes < this.#options.maxBufferBytes) this.#allowanceBytes = 0;
    // One frame alone, however large, is always taken.
    return unreadBytes > 0 && unreadBytes + bytes > this.#options.maxBufferBytes + this.#allowanceBytes;
  }

  #put(frame: Uint8Array | undefined): void {
    const elapsedMs = this.#elapsedMs();
    const last = this.#held.at(-1);
    const dueMs = Math.max(releaseMs(this.#options.pacing, elapsedMs), last?.dueMs ?? 0);
    if (this.#body !== undefined && last === undefined && dueMs <= elapsedMs) {
      this.#write(frame);
      return;
    }
    this.#held.push({ frame, dueMs });
    this.#heldBytes += frame?.length ?? 0;
    if (this.#body !== undefined && this.#held.length === 1) this.#release();
  }

  /** Writes what is due, and sets the timer for what is not. */
  #release(): void {
    const elapsedMs = this.#elapsedMs();
    let count = 0;
    for (const { frame, dueMs } of this.#held) {
      if (dueMs > elapsedMs) break;
      count += 1;
      this.#heldBytes -= frame?.length ?? 0;
      this.#write(frame);
    }
    this.#held.splice(0, count);
    const next = this.#held[0];
    if (next !== undefined) {
      this.#timer = this.#options.clock.setTimer(next.dueMs - elapsedMs, () => this.#release());
    }
  }

  #write(frame: Uint8Array | undefined): void {
    if (frame === undefined) this.#body?.end();
    else {
      this.#options.onFrame(frame.length);
      this.#body?.write(frame);
    }
  }

  #elapsedMs(): number {
    return (this.#options.clock.nowUs() - this.#startUs) / 1000;
  }
}
