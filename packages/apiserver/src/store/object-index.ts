import type { KubeObject } from "../object.ts";

interface Entry {
  readonly name: string;
  object: KubeObject;
}

/** The objects of one namespace, or all of a cluster-scoped resource. */
interface Bucket {
  /** What the keys of its objects begin with: "namespace/", or "" for cluster-scoped objects. */
  readonly prefix: string;
  readonly byName: Map<string, Entry>;
  /** Sorted by name. */
  readonly sorted: Entry[];
}

/** "namespace/name", or "name" for cluster-scoped objects: the order of lists, as of keys in etcd. */
export function objectKey(namespace: string, name: string): string {
  return namespace === "" ? name : `${namespace}/${name}`;
}

/** The key of an object. */
export function keyOf({ metadata }: KubeObject): string {
  return objectKey(metadata.namespace ?? "", metadata.name ?? "");
}

/** Index of the first item for which `isAfter` holds, given that it holds for all later ones. */
export function firstIndex<T>(items: readonly T[], isAfter: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isAfter(items[middle] as T)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * The objects of one storage key, found by namespace and name, listed in the order of their keys. Split by namespace, so
 * that a list of one namespace does not look at the others and an insertion moves the pointers of one namespace only.
 */
export class ObjectIndex {
  readonly #byNamespace = new Map<string, Bucket>();
  /** Sorted by prefix. */
  readonly #buckets: Bucket[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  get(namespace: string, name: string): KubeObject | undefined {
    return this.#byNamespace.get(namespace)?.byName.get(name)?.object;
  }

  /** Adds, or replaces what has the same key. */
  set(namespace: string, name: string, object: KubeObject): void {
    const bucket = this.#byNamespace.get(namespace) ?? this.#addBucket(namespace);
    const known = bucket.byName.get(name);
    if (known !== undefined) {
      known.object = object;
      return;
    }
    const entry = { name, object };
    bucket.byName.set(name, entry);
    bucket.sorted.splice(
      firstIndex(bucket.sorted, (other) => other.name > name),
      0,
      entry,
    );
    this.#count++;
  }

  remove(namespace: string, name: string): void {
    const bucket = this.#byNamespace.get(namespace);
    if (!bucket?.byName.delete(name)) return;
    bucket.sorted.splice(
      firstIndex(bucket.sorted, (other) => other.name >= name),
      1,
    );
    this.#count--;
    if (bucket.sorted.length > 0) return;
    this.#byNamespace.delete(namespace);
    this.#buckets.splice(this.#buckets.indexOf(bucket), 1);
  }

  /** @param after key after which the list begins; "" for all */
  list(namespace: string, after: string): KubeObject[] {
    const found: KubeObject[] = [];
    const one = this.#byNamespace.get(namespace);
    const buckets = namespace === "" ? this.#buckets : one === undefined ? [] : [one];
    for (const { prefix, sorted } of buckets) {
      for (let i = startIn(prefix, sorted, after); i < sorted.length; i++) found.push((sorted[i] as Entry).object);
    }
    return found;
  }

  #addBucket(namespace: string): Bucket {
    const prefix = objectKey(namespace, "");
    const bucket: Bucket = { prefix, byName: new Map(), sorted: [] };
    this.#byNamespace.set(namespace, bucket);
    this.#buckets.splice(
      firstIndex(this.#buckets, (other) => other.prefix > prefix),
      0,
      bucket,
    );
    return bucket;
  }
}

/** Where in a bucket the keys after `after` begin. */
function startIn(prefix: string, sorted: readonly Entry[], after: string): number {
  if (after === "" || after < prefix) return 0;
  // Keys and `after` differ within the prefix, and `after` is the greater one.
  if (!after.startsWith(prefix)) return sorted.length;
  const name = after.slice(prefix.length);
  return firstIndex(sorted, (entry) => entry.name > name);
}
