import { CodecError } from "../codec-error.ts";
import { Cursor } from "../cursor.ts";
import { type Members, setMember } from "./json-object.ts";
import { quantityText } from "./quantity-text.ts";
import { kindPlan } from "./schema.ts";
import { type Instant, microTimeText, timeText } from "./time-text.ts";
import type { FieldPlan, TypePlan } from "./type-plan.ts";
import type { JsonObject } from "./typed-object.ts";
import { elementZero, fillAlways } from "./zero-value.ts";

/**
 * The JSON form of an object, exactly as Go's encoding/json writes it, from its protobuf without the envelope. Fields
 * that our protos do not name are dropped; int64 beyond 2^53 become the nearest double.
 * @throws CodecError `unknown-kind`, `truncated`, `malformed`
 */
export function protobufToJson(apiVersion: string, kind: string, raw: Uint8Array): JsonObject {
  const out: JsonObject = { kind, apiVersion };
  const plan = kindPlan(apiVersion, kind);
  readFields(new Cursor(raw), plan, out);
  fillAlways(plan, out);
  return out;
}

/** Reads fields up to the cursor's end into `out`. */
function readFields(cursor: Cursor, plan: TypePlan, out: Members): void {
  const { byNumber } = plan;
  for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
    const line = byNumber[tag >>> 3];
    if (line === undefined) cursor.skip(tag);
    else if ("inline" in line) {
      if (tag !== line.tag) throw wrongWireType(plan.name, tag);
      const end = enter(cursor);
      readFields(cursor, line.inline, out);
      cursor.end = end;
    } else if (tag === line.tag) readField(cursor, line, out);
    else if (line.list === true && line.tag === tag - 2) readPacked(cursor, line, out);
    else throw wrongWireType(`${plan.name}.${line.name}`, tag);
  }
}

function wrongWireType(where: string, tag: number): CodecError {
  return new CodecError("malformed", `wire type ${tag & 7} for ${where}`);
}

/** Moves the cursor's end to that of the message that begins here; returns the outer end. */
function enter(cursor: Cursor): number {
  const end = cursor.end;
  cursor.end = cursor.length() + cursor.pos;
  return end;
}

function readField(cursor: Cursor, field: FieldPlan, out: Members): void {
  const before = out[field.name];
  if (field.map === true) {
    const map = (before ?? {}) as Members;
    readEntry(cursor, field, map);
    out[field.name] = map;
  } else if (field.list === true) {
    const element = readElement(cursor, field, undefined);
    if (before === undefined) out[field.name] = [element];
    else (before as unknown[]).push(element);
  } else {
    const value = readElement(cursor, field, before);
    if (field.omitZero && isZero(value)) delete out[field.name];
    else out[field.name] = value;
  }
}

function isZero(value: unknown): boolean {
  return value === "" || value === 0 || value === false || value === null;
}

/** Go writes repeated numbers one by one, but accepts them packed. */
function readPacked(cursor: Cursor, field: FieldPlan, out: Members): void {
  const end = enter(cursor);
  while (cursor.pos < cursor.end) readField(cursor, field, out);
  cursor.end = end;
}

/** Reads a map entry: 1 key, 2 value. */
function readEntry(cursor: Cursor, field: FieldPlan, map: Members): void {
  const end = enter(cursor);
  let key = "";
  let value: unknown;
  for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
    if (tag === 0x0a) key = cursor.string();
    else if (tag === 0x12) value = field.list === true ? readItems(cursor) : readElement(cursor, field, value);
    else cursor.skip(tag);
  }
  cursor.end = end;
  if (value === undefined) value = field.list === true ? null : field.wireType === "bytes" ? "" : elementZero(field);
  setMember(map, key, value);
}

/** ExtraValue: a Go []string, which as the value of a map needs a message of its own. */
function readItems(cursor: Cursor): string[] | null {
  const end = enter(cursor);
  const items: string[] = [];
  for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
    if (tag === 0x0a) items.push(cursor.string());
    else cursor.skip(tag);
  }
  cursor.end = end;
  return items.length === 0 ? null : items;
}

/** Reads one value; a message is merged into `before`, which an earlier occurrence of it left. */
function readElement(cursor: Cursor, field: FieldPlan, before: unknown): unknown {
  switch (field.wireType) {
    case "string":
      return cursor.string();
    case "int32":
      return cursor.signed() | 0;
    case "int64":
      return cursor.signed();
    case "bool":
      return cursor.varint() !== 0;
    case "bytes":
      return cursor.bytes().toString("base64");
    case "object":
      return readObject(cursor, field, before);
    default:
      return readWrapped(cursor, field.wireType);
  }
}

function readObject(cursor: Cursor, field: FieldPlan, before: unknown): Members {
  const plan = field.message as TypePlan;
  const out = (before ?? { ...field.embeddedKind }) as Members;
  const end = enter(cursor);
  readFields(cursor, plan, out);
  cursor.end = end;
  return fillAlways(plan, out);
}

/** Reads a message that JSON shows as one value. */
function readWrapped(cursor: Cursor, wireType: FieldPlan["wireType"]): unknown {
  const end = enter(cursor);
  const value = readWrappedFields(cursor, wireType);
  cursor.end = end;
  return value;
}

function readWrappedFields(cursor: Cursor, wireType: FieldPlan["wireType"]): unknown {
  switch (wireType) {
    case "time":
      return cursor.pos === cursor.end ? null : timeText(readInstant(cursor).seconds);
    case "microtime":
      return cursor.pos === cursor.end ? null : microTimeText(carried(readInstant(cursor)));
    case "quantity":
      return quantityText(readFirst(cursor)?.toString("utf8") ?? "0");
    case "raw":
      return parseRaw(readFirst(cursor));
    default:
      return readIntOrString(cursor);
  }
}

function readInstant(cursor: Cursor): Instant {
  let seconds = 0;
  let nanos = 0;
  for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
    if (tag === 0x08) seconds = cursor.signed();
    else if (tag === 0x10) nanos = cursor.signed() | 0;
    else cursor.skip(tag);
  }
  return { seconds, nanos };
}

/** Go's time.Unix takes any count of nanoseconds and carries it over. */
function carried({ seconds, nanos }: Instant): Instant {
  const carry = Math.floor(nanos / 1_000_000_000);
  return { seconds: seconds + carry, nanos: nanos - carry * 1_000_000_000 };
}

/** The last occurrence of field 1 of type bytes or string. */
function readFirst(cursor: Cursor): Buffer | undefined {
  let value: Buffer | undefined;
  for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
    if (tag === 0x0a) value = cursor.bytes();
    else cursor.skip(tag);
  }
  return value;
}

function parseRaw(bytes: Buffer | undefined): unknown {
  if (bytes === undefined || bytes.length === 0) return null;
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw new CodecError("malformed", "a raw field holds no JSON", { cause });
  }
}

/** IntOrString: 1 type (0 number, 1 text), 2 number, 3 text. */
function readIntOrString(cursor: Cursor): number | string {
  let isText = false;
  let number = 0;
  let text = "";
  for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
    if (tag === 0x08) isText = cursor.varint() !== 0;
    else if (tag === 0x10) number = cursor.signed() | 0;
    else if (tag === 0x1a) text = cursor.string();
    else cursor.skip(tag);
  }
  return isText ? text : number;
}
