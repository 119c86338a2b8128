import type { Clock, Timer } from "@hollowfleet/core";
import { normalizeJson } from "@hollowfleet/wire";
import type { KubeObject } from "../object.ts";
import { groupVersion, type ResourceInfo } from "../resources/resource-info.ts";
import type { StoreEvent } from "../store/store.ts";
import type { WatchEvent, WatchSink } from "./api.ts";
import { fromStored } from "./event-forms.ts";
import type { Selection } from "./selection.ts";

/** storage/cacher/cacher.go, defaultBookmarkFrequency. */
const bookmarkIntervalMs = 60_000;
/** The last bookmark comes this long before the end (storage/cacher/cache_watcher.go, nextBookmarkTime). */
const bookmarkBeforeEndMs = 2_000;

export interface WatchSessionOptions {
  readonly resource: ResourceInfo;
  readonly selection: Selection;
  readonly sink: WatchSink;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly bookmarks: boolean;
  /** The revision that a bookmark may tell: all that came before it is delivered. */
  readonly revision: () => number;
}

/** One watch from its first event to its end: turns changes of the store into what the selection makes of them. */
export class WatchSession {
  readonly #options: WatchSessionOptions;
  readonly #endMs: number;
  #timer: Timer | undefined;
  #unsubscribe: (() => void) | undefined;
  #ended = false;
  /** What a watch begins with comes at once, however much it is; only afterwards can a client be too slow for it. */
  #isLive = false;

  constructor(options: WatchSessionOptions) {
    this.#options = options;
    this.#endMs = options.clock.nowMs() + options.timeoutMs;
  }

  /** The present state, as ADDED events. */
  sendAll(objects: readonly KubeObject[]): void {
    const { selection } = this.#options;
    for (const object of objects) {
      if (this.#ended) return;
      if (selection.matches(object)) this.#send("ADDED", object);
    }
  }

  /** Tells the client that it has seen the whole state of now (metav1.InitialEventsAnnotationKey). */
  sendInitialEventsEnd(): void {
    this.#bookmark({ annotations: { "k8s.io/initial-events-end": "true" } });
  }

  /** Begins to wait for the next bookmark and the end. @param subscribe makes `deliver` be called; returns what ends it */
  start(subscribe: (deliver: (event: StoreEvent) => void) => () => void): void {
    if (this.#ended) return;
    const unsubscribe = subscribe((event) => this.#deliver(event));
    this.#isLive = true;
    this.#unsubscribe = unsubscribe;
    if (this.#ended) this.stop();
    else this.#schedule();
  }

  /** Ends without a word: the client has gone. */
  stop(): void {
    this.#ended = true;
    this.#timer?.cancel();
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  #end(): void {
    if (this.#ended) return;
    this.stop();
    this.#options.sink.end();
  }

  #deliver(event: StoreEvent): void {
    if (this.#ended) return;
    const { selection } = this.#options;
    const { object, previous } = event;
    const now = event.type !== "DELETED" && selection.matches(object);
    const before = previous !== undefined && selection.matches(previous);
    if (now) this.#send(before ? "MODIFIED" : "ADDED", object);
    else if (before) this.#send("DELETED", lastState(event, previous));
  }

  #send(type: "ADDED" | "MODIFIED" | "DELETED", object: KubeObject): void {
    this.#emit({ type, object: fromStored(this.#options.resource, object) });
  }

  #bookmark(metadata: KubeObject["metadata"]): void {
    const { resource, revision } = this.#options;
    const type = { kind: resource.kind, apiVersion: groupVersion(resource) };
    // An object of the kind with nothing in it, as Go writes such a one.
    const object = normalizeJson({
      ...type,
      metadata: { ...metadata, resourceVersion: String(revision()) },
    } as KubeObject);
    this.#emit({ type: "BOOKMARK", object: object as unknown as KubeObject });
  }

  #emit(event: WatchEvent): void {
    // A receiver that can't keep up is cut off; it comes back and reads on from where it was.
    if (!this.#ended && !this.#options.sink.event(event) && this.#isLive) this.#end();
  }

  #schedule(): void {
    const { clock, bookmarks } = this.#options;
    const leftMs = this.#endMs - clock.nowMs();
    const nextMs = Math.min(bookmarkIntervalMs, leftMs - bookmarkBeforeEndMs);
    const isBookmark = bookmarks && nextMs > 0;
    this.#timer = clock.setTimer(isBookmark ? nextMs : leftMs, () => {
      if (!isBookmark) return this.#end();
      this.#bookmark({});
      if (!this.#ended) this.#schedule();
    });
  }
}

/** What an object was when it left a selection, with the revision of its leaving; one object for all who see it leave. */
const lastStates = new WeakMap<StoreEvent, KubeObject>();

function lastState(event: StoreEvent, previous: KubeObject): KubeObject {
  // The store has made it already.
  if (event.type === "DELETED") return event.object;
  const known = lastStates.get(event);
  if (known !== undefined) return known;
  const made = { ...previous, metadata: { ...previous.metadata, resourceVersion: String(event.revision) } };
  lastStates.set(event, made);
  return made;
}
