/** Something that falls due. */
export interface HeapItem {
  /** Not to be changed while it is in a heap. */
  dueMs: number;
  /** Kept by the heap: where the item stands in it; -1: it is in none. */
  heapAt: number;
}

/** A binary heap, the earliest first, from which any item can be taken away. */
export class DueHeap<T extends HeapItem> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  /** The earliest, left where it is. */
  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    this.#items.push(item);
    this.#rise(item, this.#items.length - 1);
  }

  /** Takes the earliest away. */
  pop(): T | undefined {
    const first = this.#items[0];
    if (first !== undefined) this.remove(first);
    return first;
  }

  /** Does nothing for an item that is not in the heap. */
  remove(item: T): void {
    const at = item.heapAt;
    if (this.#items[at] !== item) return;
    item.heapAt = -1;
    const last = this.#items.pop();
    if (last === undefined || last === item) return;
    this.#rise(last, at);
    this.#sink(last, last.heapAt);
  }

  clear(): void {
    for (const item of this.#items) item.heapAt = -1;
    this.#items.length = 0;
  }

  #rise(item: T, from: number): void {
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = this.#items[above];
      if (parent === undefined || parent.dueMs <= item.dueMs) break;
      this.#put(parent, at);
      at = above;
    }
    this.#put(item, at);
  }

  #sink(item: T, from: number): void {
    let at = from;
    for (;;) {
      const left = this.#items[2 * at + 1];
      const right = this.#items[2 * at + 2];
      const child = left !== undefined && right !== undefined && right.dueMs < left.dueMs ? right : left;
      if (child === undefined || child.dueMs >= item.dueMs) break;
      const next = child.heapAt;
      this.#put(child, at);
      at = next;
    }
    this.#put(item, at);
  }

  #put(item: T, at: number): void {
    this.#items[at] = item;
    item.heapAt = at;
  }
}
