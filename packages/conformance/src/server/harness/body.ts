import {
  type Envelope,
  jsonToProtobuf,
  mediaTypes,
  protobufToJson,
  splitList,
  unwrap,
  WatchFrameSplitter,
  wrap,
} from "@hollowfleet/wire";
import type { Encoding } from "./conformance-case.ts";

export interface ObjectWithType {
  readonly apiVersion: string;
  readonly kind: string;
}

/** The bytes of an object in its JSON form. */
export function encodeBody(object: unknown, encoding: Encoding): Uint8Array {
  if (encoding === "json") return Buffer.from(JSON.stringify(object));
  const typed = object as ObjectWithType & Record<string, unknown>;
  return wrap(typed.apiVersion, typed.kind, jsonToProtobuf(typed));
}

/** What an answer says: an object in its JSON form, or the text of whatever else it is. */
export function decodeBody(contentType: string, bytes: Uint8Array): unknown {
  if (bytes.length === 0) return "";
  if (contentType.startsWith(mediaTypes.protobuf)) {
    const envelope = unwrap(bytes);
    return envelope.kind.endsWith("List") ? decodeList(envelope) : decodeObject(envelope);
  }
  const text = Buffer.from(bytes).toString("utf8");
  return contentType.startsWith(mediaTypes.json) ? JSON.parse(text) : text;
}

function decodeObject({ apiVersion, kind, raw }: Envelope): unknown {
  return protobufToJson(apiVersion, kind, raw);
}

/** As JSON has it: the items without the type that they share. */
function decodeList({ apiVersion, kind, raw }: Envelope): unknown {
  const { items, resourceVersion, continue: next, remainingItemCount } = splitList(raw);
  return {
    kind,
    apiVersion,
    metadata: {
      resourceVersion,
      ...(next !== "" && { continue: next }),
      ...(remainingItemCount !== undefined && { remainingItemCount }),
    },
    items: items.map((item) => {
      const { apiVersion: _, kind: __, ...rest } = protobufToJson(apiVersion, kind.slice(0, -"List".length), item);
      return rest;
    }),
  };
}

/** One event of a watch with its object in JSON form. */
export interface DecodedEvent {
  readonly type: string;
  readonly object: unknown;
}

/** Takes the pieces of a watch's body and gives its events. */
export function eventReader(contentType: string): (chunk: Uint8Array) => DecodedEvent[] {
  return contentType.startsWith(mediaTypes.protobuf) ? protobufEvents() : jsonEvents();
}

function protobufEvents(): (chunk: Uint8Array) => DecodedEvent[] {
  const splitter = new WatchFrameSplitter();
  return (chunk) => {
    const events: DecodedEvent[] = [];
    splitter.push(chunk, ({ type, apiVersion, kind, raw }) => {
      events.push({ type, object: protobufToJson(apiVersion, kind, raw) });
    });
    return events;
  };
}

/** One JSON text after the other; the real server ends each with a line end. */
function jsonEvents(): (chunk: Uint8Array) => DecodedEvent[] {
  let rest = "";
  const decoder = new TextDecoder();
  return (chunk) => {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as DecodedEvent);
  };
}
