import { CodecError } from "./codec-error.ts";
import { Cursor } from "./cursor.ts";
import { varintLength, writeVarint } from "./varint.ts";

/** An object as it travels: its type beside its protobuf. `raw` is a view of the bytes it came from. */
export interface Envelope {
  readonly apiVersion: string;
  readonly kind: string;
  readonly raw: Uint8Array;
}

/** `k8s\0`, before the runtime.Unknown message (apimachinery, runtime/serializer/protobuf/protobuf.go). */
const magic = 0x6b387300;
const magicLength = 4;

/** Whether the bytes begin as an enveloped object; JSON and bare protobuf do not. */
export function isEnvelope(bytes: Uint8Array): boolean {
  return bytes.length >= magicLength && readMagic(bytes) === magic;
}

function readMagic(bytes: Uint8Array): number {
  return (((bytes[0] ?? 0) << 24) | ((bytes[1] ?? 0) << 16) | ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0)) >>> 0;
}

/** Puts the envelope around `raw`, with the two empty trailing fields that Go writes. */
export function wrap(apiVersion: string, kind: string, raw: Uint8Array): Uint8Array {
  const apiVersionLength = Buffer.byteLength(apiVersion);
  const kindLength = Buffer.byteLength(kind);
  const typeMetaLength = 2 + varintLength(apiVersionLength) + apiVersionLength + varintLength(kindLength) + kindLength;
  const length =
    magicLength + 1 + varintLength(typeMetaLength) + typeMetaLength + 1 + varintLength(raw.length) + raw.length + 4;
  const out = Buffer.allocUnsafe(length);
  let pos = out.writeUInt32BE(magic, 0);
  out[pos] = 0x0a;
  pos = writeVarint(out, typeMetaLength, pos + 1);
  pos = writeText(out, 0x0a, apiVersion, apiVersionLength, pos);
  pos = writeText(out, 0x12, kind, kindLength, pos);
  out[pos] = 0x12;
  pos = writeVarint(out, raw.length, pos + 1);
  out.set(raw, pos);
  // contentEncoding and contentType, both empty.
  out.writeUInt32BE(0x1a002200, pos + raw.length);
  return out;
}

function writeText(out: Buffer, tag: number, text: string, length: number, pos: number): number {
  out[pos] = tag;
  const start = writeVarint(out, length, pos + 1);
  return start + out.write(text, start);
}

/**
 * Takes the envelope off; nothing is copied.
 * @throws CodecError `not-an-envelope`, `truncated`, `malformed`
 */
export function unwrap(bytes: Uint8Array): Envelope {
  if (!isEnvelope(bytes)) {
    throw new CodecError("not-an-envelope", "the body does not begin with k8s\\0", {
      remedy: "ask for application/vnd.kubernetes.protobuf, and only for built-in kinds",
    });
  }
  return readUnknown(new Cursor(bytes, magicLength));
}

const empty: Uint8Array = new Uint8Array(0);

function readUnknown(cursor: Cursor): Envelope {
  const end = cursor.end;
  let apiVersion = "";
  let kind = "";
  let raw: Uint8Array = empty;
  for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
    if (tag === 0x0a) {
      // TypeMeta, whose fields end before `end`.
      cursor.end = cursor.length() + cursor.pos;
      for (let inner = cursor.tag(); inner !== 0; inner = cursor.tag()) {
        if (inner === 0x0a) apiVersion = cursor.string();
        else if (inner === 0x12) kind = cursor.string();
        else cursor.skip(inner);
      }
      cursor.end = end;
    } else if (tag === 0x12) raw = cursor.bytes();
    else cursor.skip(tag);
  }
  return { apiVersion, kind, raw };
}
