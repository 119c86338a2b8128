/** A map that forgets the entry which was used longest ago. */
export class Lru<V> {
  readonly #max: number;
  readonly #entries = new Map<number, V>();

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The entry, now the one used last; made when it is not there. */
  use(key: number, make: () => V): V {
    const found = this.#entries.get(key);
    const value = found ?? make();
    // A Map keeps the order of insertion, so the first key is the one used longest ago.
    if (found !== undefined) this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size > this.#max) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    return value;
  }
}
