/** The watches that are being served, so that the server can end them. */
export class OpenWatches {
  readonly #ends = new Set<() => void>();
  #closed = false;

  get count(): number {
    return this.#ends.size;
  }

  /**
   * @param end ends the watch cleanly; called at once if the server is closing
   * @returns what forgets it
   */
  add(end: () => void): () => void {
    if (this.#closed) end();
    else this.#ends.add(end);
    return () => this.#ends.delete(end);
  }

  /** Ends all, and each that is added later. */
  close(): void {
    this.#closed = true;
    for (const end of [...this.#ends]) end();
    this.#ends.clear();
  }
}
