import { Cursor } from "./cursor.ts";
import { varintBytes, varintLength, writeVarint } from "./varint.ts";

/** Any XList: its ListMeta, and its items as views, still encoded. */
export interface ListParts {
  resourceVersion: string;
  /** Where the next page begins; "" on the last one. */
  continue: string;
  remainingItemCount: number | undefined;
  items: Uint8Array[];
}

/**
 * Takes a list apart; nothing is copied. Items carry no apiVersion and kind: they are those of the list.
 * @throws CodecError `truncated`, `malformed`
 */
export function splitList(raw: Uint8Array): ListParts {
  const parts: ListParts = { resourceVersion: "", continue: "", remainingItemCount: undefined, items: [] };
  const cursor = new Cursor(raw);
  const end = cursor.end;
  for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
    if (tag === 0x0a) {
      cursor.end = cursor.length() + cursor.pos;
      readListMeta(cursor, parts);
      cursor.end = end;
    } else if (tag === 0x12) parts.items.push(cursor.bytes());
    else cursor.skip(tag);
  }
  return parts;
}

function readListMeta(cursor: Cursor, parts: ListParts): void {
  for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
    if (tag === 0x12) parts.resourceVersion = cursor.string();
    else if (tag === 0x1a) parts.continue = cursor.string();
    else if (tag === 0x20) parts.remainingItemCount = cursor.varint();
    else cursor.skip(tag);
  }
}

/** Puts a list together: the inverse of splitList. */
export function joinList(parts: ListParts): Uint8Array {
  const meta: Uint8Array[] = [textField(0x12, parts.resourceVersion), textField(0x1a, parts.continue)];
  if (parts.remainingItemCount !== undefined) meta.push(Uint8Array.of(0x20), varintBytes(parts.remainingItemCount));
  const listMeta = Buffer.concat(meta);
  const out: Uint8Array[] = [fieldHeader(0x0a, listMeta.length), listMeta];
  for (const item of parts.items) out.push(fieldHeader(0x12, item.length), item);
  return Buffer.concat(out);
}

function textField(tag: number, text: string): Uint8Array {
  const bytes = Buffer.from(text);
  return Buffer.concat([fieldHeader(tag, bytes.length), bytes]);
}

function fieldHeader(tag: number, length: number): Uint8Array {
  const header = new Uint8Array(1 + varintLength(length));
  header[0] = tag;
  writeVarint(header, length, 1);
  return header;
}
