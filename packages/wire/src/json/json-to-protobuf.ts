import { BackwardWriter } from "./backward-writer.ts";
import { base64Bytes } from "./base64.ts";
import { checkInteger, checkIntOrString, checkList, checkMembers, checkText, checkTimeText } from "./checks.ts";
import type { Members } from "./json-object.ts";
import { quantityFromJson } from "./quantity-text.ts";
import { rawText } from "./raw-text.ts";
import { kindPlan } from "./schema.ts";
import { parseMicroTime, parseTime, zeroTimeSeconds } from "./time-text.ts";
import { trail, typeFault } from "./type-fault.ts";
import type { FieldPlan, TypePlan } from "./type-plan.ts";
import type { TypedObject } from "./typed-object.ts";
import { elementZero } from "./zero-value.ts";

/** One for all: a conversion runs to its end before another starts. */
const writer = new BackwardWriter();

/**
 * The protobuf, without the envelope, of an object in its JSON form. Only members that are present and not null are
 * written; members that nobody knows are ignored.
 * @throws CodecError `unknown-kind`; `malformed`, in Go's words, for a value of the wrong type, with its path
 */
export function jsonToProtobuf(object: TypedObject): Uint8Array {
  const plan = kindPlan(object.apiVersion, object.kind);
  writer.reset();
  writeFields(plan, object as unknown as Members, 0);
  return writer.finish();
}

function writeFields(plan: TypePlan, object: Members, depth: number): void {
  const { wire } = plan;
  for (let at = wire.length - 1; at >= 0; at--) {
    const line = wire[at] as (typeof wire)[number];
    if ("inline" in line) {
      const before = writer.length;
      writeFields(line.inline, object, depth);
      if (writer.length > before) endMessage(before, line.tag);
      continue;
    }
    const value = object[line.name];
    if (value === undefined || value === null) continue;
    trail[depth] = line.trailName;
    writeField(plan, line, value, depth);
  }
}

/** Puts length and tag before what was written since `before`. */
function endMessage(before: number, tag: number): void {
  writer.varint(writer.length - before);
  writer.varint(tag);
}

function writeField(owner: TypePlan, field: FieldPlan, value: unknown, depth: number): void {
  if (field.map === true) writeMap(owner, field, checkMembers(owner, field, value, depth), depth);
  else if (field.list === true) {
    const list = checkList(owner, field, value, depth);
    for (let at = list.length - 1; at >= 0; at--) {
      writeElement(owner, field, list[at], depth);
      writer.varint(field.tag);
    }
  } else {
    writeElement(owner, field, value, depth);
    writer.varint(field.tag);
  }
}

/** Entries in the order of their keys, as Go writes them: 1 key, 2 value. */
function writeMap(owner: TypePlan, field: FieldPlan, map: Members, depth: number): void {
  const keys = Object.keys(map).sort();
  for (let at = keys.length - 1; at >= 0; at--) {
    const key = keys[at] as string;
    const before = writer.length;
    if (field.list === true) writeItems(owner, field, map[key], depth);
    else writeElement(owner, field, map[key], depth);
    writer.varint(0x12);
    writer.text(key);
    writer.varint(0x0a);
    endMessage(before, field.tag);
  }
}

/** ExtraValue: a Go []string, which as the value of a map needs a message of its own. */
function writeItems(owner: TypePlan, field: FieldPlan, value: unknown, depth: number): void {
  const before = writer.length;
  const list = value === null ? [] : checkList(owner, field, value, depth);
  for (let at = list.length - 1; at >= 0; at--) {
    writer.text(checkText(owner, field, list[at] ?? "", depth));
    writer.varint(0x0a);
  }
  writer.varint(writer.length - before);
}

/** Writes one value, lengths included, tag excluded. */
function writeElement(owner: TypePlan, field: FieldPlan, given: unknown, depth: number): void {
  const value = given === null ? elementZero(field) : given;
  switch (field.wireType) {
    case "string":
      writer.text(checkText(owner, field, value, depth));
      return;
    case "int32":
    case "int64":
      writer.varint(checkInteger(owner, field, value, depth));
      return;
    case "bool":
      if (typeof value !== "boolean") throw typeFault(owner, depth, field.goType, value);
      writer.varint(value ? 1 : 0);
      return;
    case "bytes":
      writer.bytes(base64Bytes(checkText(owner, field, value ?? "", depth)));
      return;
    case "object": {
      const before = writer.length;
      writeFields(field.message as TypePlan, checkMembers(owner, field, value, depth), depth + 1);
      writer.varint(writer.length - before);
      return;
    }
    default: {
      const before = writer.length;
      if (value !== null) writeWrapped(owner, field, value, depth);
      writer.varint(writer.length - before);
    }
  }
}

/** Writes the fields of a message that JSON shows as one value, from the last to the first. */
function writeWrapped(owner: TypePlan, field: FieldPlan, value: unknown, depth: number): void {
  switch (field.wireType) {
    case "time":
      writeInstant(parseTime(checkTimeText(owner, value, depth)), 0);
      return;
    case "microtime": {
      const { seconds, nanos } = parseMicroTime(checkTimeText(owner, value, depth));
      writeInstant(seconds, nanos);
      return;
    }
    case "quantity":
      writer.text(quantityFromJson(value));
      writer.varint(0x0a);
      return;
    case "raw":
      writer.bytes(Buffer.from(rawText(value)));
      writer.varint(0x0a);
      return;
    default:
      writeIntOrString(checkIntOrString(owner, value, depth));
  }
}

function writeInstant(seconds: number, nanos: number): void {
  if (seconds === zeroTimeSeconds && nanos === 0) return;
  writer.varint(nanos);
  writer.varint(0x10);
  writer.varint(seconds);
  writer.varint(0x08);
}

function writeIntOrString(value: number | string): void {
  const isText = typeof value === "string";
  if (isText) writer.text(value);
  else writer.varint(value);
  writer.varint(isText ? 0x1a : 0x10);
  writer.varint(isText ? 1 : 0);
  writer.varint(0x08);
}
