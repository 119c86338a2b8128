/** Encodings of one object, by form. */
type Forms = Map<string, Uint8Array>;

/**
 * Encodings of stored objects, found by the object's identity, so that a change which goes to many watchers is encoded
 * once. Bounded: when the young half is full it becomes the old one, and what was old is dropped.
 */
export class EncodedCache {
  readonly #halfBytes: number;
  #young = new WeakMap<object, Forms>();
  #old = new WeakMap<object, Forms>();
  #youngBytes = 0;

  /** @param maxBytes of both halves */
  constructor(maxBytes: number) {
    this.#halfBytes = maxBytes / 2;
  }

  /** The encoding of `object` in `form`, made by `encode` unless it is known. */
  encoded(object: object, form: string, encode: () => Uint8Array): Uint8Array {
    const known = this.#young.get(object)?.get(form);
    if (known !== undefined) return known;
    const bytes = this.#old.get(object)?.get(form) ?? encode();
    this.#remember(object, form, bytes);
    return bytes;
  }

  #remember(object: object, form: string, bytes: Uint8Array): void {
    if (this.#youngBytes + bytes.length > this.#halfBytes) {
      this.#old = this.#young;
      this.#young = new WeakMap();
      this.#youngBytes = 0;
    }
    this.#youngBytes += bytes.length;
    const forms = this.#young.get(object);
    if (forms === undefined) this.#young.set(object, new Map([[form, bytes]]));
    else forms.set(form, bytes);
  }
}
