import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import protobuf from "protobufjs";
import type { Kind } from "./codec.ts";

const protosFolder = fileURLToPath(new URL("../../../protos/", import.meta.url));

/** The protos by protobufjs's own reflection, which shares nothing with the generated code. */
export const schema: protobuf.Root = loadSchema();

function loadSchema(): protobuf.Root {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => join(protosFolder, target);
  const files = readdirSync(protosFolder).filter((name) => name.endsWith(".proto"));
  root.loadSync(files, { keepCase: true }).resolveAll();
  return root;
}

const metaKinds = new Set(["Status", "DeleteOptions", "PartialObjectMetadata"]);

/** The message of a kind, found by its apiVersion alone. */
export function messageOf({ apiVersion, kind }: Kind<unknown>): protobuf.Type {
  const group = apiVersion.includes("/") ? apiVersion.replace(/[./].*/, "") : "core";
  const packageName = metaKinds.has(kind) ? "k8s.io.apimachinery.pkg.apis.meta.v1" : `k8s.io.api.${group}.v1`;
  return schema.lookupType(`${packageName}.${kind}`);
}

const scalars: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  string: fc.oneof(fc.constant(""), fc.string({ maxLength: 12, unit: "grapheme" })),
  bytes: fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
  bool: fc.boolean(),
  int32: fc.oneof(fc.constant(0), fc.integer()),
  int64: fc.oneof(fc.constant(0), fc.constant(-62135596800), fc.maxSafeInteger()),
};

const byMessage = new Map<protobuf.Type, fc.Arbitrary<object>>();

/** Any object of the message: every field may be absent, zero or set; lists and maps, where present, are not empty. */
export function objectOf(type: protobuf.Type): fc.Arbitrary<object> {
  const known = byMessage.get(type);
  if (known !== undefined) return known;
  const fields: Record<string, fc.Arbitrary<unknown>> = {};
  for (const field of type.fieldsArray) fields[field.name] = fieldOf(field);
  const arbitrary = fc.record(fields).map(withoutAbsent);
  byMessage.set(type, arbitrary);
  return arbitrary;
}

function withoutAbsent(object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

function fieldOf(field: protobuf.Field): fc.Arbitrary<unknown> {
  const nested = field.resolvedType instanceof protobuf.Type ? field.resolvedType : undefined;
  const value = nested === undefined ? scalarOf(field) : objectOf(nested);
  const present = field.map
    ? fc.dictionary(fc.string({ maxLength: 8 }), value, { minKeys: 1, maxKeys: 2, noNullPrototype: true })
    : field.repeated
      ? fc.array(value, { minLength: 1, maxLength: 2 })
      : value;
  // Messages seldom, or a Pod would fill pages.
  return fc.oneof({ weight: nested ? 2 : 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: present });
}

function scalarOf(field: protobuf.Field): fc.Arbitrary<unknown> {
  const arbitrary = scalars[field.type];
  if (arbitrary === undefined) throw new Error(`no arbitrary for ${field.fullName}, a ${field.type}`);
  return arbitrary;
}

/** One protobuf field as it stands on the wire. */
export interface WireField {
  readonly number: number;
  readonly wire: 0 | 1 | 2 | 5;
  /** The value: a varint, 8 or 4 bytes, or the content without its length. */
  readonly content: Uint8Array;
}

/** The bytes of a message made of these fields, by protobufjs's writer. */
export function encodeFields(fields: readonly WireField[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (const { number, wire, content } of fields) {
    const header = protobuf.Writer.create().uint32(((number << 3) | wire) >>> 0);
    if (wire === 2) header.uint32(content.length);
    pieces.push(header.finish(), content);
  }
  return Buffer.concat(pieces);
}

/** Bytes of an unsigned varint, by protobufjs's writer. */
export function varintOf(value: number): Uint8Array {
  return protobuf.Writer.create().uint64(value).finish();
}

const contents = {
  0: fc.nat(Number.MAX_SAFE_INTEGER).map(varintOf),
  1: fc.uint8Array({ minLength: 8, maxLength: 8 }),
  2: fc.uint8Array({ maxLength: 300 }),
  5: fc.uint8Array({ minLength: 4, maxLength: 4 }),
};

/** A field that nobody knows, with a number drawn from `numbers`. */
export function unknownField(numbers: fc.Arbitrary<number>): fc.Arbitrary<WireField> {
  const wires = fc.constantFrom<WireField["wire"]>(0, 1, 2, 5);
  return fc
    .tuple(numbers, wires)
    .chain(([number, wire]) => contents[wire].map((content) => ({ number, wire, content })));
}
