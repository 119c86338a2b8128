import { CodecError } from "./codec-error.ts";

/** Wire types of the protobuf encoding; groups (3, 4) are read past, never written. */
export const wireTypes: { readonly varint: 0; readonly fixed64: 1; readonly bytes: 2; readonly fixed32: 5 } = {
  varint: 0,
  fixed64: 1,
  bytes: 2,
  fixed32: 5,
};

/** The same memory as a Buffer, whose string and integer readers are native. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Walks protobuf fields without decoding them. `end` may be moved to stay inside a nested message. */
export class Cursor {
  readonly buffer: Buffer;
  pos: number;
  end: number;

  constructor(bytes: Uint8Array, pos = 0) {
    this.buffer = asBuffer(bytes);
    this.pos = pos;
    this.end = bytes.length;
  }

  /** The next tag, field number and wire type in one as on the wire; 0 at the end. */
  tag(): number {
    if (this.pos >= this.end) return 0;
    const tag = this.varint();
    // Field numbers begin at 1.
    if (tag < 8) throw new CodecError("malformed", `tag ${tag} before offset ${this.pos}`);
    return tag;
  }

  /** An unsigned varint: exact up to 2^53. */
  varint(): number {
    let value = 0;
    let factor = 1;
    for (let count = 0; count < 10; count++) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
    }
    throw new CodecError("malformed", `varint longer than 10 bytes at offset ${this.pos}`);
  }

  /** A signed varint, as int32 and int64 are sent: exact between -2^53 and 2^53, the nearest double beyond. */
  signed(): number {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.byte();
      if (shift < 28) low |= (byte & 127) << shift;
      else if (shift === 28) {
        low |= (byte & 127) << 28;
        high = (byte & 127) >>> 4;
      } else high |= (byte & 127) << (shift - 32);
      if (byte < 128) return (high | 0) * 4294967296 + (low >>> 0);
    }
    throw new CodecError("malformed", `varint longer than 10 bytes at offset ${this.pos}`);
  }

  /** The length of a length-delimited field, checked against the end. */
  length(): number {
    const length = this.varint();
    if (length > this.end - this.pos) throw truncated(this.pos);
    return length;
  }

  /** A length-delimited field as a view. */
  bytes(): Buffer {
    const length = this.length();
    this.pos += length;
    return this.buffer.subarray(this.pos - length, this.pos);
  }

  /** A length-delimited field as text. */
  string(): string {
    const length = this.length();
    this.pos += length;
    return this.buffer.toString("utf8", this.pos - length, this.pos);
  }

  /** Passes the value of the field with this tag. */
  skip(tag: number): void {
    switch (tag & 7) {
      case wireTypes.varint:
        while (this.byte() >= 128);
        return;
      case wireTypes.fixed64:
        this.advance(8);
        return;
      case wireTypes.bytes:
        this.advance(this.length());
        return;
      case wireTypes.fixed32:
        this.advance(4);
        return;
      default:
        throw new CodecError("malformed", `wire type ${tag & 7} at offset ${this.pos}`);
    }
  }

  private advance(count: number): void {
    if (count > this.end - this.pos) throw truncated(this.pos);
    this.pos += count;
  }

  private byte(): number {
    const byte = this.pos < this.end ? this.buffer[this.pos++] : undefined;
    if (byte === undefined) throw truncated(this.pos);
    return byte;
  }
}

function truncated(pos: number): CodecError {
  return new CodecError("truncated", `protobuf ends inside a field at offset ${pos}`);
}
