import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Kind } from "./codec.ts";
import { CodecError } from "./codec-error.ts";
import { findKind, kindFor, kinds } from "./kinds.ts";
import { messageOf, objectOf, schema } from "./schema.testing.ts";

const all: readonly (readonly [string, Kind<unknown>])[] = Object.entries(kinds);

function reflect(kind: Kind<unknown>, raw: Uint8Array): unknown {
  const type = messageOf(kind);
  return type.toObject(type.decode(raw), { longs: Number });
}

describe.each(all)("%s", (_name, kind) => {
  const type = messageOf(kind);
  const objects = objectOf(type);

  test("what was encoded is decoded, and protobufjs's reflection reads the same", () => {
    fc.assert(
      fc.property(objects, (object) => {
        const raw = kind.encode(object);
        expect(kind.decode(raw)).toEqual(object);
        expect(kind.encode(kind.decode(raw))).toEqual(raw);
        expect(reflect(kind, raw)).toEqual(object);
      }),
      { numRuns: 25 },
    );
  });

  test("what protobufjs's reflection encoded is decoded", () => {
    fc.assert(
      fc.property(objects, (object) => {
        const raw = type.encode(type.fromObject(object)).finish();
        expect(kind.decode(raw)).toEqual(object);
      }),
      { numRuns: 10 },
    );
  });

  test("is found by its apiVersion and kind", () => {
    expect(findKind(kind.apiVersion, kind.kind)).toBe(kind);
  });
});

describe("encode", () => {
  test("writes explicit zeros of set fields, and nothing for absent ones", () => {
    expect(kinds.DeleteOptions.encode({ gracePeriodSeconds: 0 })).toEqual(Buffer.from("0800", "hex"));
    expect(kinds.Deployment.encode({ spec: { replicas: 0 } })).toEqual(Buffer.from("12020800", "hex"));
    const status = { containerStatuses: [{ ready: false, restartCount: 0, started: false }] };
    expect(kinds.Pod.encode({ status })).toEqual(Buffer.from("1a084206200028004800", "hex"));
    expect(kinds.Pod.encode({})).toHaveLength(0);
  });

  test("writes the keys of maps in order", () => {
    const forward = kinds.ConfigMap.encode({ data: { a: "1", b: "2" } });
    expect(kinds.ConfigMap.encode({ data: { b: "2", a: "1" } })).toEqual(forward);
  });
});

describe("decode", () => {
  test("reads absent fields as undefined, also those that protobuf gives a default", () => {
    const { metadata, spec, status } = kinds.Pod.decode(Buffer.from("0a0412026964", "hex"));
    expect(metadata?.name).toBeUndefined();
    expect([spec, status]).toEqual([undefined, undefined]);
  });

  test("reads Go's zero time", () => {
    const raw = kinds.Pod.encode({ metadata: { creationTimestamp: { seconds: -62135596800, nanos: 0 } } });
    expect(kinds.Pod.decode(raw).metadata?.creationTimestamp).toEqual({ seconds: -62135596800, nanos: 0 });
  });

  test("merges a message that occurs twice", () => {
    const first = kinds.Pod.encode({ metadata: { name: "a", uid: "1" }, spec: { nodeName: "n" } });
    const second = kinds.Pod.encode({ metadata: { name: "b" } });
    expect(kinds.Pod.decode(Buffer.concat([first, second]))).toEqual({
      metadata: { name: "b", uid: "1" },
      spec: { nodeName: "n" },
    });
  });

  test("reads packed numbers too", () => {
    const packed = kinds.Pod.decode(Buffer.from("1206720422020102", "hex"));
    expect(packed.spec?.securityContext?.supplementalGroups).toEqual([1, 2]);
  });

  test("keeps a key named __proto__ as a key", () => {
    const data = Object.fromEntries([["__proto__", "x"]]);
    const decoded = kinds.ConfigMap.decode(kinds.ConfigMap.encode({ data }));
    expect(Object.entries(decoded.data ?? {})).toEqual([["__proto__", "x"]]);
  });

  test("gives bytes as views", () => {
    const raw = kinds.Secret.encode({ data: { token: Buffer.from("t0k3n") } });
    expect(kinds.Secret.decode(raw).data?.["token"]?.buffer).toBe(raw.buffer);
  });

  test("throws on bytes that are no such object, never anything but CodecError", () => {
    expect(() => kinds.Pod.decode(Buffer.from('{"kind":"Pod"}'))).toThrow(CodecError);
    const raw = kinds.Pod.encode({ metadata: { name: "web", labels: { app: "web" } }, spec: { nodeName: "n1" } });
    fc.assert(
      fc.property(fc.nat(raw.length - 1), fc.nat(255), (at, byte) => {
        const damaged = Uint8Array.from(raw).fill(byte, at, at + 1);
        try {
          kinds.Pod.decode(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(CodecError);
        }
      }),
    );
  });
});

test("an unknown kind is named in the error", () => {
  expect(() => kindFor("example.com/v1", "Widget")).toThrow(expect.objectContaining({ code: "unknown-kind" }));
});

test("every message of the protos serves a kind, the envelope or the watch", () => {
  const reached = new Set<string>();
  const visit = (type: ReturnType<typeof messageOf>): void => {
    if (reached.has(type.fullName)) return;
    reached.add(type.fullName);
    for (const field of type.fieldsArray) {
      if (field.resolvedType !== null && "fieldsArray" in field.resolvedType) visit(field.resolvedType);
    }
  };
  for (const [, kind] of all) visit(messageOf(kind));
  for (const name of ["runtime.Unknown", "apis.meta.v1.WatchEvent", "apis.meta.v1.ListMeta"]) {
    visit(schema.lookupType(`k8s.io.apimachinery.pkg.${name}`));
  }
  const unused: string[] = [];
  const check = (namespace: typeof schema.nestedArray): void => {
    for (const nested of namespace) {
      if ("fieldsArray" in nested && !reached.has(nested.fullName)) unused.push(nested.fullName);
      else if ("nestedArray" in nested) check(nested.nestedArray as typeof schema.nestedArray);
    }
  };
  check(schema.nestedArray);
  expect(unused).toEqual([]);
});
