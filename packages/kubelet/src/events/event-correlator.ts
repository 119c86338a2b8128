import type { Occurrence } from "./event-target.ts";
import { Lru } from "./lru.ts";
import { textHash } from "./text-hash.ts";

/** What to do with an occurrence. */
export type Correlation =
  /** POST it under a new name, count 1. */
  | { readonly kind: "create"; readonly entry: LoggedEvent; readonly message: string }
  /** PATCH the event that told of the same before. */
  | { readonly kind: "repeat"; readonly entry: LoggedEvent; readonly message: string }
  /** Too many about this object. */
  | { readonly kind: "spam" };

/** An event as the API holds it, as far as a repeat needs it. */
export interface LoggedEvent {
  readonly key: number;
  /** 16 hexadecimal digits; the name is `<object>.<suffix>`. */
  suffix: string;
  count: number;
  firstAtMs: number;
}

/** Occurrences that differ in nothing but the message. */
interface Similar {
  lastAtMs: number;
  /** Hashes of the different messages within the window. */
  messages: number[];
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Defaults of k8s.io/client-go/tools/record/events_cache.go. */
const similarMax = 10;
const similarWindowMs = 600_000;
const spamBurst = 25;
const spamRefillMs = 300_000;
const combinedPrefix = "(combined from similar events): ";

/**
 * client-go caches 4,096 entries of each kind. A hollow kubelet keeps fewer, since thousands share one process: enough for
 * the repeats of 110 crash-looping pods. An older event is created anew instead of counted up.
 */
const cacheMax = 512;

/**
 * Decides which occurrences become new events, which count an event up and which are dropped, as client-go's
 * EventCorrelator does. Pure but for its caches; time comes with the occurrences.
 */
export class EventCorrelator {
  readonly #similar = new Lru<Similar>(cacheMax);
  readonly #logged = new Lru<LoggedEvent>(cacheMax);
  readonly #spam = new Lru<Bucket>(cacheMax);

  /** @param suffix of the name, should this become a new event */
  correlate(occurrence: Occurrence, suffix: () => string): Correlation {
    const { target, type, reason, message, atMs } = occurrence;
    const objectHash = textHash(target.kind, target.namespace ?? "", target.name, target.uid ?? "", target.apiVersion);
    const aggregateHash = textHash(String(objectHash), type, reason);
    const combined = this.#combines(aggregateHash, textHash(message), atMs);
    const key = combined ? aggregateHash : textHash(String(aggregateHash), message, target.fieldPath ?? "");
    const entry = this.#logged.use(key, () => ({ key, suffix: suffix(), count: 0, firstAtMs: atMs }));
    entry.count += 1;
    // The count goes up even when the spam filter then holds the event back: client-go observes before it filters.
    if (!this.#admits(objectHash, atMs)) return { kind: "spam" };
    return {
      kind: entry.count === 1 ? "create" : "repeat",
      entry,
      message: combined ? `${combinedPrefix}${message}` : message,
    };
  }

  /** Whether the occurrence is folded with others that differ only in their message. */
  #combines(aggregateHash: number, messageHash: number, atMs: number): boolean {
    const similar = this.#similar.use(aggregateHash, () => ({ lastAtMs: atMs, messages: [] }));
    if (atMs - similar.lastAtMs > similarWindowMs) similar.messages = [];
    similar.lastAtMs = atMs;
    if (!similar.messages.includes(messageHash)) similar.messages.push(messageHash);
    if (similar.messages.length < similarMax) return false;
    similar.messages.shift();
    return true;
  }

  /** One token per event, 25 at first and one more every five minutes, for each object. */
  #admits(objectHash: number, atMs: number): boolean {
    const bucket = this.#spam.use(objectHash, () => ({ tokens: spamBurst, atMs }));
    bucket.tokens = Math.min(spamBurst, bucket.tokens + Math.max(0, atMs - bucket.atMs) / spamRefillMs);
    bucket.atMs = atMs;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
