import { type ApiClient, ClientError, resources } from "@hollowfleet/client";
import type { Clock, Random, Timer } from "@hollowfleet/core";
import { EventCorrelator, type LoggedEvent } from "./event-correlator.ts";
import { countPatch, eventNamespace, newEvent } from "./event-object.ts";
import type { EventTarget, EventType, Occurrence } from "./event-target.ts";

/** Sends the events of one hollow kubelet in the background. */
export interface EventRecorder {
  record(target: EventTarget, type: EventType, reason: string, message: string): void;
  /** What is queued is dropped. */
  stop(): void;
}

/** A recorder that sends. */
export interface SendingEventRecorder extends EventRecorder {
  /** Events that never reached the API server: queue full, spam, refused, or given up. */
  readonly dropped: number;
  readonly queued: number;
}

/** For profiles without events. */
export const noEvents: EventRecorder = { record: () => undefined, stop: () => undefined };

export interface EventRecorderOptions {
  /** A client with the event bucket of its own. */
  readonly api: ApiClient;
  readonly node: string;
  readonly clock: Clock;
  readonly random: Random;
  /** "kubelet" */
  readonly component: string;
}

/** Defaults of k8s.io/client-go/tools/record/event.go. */
const queueMax = 1000;
const triesMax = 12;
const retryMs = 10_000;

export function createEventRecorder(options: EventRecorderOptions): SendingEventRecorder {
  return new SerialEventRecorder(options);
}

/** One event under way at a time: a slow API server makes the queue grow, not the number of requests. */
class SerialEventRecorder implements SendingEventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #correlator = new EventCorrelator();
  #queue: Occurrence[] = [];
  #sending = false;
  #stopped = false;
  #retry: Timer | undefined;
  #dropped = 0;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
  }

  get dropped(): number {
    return this.#dropped;
  }

  get queued(): number {
    return this.#queue.length;
  }

  record(target: EventTarget, type: EventType, reason: string, message: string): void {
    if (this.#stopped) return;
    if (this.#queue.length >= queueMax) {
      this.#dropped += 1;
      return;
    }
    this.#queue.push({ target, type, reason, message, atMs: this.#options.clock.nowMs() });
    if (!this.#sending) void this.#drain();
  }

  stop(): void {
    this.#stopped = true;
    this.#queue = [];
    this.#retry?.cancel();
  }

  async #drain(): Promise<void> {
    this.#sending = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      if (!(await this.#send(next))) this.#dropped += 1;
    }
    // An array that once grew keeps its room.
    this.#queue = [];
    this.#sending = false;
  }

  async #send(occurrence: Occurrence): Promise<boolean> {
    const correlation = this.#correlator.correlate(occurrence, () => this.#suffix());
    if (correlation.kind === "spam") return false;
    const { entry, message } = correlation;
    let repeat = correlation.kind === "repeat";
    for (let tries = 1; tries <= triesMax && !this.#stopped; tries++) {
      const error = await this.#try(occurrence, entry, message, repeat);
      if (error === undefined) return true;
      if (repeat && error.code === "not-found") {
        repeat = false;
        tries -= 1;
        continue;
      }
      // The server's word is final; only a connection's failure is worth another try.
      if (error.status !== undefined) return false;
      await this.#wait(tries === 1 ? retryMs * this.#options.random.next() : retryMs);
    }
    return false;
  }

  async #try(
    occurrence: Occurrence,
    entry: LoggedEvent,
    message: string,
    repeat: boolean,
  ): Promise<ClientError | undefined> {
    const { api, component, node } = this.#options;
    const namespace = eventNamespace(occurrence);
    try {
      if (repeat) {
        const name = `${occurrence.target.name}.${entry.suffix}`;
        await api.patch(resources.events, { namespace, name }, "strategic", countPatch(occurrence, entry, message));
      } else {
        const event = newEvent(occurrence, entry, message, { component, host: node });
        await api.create(resources.events, event, { namespace });
      }
      return undefined;
    } catch (thrown) {
      if (thrown instanceof ClientError) return thrown;
      throw thrown;
    }
  }

  #wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#retry = this.#options.clock.setTimer(delayMs, resolve);
    });
  }

  /** Nanoseconds since the Unix epoch in hexadecimal, as client-go names events; the last digits are drawn. */
  #suffix(): string {
    const { clock, random } = this.#options;
    return (BigInt(Math.floor(clock.nowMs() * 1000)) * 1000n + BigInt(random.int(1000))).toString(16).padStart(16, "0");
  }
}
