import type { ResourceInfo } from "../resources/resource-info.ts";
import type { Store, StoreEvent } from "../store/store.ts";
import { nodeOf } from "./pods-by-node.ts";

/** Which events of a storage key a watch may be interested in; the rest is not even looked at for it. */
export interface WatchScope {
  /** "" for all. */
  readonly namespace: string;
  /** "" for all. */
  readonly name: string;
  /** Of pods: the one node whose pods are watched. */
  readonly nodeName?: string | undefined;
}

interface Receiver {
  readonly deliver: (event: StoreEvent) => void;
  /** Events up to this revision are known to the receiver. */
  delivered: number;
}

/** The watches of one storage key. */
interface Series {
  readonly byScope: Map<string, Set<Receiver>>;
  readonly byNode: Map<string, Set<Receiver>>;
}

/**
 * Hands each change to the watches that may want it, found by namespace, name and node: of thousands of kubelets one hears
 * of a pod. The real server's watch cache does the same (storage/cacher/cacher.go, indexedWatchers).
 */
export class WatchHub {
  readonly #store: Store;
  readonly #series = new Map<string, Series>();

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * Delivers the changes after `revision`: the past ones at once. Returns what ends it.
   * @throws ApiError Expired
   */
  add(resource: ResourceInfo, scope: WatchScope, revision: number, deliver: (event: StoreEvent) => void): () => void {
    const series = this.#seriesOf(resource);
    // The store itself replays the past; what comes later goes by the index.
    this.#store.watch(resource, revision, deliver).stop();
    const receiver: Receiver = { deliver, delivered: Math.max(revision, this.#store.revision) };
    const { nodeName } = scope;
    const [index, key] = nodeName === undefined ? [series.byScope, scopeKey(scope)] : [series.byNode, nodeName];
    const receivers = index.get(key) ?? new Set();
    index.set(key, receivers.add(receiver));
    return () => {
      receivers.delete(receiver);
      if (receivers.size === 0 && index.get(key) === receivers) index.delete(key);
    };
  }

  #seriesOf(resource: ResourceInfo): Series {
    const known = this.#series.get(resource.storageKey);
    if (known !== undefined) return known;
    const made: Series = { byScope: new Map(), byNode: new Map() };
    this.#series.set(resource.storageKey, made);
    const isPods = resource.storageKey === "pods";
    this.#store.watch(resource, this.#store.revision, (event) => dispatch(made, event, isPods));
    return made;
  }
}

function scopeKey({ namespace, name }: Pick<WatchScope, "namespace" | "name">): string {
  return `${namespace}/${name}`;
}

function dispatch({ byScope, byNode }: Series, event: StoreEvent, isPods: boolean): void {
  const { namespace = "", name = "" } = event.object.metadata;
  if (namespace !== "") {
    deliverTo(byScope.get(scopeKey({ namespace, name })), event);
    deliverTo(byScope.get(scopeKey({ namespace, name: "" })), event);
  }
  deliverTo(byScope.get(scopeKey({ namespace: "", name })), event);
  deliverTo(byScope.get("/"), event);
  if (!isPods) return;
  const node = nodeOf(event.object);
  const before = event.previous === undefined ? node : nodeOf(event.previous);
  deliverTo(byNode.get(node), event);
  if (before !== node) deliverTo(byNode.get(before), event);
}

function deliverTo(receivers: ReadonlySet<Receiver> | undefined, event: StoreEvent): void {
  if (receivers === undefined) return;
  for (const receiver of receivers) {
    if (event.revision <= receiver.delivered) continue;
    receiver.delivered = event.revision;
    receiver.deliver(event);
  }
}
