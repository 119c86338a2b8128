import type { Occurrence } from "./event-target.ts";
import { Lru } from "./lru.ts";
import { textHash, textHash32 } from "./text-hash.ts";

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
  /** Of container and message; 0 for the event that many are folded into. */
  readonly hash: number;
  /** 16 hexadecimal digits; the name is `<object>.<suffix>`. */
  readonly suffix: string;
  count: number;
  /** Whole seconds since the Unix epoch. */
  readonly firstAtS: number;
}

/** Events about one object that differ in nothing but container and message. */
interface Similar {
  /** Of type and reason. */
  readonly hash: number;
  lastAtS: number;
  /** Hashes of the different messages within the window. */
  messages: number[];
  /** The one used last comes last. */
  logged: LoggedEvent[];
}

/** All that is remembered of the events about one object. */
interface ObjectEvents {
  tokens: number;
  refilledAtS: number;
  similar: Similar[];
}

/** Defaults of k8s.io/client-go/tools/record/events_cache.go. */
const similarMax = 10;
const similarWindowS = 600;
const spamBurst = 25;
const spamRefillS = 300;
const combinedPrefix = "(combined from similar events): ";

/**
 * client-go caches 4,096 entries of each of three kinds. A hollow kubelet keeps fewer, since thousands share one process:
 * twice the pods that a node holds. What is forgotten is created anew instead of counted up.
 */
const objectsMax = 256;
const reasonsMax = 24;
const loggedMax = 16;

/**
 * Decides which occurrences become new events, which count an event up and which are dropped, as client-go's
 * EventCorrelator does. Pure but for its memory; time comes with the occurrences.
 */
export class EventCorrelator {
  readonly #objects = new Lru<ObjectEvents>(objectsMax);

  /** @param suffix of the name, should this become a new event */
  correlate(occurrence: Occurrence, suffix: () => string): Correlation {
    const { target, type, reason, message, atMs } = occurrence;
    const atS = Math.floor(atMs / 1000);
    const key = textHash(target.kind, target.namespace ?? "", target.name, target.uid ?? "", target.apiVersion);
    const object = this.#objects.use(key, () => ({ tokens: spamBurst, refilledAtS: atS, similar: [] }));
    const similar = similarOf(object, textHash32(type, reason), atS);
    const combined = combines(similar, textHash32(message), atS);
    const entry = loggedOf(similar, combined ? 0 : textHash32(target.fieldPath ?? "", message), atS, suffix);
    entry.count += 1;
    // The count goes up even when the spam filter then holds the event back: client-go observes before it filters.
    if (!admits(object, atS)) return { kind: "spam" };
    return {
      kind: entry.count === 1 ? "create" : "repeat",
      entry,
      message: combined ? `${combinedPrefix}${message}` : message,
    };
  }
}

function similarOf(object: ObjectEvents, hash: number, atS: number): Similar {
  const known = object.similar.find((similar) => similar.hash === hash);
  if (known !== undefined) return known;
  const made: Similar = { hash, lastAtS: atS, messages: [], logged: [] };
  // concat makes room for just what it holds; push and spread make room for 17.
  object.similar = object.similar.slice(1 - reasonsMax).concat(made);
  return made;
}

/** Whether a message is folded with others of its kind: from the tenth different one within ten minutes on. */
function combines(similar: Similar, messageHash: number, atS: number): boolean {
  if (atS - similar.lastAtS > similarWindowS) similar.messages = [];
  similar.lastAtS = atS;
  if (!similar.messages.includes(messageHash)) similar.messages = similar.messages.concat(messageHash);
  if (similar.messages.length < similarMax) return false;
  similar.messages.shift();
  return true;
}

function loggedOf(similar: Similar, hash: number, atS: number, suffix: () => string): LoggedEvent {
  const at = similar.logged.findIndex((entry) => entry.hash === hash);
  const known = similar.logged[at];
  if (known !== undefined && at === similar.logged.length - 1) return known;
  const entry = known ?? { hash, suffix: suffix(), count: 0, firstAtS: atS };
  const others = similar.logged.filter((other) => other !== entry);
  similar.logged = others.slice(1 - loggedMax).concat(entry);
  return entry;
}

/** One token per event, 25 at first and one more every five minutes, for each object. */
function admits(object: ObjectEvents, atS: number): boolean {
  object.tokens = Math.min(spamBurst, object.tokens + Math.max(0, atS - object.refilledAtS) / spamRefillS);
  object.refilledAtS = atS;
  if (object.tokens < 1) return false;
  object.tokens -= 1;
  return true;
}
