import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wrap } from "./envelope.ts";
import { kinds } from "./kinds.ts";
import { schema } from "./schema.testing.ts";
import { type WatchFrame, WatchFrameSplitter, type WatchType } from "./watch-frames.ts";

const watchEvent = schema.lookupType("k8s.io.apimachinery.pkg.apis.meta.v1.WatchEvent");
const types: readonly WatchType[] = ["ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR"];

function frameOf(type: string, object: Uint8Array): Buffer {
  const event = watchEvent.encode(watchEvent.fromObject({ type, object: { raw: object } })).finish();
  const length = Buffer.alloc(4);
  length.writeUInt32BE(event.length);
  return Buffer.concat([length, event]);
}

const frames: fc.Arbitrary<WatchFrame> = fc.record({
  type: fc.constantFrom(...types),
  apiVersion: fc.constantFrom("v1", "coordination.k8s.io/v1"),
  kind: fc.constantFrom("Pod", "Lease"),
  raw: fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ minLength: 1000, maxLength: 5000 })).map(Buffer.from),
});

function chunksOf(body: Buffer, cuts: readonly number[]): Buffer[] {
  const ends = [...new Set(cuts.map((cut) => cut % (body.length + 1)))].sort((a, b) => a - b);
  const chunks: Buffer[] = [];
  let start = 0;
  for (const end of [...ends, body.length]) {
    chunks.push(body.subarray(start, end));
    start = end;
  }
  return chunks;
}

describe("WatchFrameSplitter", () => {
  test("finds the same frames however the body is cut", () => {
    fc.assert(
      fc.property(fc.array(frames, { maxLength: 8 }), fc.array(fc.nat(50_000), { maxLength: 40 }), (sent, cuts) => {
        const body = Buffer.concat(
          sent.map(({ type, apiVersion, kind, raw }) => frameOf(type, wrap(apiVersion, kind, raw))),
        );
        const splitter = new WatchFrameSplitter();
        const received: WatchFrame[] = [];
        for (const chunk of chunksOf(body, cuts)) splitter.push(chunk, (frame) => received.push(frame));
        expect(received).toEqual(sent);
        expect(splitter.pendingBytes).toBe(0);
      }),
    );
  });

  test("counts the bytes of an unfinished frame, byte by byte", () => {
    const body = frameOf("ADDED", wrap("v1", "Pod", kinds.Pod.encode({ metadata: { name: "web" } })));
    const splitter = new WatchFrameSplitter();
    let seen = 0;
    for (const [at, byte] of body.entries()) {
      expect(splitter.pendingBytes).toBe(at);
      splitter.push(Uint8Array.of(byte), () => seen++);
    }
    expect([seen, splitter.pendingBytes]).toEqual([1, 0]);
  });

  test("gives whole frames as views of the chunk", () => {
    const body = frameOf("ADDED", wrap("v1", "Pod", Buffer.from("0a00", "hex")));
    const views: boolean[] = [];
    new WatchFrameSplitter().push(body, ({ raw }) => views.push(raw.buffer === body.buffer));
    expect(views).toEqual([true]);
  });

  test("accepts chunks that are no Buffers", () => {
    const body = Uint8Array.from(frameOf("DELETED", wrap("v1", "Node", new Uint8Array(0))));
    const seen: string[] = [];
    new WatchFrameSplitter().push(body, ({ type, kind }) => seen.push(`${type} ${kind}`));
    expect(seen).toEqual(["DELETED Node"]);
  });

  test("refuses a frame above the limit at its length, before its bytes", () => {
    const splitter = new WatchFrameSplitter({ maxFrameBytes: 1000 });
    const tooLarge = expect.objectContaining({ code: "frame-too-large" });
    expect(() => splitter.push(Buffer.from("000003e9", "hex"), () => undefined)).toThrow(tooLarge);
    expect(() => new WatchFrameSplitter().push(Buffer.from("ffffffff", "hex"), () => undefined)).toThrow(tooLarge);
  });

  test.each([
    ["an unknown type", frameOf("RENAMED", wrap("v1", "Pod", new Uint8Array(0))), "malformed"],
    ["an object without envelope", frameOf("ADDED", Buffer.from("{}")), "not-an-envelope"],
    ["an empty frame", Buffer.alloc(4), "malformed"],
    ["a frame that ends inside a field", Buffer.from("000000020a05", "hex"), "truncated"],
  ])("refuses %s", (_name, body, code) => {
    expect(() => new WatchFrameSplitter().push(body, () => undefined)).toThrow(expect.objectContaining({ code }));
  });
});
