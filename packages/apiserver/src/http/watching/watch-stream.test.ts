import { ManualClock } from "@hollowfleet/core";
import { describe, expect, it } from "vitest";
import type { WatchEvent } from "../../verbs/api.ts";
import type { BodyStream } from "../transport/exchange.ts";
import type { Pacing } from "./pacing.ts";
import { WatchStream } from "./watch-stream.ts";

/** A client that reads only when told to. */
class Reader implements BodyStream {
  readonly received: string[] = [];
  bufferedBytes = 0;
  ended = false;

  write(chunk: Uint8Array): void {
    this.received.push(Buffer.from(chunk).toString());
    this.bufferedBytes += chunk.length;
  }

  end(): void {
    this.ended = true;
  }

  read(): void {
    this.bufferedBytes = 0;
  }
}

function event(name: string): WatchEvent {
  return { type: "ADDED", object: { apiVersion: "v1", kind: "Pod", metadata: { name } } };
}

function start(pacing: Pacing = { kind: "none" }, maxBufferBytes = 10) {
  const clock = new ManualClock();
  const reader = new Reader();
  const frames: number[] = [];
  const stream = new WatchStream({
    encode: ({ object }) =>
      Buffer.from("metadata" in object && "name" in object.metadata ? object.metadata.name! : "?"),
    clock,
    pacing,
    maxBufferBytes,
    onFrame: (bytes) => frames.push(bytes),
  });
  return { clock, reader, stream, frames };
}

describe("WatchStream", () => {
  it("keeps what comes before the head is sent, its end included", () => {
    const { reader, stream } = start();
    stream.event(event("a"));
    stream.event(event("b"));
    stream.end();
    expect(reader.received).toEqual([]);
    stream.begin(reader);
    expect(reader.received).toEqual(["a", "b"]);
    expect(reader.ended).toBe(true);
  });

  it("writes at once, counts frames, and ends", () => {
    const { reader, stream, frames } = start();
    stream.begin(reader);
    expect(stream.event(event("abc"))).toBe(true);
    expect(reader.received).toEqual(["abc"]);
    expect(frames).toEqual([3]);
    stream.end();
    expect(reader.ended).toBe(true);
  });

  it("refuses what is more than a slow reader's buffer, but never a single frame", () => {
    const { reader, stream } = start();
    stream.begin(reader);
    expect(stream.event(event("a".repeat(50)))).toBe(true);
    expect(stream.event(event("b"))).toBe(false);
    reader.read();
    expect(stream.event(event("c".repeat(10)))).toBe(true);
    expect(stream.event(event("d"))).toBe(false);
  });

  it("does not count the initial events until they have been read", () => {
    const { reader, stream } = start();
    for (let i = 0; i < 10; i++) stream.event(event("initial"));
    stream.begin(reader);
    expect(stream.event(event("abc"))).toBe(true);
    expect(stream.event(event("defghijklmn"))).toBe(false);
    reader.read();
    expect(stream.event(event("abcdefgh"))).toBe(true);
    expect(stream.event(event("abcdefgh"))).toBe(false);
  });

  it("holds each event back for as long as a slow watch does", () => {
    const { clock, reader, stream } = start({ kind: "slow", eventDelayMs: 100 });
    stream.begin(reader);
    stream.event(event("a"));
    clock.advance(60);
    stream.event(event("b"));
    expect(reader.received).toEqual([]);
    clock.advance(40);
    expect(reader.received).toEqual(["a"]);
    stream.end();
    clock.advance(60);
    expect(reader.received).toEqual(["a", "b"]);
    expect(reader.ended).toBe(false);
    clock.advance(40);
    expect(reader.ended).toBe(true);
  });

  it("holds everything back while it is stalled, and keeps the order", () => {
    const { clock, reader, stream } = start({ kind: "stalled", afterMs: 100, forMs: 200 }, 1000);
    stream.begin(reader);
    stream.event(event("a"));
    clock.advance(150);
    stream.event(event("b"));
    clock.advance(100);
    stream.event(event("c"));
    expect(reader.received).toEqual(["a"]);
    clock.advance(50);
    expect(reader.received).toEqual(["a", "b", "c"]);
    stream.event(event("d"));
    expect(reader.received).toEqual(["a", "b", "c", "d"]);
  });

  it("counts what it holds back as unread", () => {
    const { reader, stream } = start({ kind: "slow", eventDelayMs: 100 });
    stream.begin(reader);
    expect(stream.event(event("abcdef"))).toBe(true);
    expect(stream.event(event("abcdef"))).toBe(false);
  });

  it("leaves no timer behind when it is dropped", () => {
    const { clock, reader, stream } = start({ kind: "slow", eventDelayMs: 100 });
    stream.begin(reader);
    stream.event(event("a"));
    stream.drop();
    expect(clock.pendingTimers).toBe(0);
    clock.advance(200);
    expect(reader.received).toEqual([]);
  });
});
