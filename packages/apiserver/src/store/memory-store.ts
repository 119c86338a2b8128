import type { KubeObject } from "../object.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import { alreadyExists, expired, notFound } from "../status-errors.ts";
import { EventHistory, type HistoryLimits } from "./event-history.ts";
import { ObjectIndex } from "./object-index.ts";
import { objectsBefore } from "./past-list.ts";
import type { Store, StoreEvent, StoreWatcher } from "./store.ts";

export interface MemoryStoreOptions {
  /** Milliseconds on any clock that does not go back. */
  readonly nowMs: () => number;
  /** Events kept for each storage key. Default 10,000. */
  readonly historyEvents?: number;
  /** How long they are kept. Default 5 minutes, after which the real server compacts etcd. */
  readonly historyMs?: number;
}

/** The store, and what a test or a fault can do to it. */
export interface MemoryStore extends Store {
  /** Forgets all history, as etcd does when it compacts: older watches and continued lists are Expired. */
  compact(): void;
}

interface Receiver {
  readonly deliver: (event: StoreEvent) => void;
  /** What has been delivered, so that events of a nested write are not delivered twice. */
  delivered: number;
}

/** All that belongs to one storage key. */
interface Collection {
  readonly objects: ObjectIndex;
  readonly history: EventHistory;
  readonly receivers: Set<Receiver>;
}

/** A store in memory, lost with the process. Receivers of events must not throw. */
export function createMemoryStore(options: MemoryStoreOptions): MemoryStore {
  return new CollectionStore(options);
}

class CollectionStore implements MemoryStore {
  readonly #nowMs: () => number;
  readonly #limits: HistoryLimits;
  readonly #collections = new Map<string, Collection>();
  /** Changes made while another is being delivered wait here, so that everyone sees all of them in their order. */
  readonly #undelivered: { readonly collection: Collection; readonly event: StoreEvent }[] = [];
  #delivering = false;
  #revision = 1;

  constructor({ nowMs, historyEvents = 10_000, historyMs = 300_000 }: MemoryStoreOptions) {
    this.#nowMs = nowMs;
    this.#limits = { events: historyEvents, ms: historyMs };
  }

  get revision(): number {
    return this.#revision;
  }

  get(resource: ResourceInfo, namespace: string, name: string): KubeObject | undefined {
    return this.#collection(resource).objects.get(namespace, name);
  }

  list(resource: ResourceInfo, namespace: string, after = ""): readonly KubeObject[] {
    return this.#collection(resource).objects.list(namespace, after);
  }

  listAt(resource: ResourceInfo, namespace: string, revision: number, after = ""): readonly KubeObject[] {
    const { objects, history } = this.#collection(resource);
    // The text of storage/etcd3/errors.go.
    if (revision < history.floor) throw expired("The resourceVersion for the provided list is too old.");
    return objectsBefore(history.after(revision), objects, namespace, after);
  }

  count(resource: ResourceInfo): number {
    return this.#collection(resource).objects.count;
  }

  create(resource: ResourceInfo, object: KubeObject): KubeObject {
    const collection = this.#collection(resource);
    const { namespace = "", name = "" } = object.metadata;
    if (collection.objects.get(namespace, name) !== undefined) throw alreadyExists(resource, name);
    return this.#commit(collection, "ADDED", object, undefined);
  }

  update(resource: ResourceInfo, object: KubeObject): KubeObject {
    const collection = this.#collection(resource);
    const { namespace = "", name = "" } = object.metadata;
    const previous = collection.objects.get(namespace, name);
    if (previous === undefined) throw notFound(resource, name);
    return this.#commit(collection, "MODIFIED", object, previous);
  }

  delete(resource: ResourceInfo, namespace: string, name: string): KubeObject {
    const collection = this.#collection(resource);
    const previous = collection.objects.get(namespace, name);
    if (previous === undefined) throw notFound(resource, name);
    return this.#commit(collection, "DELETED", { ...previous, metadata: { ...previous.metadata } }, previous);
  }

  watch(resource: ResourceInfo, revision: number, deliver: (event: StoreEvent) => void): StoreWatcher {
    const { history, receivers } = this.#collection(resource);
    if (revision < history.floor) {
      // The text of storage/cacher/watch_cache.go.
      throw expired(`too old resource version: ${revision} (${history.oldest})`);
    }
    // In a loop, since the receiver may write: that change is the past of this watch too.
    for (let next = history.after(revision); next.length > 0; next = history.after(next.at(-1)?.revision ?? revision)) {
      for (const event of next) deliver(event);
    }
    const receiver: Receiver = { deliver, delivered: Math.max(revision, this.#revision) };
    receivers.add(receiver);
    return { stop: () => void receivers.delete(receiver) };
  }

  compact(): void {
    for (const { history } of this.#collections.values()) history.compact(this.#revision);
  }

  #collection({ storageKey }: ResourceInfo): Collection {
    const known = this.#collections.get(storageKey);
    if (known !== undefined) return known;
    const made = {
      objects: new ObjectIndex(),
      history: new EventHistory(this.#limits),
      receivers: new Set<Receiver>(),
    };
    this.#collections.set(storageKey, made);
    return made;
  }

  #commit(
    collection: Collection,
    type: StoreEvent["type"],
    object: KubeObject,
    previous: KubeObject | undefined,
  ): KubeObject {
    const { namespace = "", name = "" } = object.metadata;
    const revision = ++this.#revision;
    object.metadata.resourceVersion = String(revision);
    if (type === "DELETED") collection.objects.remove(namespace, name);
    else collection.objects.set(namespace, name, object);
    const event: StoreEvent = { type, object, previous, revision };
    collection.history.append(event, this.#nowMs());
    this.#undelivered.push({ collection, event });
    this.#deliver();
    return object;
  }

  #deliver(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      for (let next = this.#undelivered.shift(); next !== undefined; next = this.#undelivered.shift()) {
        for (const receiver of next.collection.receivers) {
          if (next.event.revision <= receiver.delivered) continue;
          receiver.delivered = next.event.revision;
          receiver.deliver(next.event);
        }
      }
    } finally {
      this.#delivering = false;
    }
  }
}
