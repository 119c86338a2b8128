import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isEnvelope, unwrap, wrap } from "./envelope.ts";
import { kinds } from "./kinds.ts";
import { encodeFields, messageOf, schema, unknownField } from "./schema.testing.ts";
import { microTimeFromMs } from "./time.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

// kubelet-wire §9.3: what Go writes, and the same without the two empty trailing fields.
const vectors = [
  {
    kind: kinds.DeleteOptions,
    object: { gracePeriodSeconds: 0, preconditions: { uid: "u1" } },
    apiVersion: "v1",
    bytes: "6b387300 0a13 0a027631 120d44656c6574654f7074696f6e73 1208 0800 1204 0a027531",
  },
  {
    kind: kinds.Lease,
    object: {
      metadata: { name: "n1", namespace: "kube-node-lease" },
      spec: { holderIdentity: "n1", leaseDurationSeconds: 40, renewTime: microTimeFromMs(1700000000123.456) },
    },
    apiVersion: "coordination.k8s.io/v1",
    bytes:
      "6b387300 0a1f 0a16636f6f7264696e6174696f6e2e6b38732e696f2f7631 12054c65617365 122c " +
      "0a15 0a026e31 1a0f6b7562652d6e6f64652d6c65617365 1213 0a026e31 1028 220b 0880e2cfaa06 108094ef3a",
  },
];

describe.each(vectors)("the vector of $apiVersion", ({ kind, object, apiVersion, bytes }) => {
  const full = hex(`${bytes} 1a00 2200`);

  test("is what wrap writes", () => {
    expect(wrap(kind.apiVersion, kind.kind, kind.encode(object))).toEqual(full);
  });

  test.each([
    ["whole", full],
    ["without the empty fields", hex(bytes)],
  ])("is read, %s", (_name, body) => {
    const envelope = unwrap(body);
    expect(envelope).toMatchObject({ apiVersion, kind: kind.kind });
    expect(kind.decode(envelope.raw)).toEqual(object);
    expect(envelope.raw.buffer).toBe(body.buffer);
  });
});

describe("unwrap", () => {
  const texts = fc.string({ maxLength: 200, unit: "grapheme" });

  test("is the inverse of wrap, and protobufjs's reflection reads the same", () => {
    const unknown = schema.lookupType("k8s.io.apimachinery.pkg.runtime.Unknown");
    fc.assert(
      fc.property(texts, texts, fc.uint8Array({ maxLength: 20_000 }), (apiVersion, kind, raw) => {
        const bytes = wrap(apiVersion, kind, raw);
        const envelope = unwrap(bytes);
        expect([envelope.apiVersion, envelope.kind]).toEqual([apiVersion, kind]);
        expect(Buffer.compare(envelope.raw, raw)).toBe(0);
        const reflected = unknown.toObject(unknown.decode(bytes.subarray(4)));
        expect(reflected).toMatchObject({ typeMeta: { apiVersion, kind }, contentEncoding: "", contentType: "" });
        expect(Buffer.compare(reflected["raw"], raw)).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  test("passes fields that it does not know", () => {
    const fields = fc.array(unknownField(fc.integer({ min: 5, max: 1000 })), { maxLength: 5 });
    fc.assert(
      fc.property(fields, fields, (before, after) => {
        const bytes = wrap("v1", "Pod", hex("0a00"));
        const wide = Buffer.concat([
          bytes.subarray(0, 4),
          encodeFields(before),
          bytes.subarray(4),
          encodeFields(after),
        ]);
        expect(unwrap(wide)).toEqual({ apiVersion: "v1", kind: "Pod", raw: hex("0a00") });
      }),
    );
  });

  test("refuses every cut inside a field", () => {
    const bytes = wrap("v1", "Pod", kinds.Pod.encode({ metadata: { name: "web" } }));
    const fieldEnds = [4, 4 + 2 + 9, bytes.length - 4, bytes.length - 2, bytes.length];
    for (let length = 4; length <= bytes.length; length++) {
      const cut = bytes.subarray(0, length);
      if (fieldEnds.includes(length)) unwrap(cut);
      else expect(() => unwrap(cut), String(length)).toThrow(expect.objectContaining({ code: "truncated" }));
    }
  });

  test("tells JSON from an envelope", () => {
    expect(isEnvelope(Buffer.from('{"kind":"Status"}'))).toBe(false);
    expect(() => unwrap(Buffer.from("{}"))).toThrow(expect.objectContaining({ code: "not-an-envelope" }));
    expect(() => unwrap(new Uint8Array(0))).toThrow(expect.objectContaining({ code: "not-an-envelope" }));
  });
});

test("kinds keep the names of their messages", () => {
  for (const kind of Object.values(kinds)) expect(messageOf(kind).name).toBe(kind.kind);
});
