import { peekMeta } from "@hollowfleet/wire";
import type { Received, WatchEvent } from "./api-client.ts";

/**
 * What a reflector remembers of the objects it has told of.
 * - none: nothing; for handlers that keep the state themselves
 * - keys: names only, so that a relist tells what is gone
 * - objects: the last state of each
 */
export type Keep = "none" | "keys" | "objects";

/** An object that vanished while nobody watched. */
export interface Removed<T> {
  /** `namespace/name`, or `name` for cluster-scoped objects. */
  readonly key: string;
  /** Its last known state, if objects are kept. */
  readonly last: Received<T> | undefined;
}

export function objectKey(raw: Uint8Array): string {
  const { namespace, name } = peekMeta(raw);
  return namespace === "" ? name : `${namespace}/${name}`;
}

/** Of every reflector that keeps nothing: an empty Map of its own would take 180 bytes, and a kubelet has five. */
const nothing = new Map<string, undefined>();

/** The memory of a reflector. */
export class ReflectorStore<T> {
  readonly #keep: Keep;
  #known: Map<string, Received<T> | undefined>;

  constructor(keep: Keep) {
    this.#keep = keep;
    this.#known = keep === "none" ? nothing : new Map();
  }

  get size(): number {
    return this.#known.size;
  }

  get(key: string): Received<T> | undefined {
    return this.#known.get(key);
  }

  *values(): IterableIterator<Received<T>> {
    for (const item of this.#known.values()) if (item !== undefined) yield item;
  }

  /** Takes over a whole state, and returns what it no longer holds. */
  replace(items: ReadonlyMap<string, Received<T>>): readonly Removed<T>[] {
    if (this.#keep === "none") return [];
    const removed: Removed<T>[] = [];
    for (const [key, last] of this.#known) if (!items.has(key)) removed.push({ key, last });
    this.#known = new Map();
    for (const [key, item] of items) this.#known.set(key, this.#keep === "objects" ? item : undefined);
    return removed;
  }

  /** Takes over one event, and returns as what it is to be told: an ADDED that is known already is an update. */
  apply(type: Exclude<WatchEvent<T>["type"], "BOOKMARK">, item: Received<T>): "add" | "update" | "delete" {
    if (this.#keep === "none") return type === "ADDED" ? "add" : type === "MODIFIED" ? "update" : "delete";
    const key = objectKey(item.raw);
    const known = this.#known.has(key);
    if (type === "DELETED") this.#known.delete(key);
    else this.#known.set(key, this.#keep === "objects" ? item : undefined);
    if (type === "DELETED") return "delete";
    return known ? "update" : "add";
  }
}
