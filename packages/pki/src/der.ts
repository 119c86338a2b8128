import { PkiError } from "./pki-error.ts";

/** Tags of X.690 §8 that certificates use. */
export const tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Tag of a context-specific element. */
export function contextTag(number: number, form: "primitive" | "constructed"): number {
  return (form === "constructed" ? 0xa0 : 0x80) | number;
}

/** One element: tag, definite length in its shortest form (X.690 §10.1), contents. */
export function element(elementTag: number, ...contents: readonly Uint8Array[]): Buffer {
  let length = 0;
  for (const part of contents) length += part.length;
  const head =
    length < 0x80
      ? Buffer.of(elementTag, length)
      : length < 0x100
        ? Buffer.of(elementTag, 0x81, length)
        : Buffer.of(elementTag, 0x82, length >> 8, length & 0xff);
  if (length > 0xffff) throw new PkiError("invalid-request", `a DER element of ${length} bytes is too long`);
  return Buffer.concat([head, ...contents], head.length + length);
}

export function sequence(...contents: readonly Uint8Array[]): Buffer {
  return element(tag.sequence, ...contents);
}

/** A bit string of whole bytes. */
export function bitString(bytes: Uint8Array, unusedBits = 0): Buffer {
  return element(tag.bitString, Buffer.of(unusedBits), bytes);
}

/** An object identifier from its dotted form, e.g. "2.5.4.3". */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const groups = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return element(tag.oid, Uint8Array.from(bytes));
}

/** A time as RFC 5280 §4.1.2.5 wants it: UTCTime to the end of 2049, GeneralizedTime from 2050. Whole seconds. */
export function time(epochMs: number): Buffer {
  const digits = new Date(epochMs)
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(/[-:T]/g, "");
  const late = digits >= "2050";
  return element(late ? tag.generalizedTime : tag.utcTime, Buffer.from(late ? digits : digits.slice(2), "latin1"));
}

/** One element as it was read. */
export interface Element {
  readonly tag: number;
  /** Tag, length and contents. */
  readonly raw: Buffer;
  readonly contents: Buffer;
}

/** The elements that `bytes` hold one after another. Throws PkiError when they are cut short. */
export function readElements(bytes: Buffer): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at + 1] ?? 0;
    const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
    const start = at + 2 + lengthBytes;
    const length =
      lengthBytes === 0
        ? first
        : lengthBytes <= 4 && start <= bytes.length
          ? bytes.readUIntBE(at + 2, lengthBytes)
          : Number.NaN;
    const end = start + length;
    if (!(end <= bytes.length)) throw new PkiError("invalid-material", "a DER element is cut short");
    found.push({ tag: bytes[at] ?? 0, raw: bytes.subarray(at, end), contents: bytes.subarray(start, end) });
    at = end;
  }
  return found;
}
