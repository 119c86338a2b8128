import { Cursor } from "./cursor.ts";

/** The metadata that caches and watches live on; what is absent reads as "" or 0. */
export interface Meta {
  name: string;
  namespace: string;
  uid: string;
  resourceVersion: string;
  generation: number;
}

/** Field 1 of every object, length-delimited. */
const metadataTag = 0x0a;

/** ObjectMeta's annotations, 12. */
const annotationsTag = 0x62;

/**
 * Reads the metadata of an object of any kind without decoding the object.
 * @throws CodecError `truncated`, `malformed`
 */
export function peekMeta(raw: Uint8Array): Meta {
  const meta: Meta = { name: "", namespace: "", uid: "", resourceVersion: "", generation: 0 };
  const cursor = new Cursor(raw);
  while (enterMetadata(cursor)) readMeta(cursor, meta);
  return meta;
}

function readMeta(cursor: Cursor, meta: Meta): void {
  for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
    if (tag === 0x0a) meta.name = cursor.string();
    else if (tag === 0x1a) meta.namespace = cursor.string();
    else if (tag === 0x2a) meta.uid = cursor.string();
    else if (tag === 0x32) meta.resourceVersion = cursor.string();
    else if (tag === 0x38) meta.generation = cursor.varint();
    else cursor.skip(tag);
  }
}

/** Narrows the cursor to the next metadata of the object; false when there is none left. */
function enterMetadata(cursor: Cursor): boolean {
  cursor.end = cursor.buffer.length;
  for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
    if (tag === metadataTag) {
      cursor.end = cursor.length() + cursor.pos;
      return true;
    }
    cursor.skip(tag);
  }
  return false;
}

/** Whether the object carries the annotation; `key` is ASCII, as all annotation keys are. */
export function hasAnnotation(raw: Uint8Array, key: string): boolean {
  return peekAnnotation(raw, key) !== undefined;
}

/**
 * The value of one annotation, found without decoding the object; `key` is ASCII, as all annotation keys are.
 * @throws CodecError `truncated`, `malformed`
 */
export function peekAnnotation(raw: Uint8Array, key: string): string | undefined {
  const cursor = new Cursor(raw);
  let value: string | undefined;
  while (enterMetadata(cursor)) {
    const end = cursor.end;
    for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
      if (tag !== annotationsTag) {
        cursor.skip(tag);
        continue;
      }
      cursor.end = cursor.length() + cursor.pos;
      value = readEntry(cursor, key) ?? value;
      cursor.pos = cursor.end;
      cursor.end = end;
    }
  }
  return value;
}

/** The value of a map entry if it is the one of `key`. Go and protobufjs write the key first. */
function readEntry(cursor: Cursor, key: string): string | undefined {
  let isKey = key === "";
  let value = "";
  for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
    if (tag === 0x0a) {
      isKey = matches(cursor, key);
      if (!isKey) return undefined;
    } else if (tag === 0x12) value = cursor.string();
    else cursor.skip(tag);
  }
  return isKey ? value : undefined;
}

function matches(cursor: Cursor, text: string): boolean {
  const length = cursor.length();
  const start = cursor.pos;
  cursor.pos += length;
  if (length !== text.length) return false;
  for (let at = 0; at < length; at++) {
    if (cursor.buffer[start + at] !== text.charCodeAt(at)) return false;
  }
  return true;
}
