import { type Clock, errorText, type Logger, type Random, TokenBucket } from "@hollowfleet/core";
import { type ClusterStore, refusalOf } from "../cluster-store.ts";
import { type KubeObject, nameOf, namespaceOf, timestamp, uidOf } from "../objects/meta.ts";

/** Tells about objects, as `kubectl describe` shows it. Never fails. */
export interface Recorder {
  normal(about: KubeObject, reason: string, message: string): void;
  warning(about: KubeObject, reason: string, message: string): void;
}

export interface EventStats {
  readonly recorded: number;
  /** Not written because there were too many at once, or too many about one object. */
  readonly dropped: number;
}

export interface EventRecorder {
  /** @param component who speaks, e.g. "replicaset-controller" */
  for(component: string): Recorder;
  stats(): EventStats;
}

export interface EventRecorderOptions {
  readonly store: ClusterStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Events per second in the long run. */
  readonly rate: number;
  /** Events at once. */
  readonly burst: number;
}

/** How many earlier events, and objects that were spoken about, are remembered (client-go, tools/record/events_cache.go). */
const remembered = 4096;
/** Events about one object by one component: 25 at first, then one in five minutes (same file, EventSourceObjectSpamFilter). */
const spamBurst = 25;
const spamRate = 1 / 300;

interface StoredEvent extends KubeObject {
  readonly count?: number;
}

/** Writes core/v1 events; what is said again raises the count of the event that said it first. */
export function createEventRecorder(options: EventRecorderOptions): EventRecorder {
  const { store, clock, random, logger } = options;
  const bucket = new TokenBucket(options.rate, options.burst, clock);
  const earlier = new Map<string, { readonly namespace: string; readonly name: string }>();
  const talk = new Map<string, TokenBucket>();
  let recorded = 0;
  let dropped = 0;

  function isSpam(component: string, about: KubeObject): boolean {
    const key = `${component}\n${uidOf(about)}`;
    const known = talk.get(key) ?? new TokenBucket(spamRate, spamBurst, clock);
    remember(talk, key, known);
    return !known.tryTake();
  }

  function repeat(key: string): boolean {
    const first = earlier.get(key);
    if (first === undefined) return false;
    const event = store.get<StoredEvent>("events", first.namespace, first.name);
    if (event === undefined) return false;
    store.update("events", { ...event, count: (event.count ?? 1) + 1, lastTimestamp: timestamp(clock.nowMs()) });
    return true;
  }

  function record(component: string, about: KubeObject, type: string, reason: string, message: string): void {
    if (isSpam(component, about) || !bucket.tryTake()) {
      dropped += 1;
      return;
    }
    const namespace = namespaceOf(about) || "default";
    const key = [component, uidOf(about), namespace, nameOf(about), type, reason, message].join("\n");
    try {
      if (!repeat(key)) {
        const name = `${nameOf(about)}.${random.hex(16)}`;
        store.create("events", eventOf({ component, about, type, reason, message, namespace, name }, clock.nowMs()));
        remember(earlier, key, { namespace, name });
      }
      recorded += 1;
    } catch (thrown) {
      // A namespace that is being deleted takes no events.
      if (refusalOf(thrown) === undefined) logger.error(`events: ${errorText(thrown)}`);
    }
  }

  return {
    for: (component) => ({
      normal: (about, reason, message) => record(component, about, "Normal", reason, message),
      warning: (about, reason, message) => record(component, about, "Warning", reason, message),
    }),
    stats: () => ({ recorded, dropped }),
  };
}

/** Puts an entry at the end, and drops the oldest when there are too many. */
function remember<T>(entries: Map<string, T>, key: string, value: T): void {
  entries.delete(key);
  entries.set(key, value);
  const oldest = entries.keys().next();
  if (entries.size > remembered && !oldest.done) entries.delete(oldest.value);
}

interface Said {
  readonly component: string;
  readonly about: KubeObject;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly namespace: string;
  readonly name: string;
}

/** An Event as client-go's recorder builds it (tools/record/event.go). */
function eventOf({ component, about, type, reason, message, namespace, name }: Said, nowMs: number): KubeObject {
  const now = timestamp(nowMs);
  const event = {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name, namespace },
    involvedObject: {
      ...(about.kind !== undefined && { kind: about.kind }),
      ...(namespaceOf(about) !== "" && { namespace: namespaceOf(about) }),
      name: nameOf(about),
      ...(uidOf(about) !== "" && { uid: uidOf(about) }),
      ...(about.apiVersion !== undefined && { apiVersion: about.apiVersion }),
      ...(about.metadata?.resourceVersion !== undefined && { resourceVersion: about.metadata.resourceVersion }),
    },
    reason,
    message: message.slice(0, 1024),
    source: { component },
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
    type,
    eventTime: null,
    reportingComponent: component,
    reportingInstance: "",
  };
  return event;
}
