import { varintLength, writeVarint } from "../varint.ts";

const initialBytes = 64 * 1024;
/** A buffer that a huge object made grow is given back. */
const keptBytes = 1024 * 1024;
/** Up to this length text is copied by ourselves: a call into Buffer costs more. */
const shortText = 32;

/**
 * Writes protobuf from its end to its start, as Go does: what is inside is then there before its length, and nothing is
 * measured or moved. Callers write the fields of a message from the last to the first, and of each the value, then the tag.
 */
export class BackwardWriter {
  private buffer: Buffer = Buffer.allocUnsafeSlow(initialBytes);
  /** Where what is written begins. */
  private start = initialBytes;

  /** Bytes written so far; the length of a message is its growth. */
  get length(): number {
    return this.buffer.length - this.start;
  }

  /** Forgets what was written. */
  reset(): void {
    if (this.buffer.length > keptBytes) this.buffer = Buffer.allocUnsafeSlow(initialBytes);
    this.start = this.buffer.length;
  }

  /** A copy of what was written. */
  finish(): Buffer {
    return Buffer.from(this.buffer.subarray(this.start));
  }

  /** An integer from -2^53 to 2^53; a negative one takes ten bytes. */
  varint(value: number): void {
    if (value >= 0 && value < 128) {
      this.reserve(1);
      this.buffer[--this.start] = value;
    } else if (value >= 0) {
      const length = varintLength(value);
      this.reserve(length);
      this.start -= length;
      writeVarint(this.buffer, value, this.start);
    } else this.negative(value);
  }

  private negative(value: number): void {
    this.reserve(10);
    this.start -= 10;
    let rest = BigInt.asUintN(64, BigInt(value));
    for (let at = 0; at < 9; at++) {
      this.buffer[this.start + at] = Number(rest & 127n) | 128;
      rest >>= 7n;
    }
    this.buffer[this.start + 9] = Number(rest);
  }

  /** Text behind its length. */
  text(text: string): void {
    const length = text.length <= shortText && this.ascii(text) ? text.length : this.utf8(text);
    this.varint(length);
  }

  private ascii(text: string): boolean {
    const { length } = text;
    this.reserve(length);
    const { buffer } = this;
    const from = this.start - length;
    for (let at = 0; at < length; at++) {
      const code = text.charCodeAt(at);
      if (code > 127) return false;
      buffer[from + at] = code;
    }
    this.start = from;
    return true;
  }

  private utf8(text: string): number {
    const length = Buffer.byteLength(text);
    this.reserve(length);
    this.start -= length;
    this.buffer.write(text, this.start, length, "utf8");
    return length;
  }

  /** Bytes behind their length. */
  bytes(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.start -= bytes.length;
    this.buffer.set(bytes, this.start);
    this.varint(bytes.length);
  }

  private reserve(bytes: number): void {
    if (this.start < bytes) this.grow(bytes);
  }

  private grow(bytes: number): void {
    const written = this.length;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.buffer.length * 2, written + bytes));
    this.buffer.copy(grown, grown.length - written, this.start);
    this.buffer = grown;
    this.start = grown.length - written;
  }
}
