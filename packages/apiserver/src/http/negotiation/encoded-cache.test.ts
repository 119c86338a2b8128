import { expect, it } from "vitest";
import { EncodedCache } from "./encoded-cache.ts";

function counting(): { encode: () => Uint8Array; calls: () => number } {
  let calls = 0;
  return {
    encode: () => {
      calls += 1;
      return new Uint8Array(10);
    },
    calls: () => calls,
  };
}

it("encodes an object once in each form", () => {
  const cache = new EncodedCache(1000);
  const object = {};
  const { encode, calls } = counting();
  const first = cache.encoded(object, "json", encode);
  expect(cache.encoded(object, "json", encode)).toBe(first);
  expect(calls()).toBe(1);
  expect(cache.encoded(object, "protobuf", encode)).not.toBe(first);
  expect(cache.encoded({}, "json", encode)).not.toBe(first);
  expect(calls()).toBe(3);
});

it("keeps what is asked for again, and drops the rest, when it is full", () => {
  const cache = new EncodedCache(100);
  const wanted = {};
  const forgotten = {};
  const { encode, calls } = counting();
  cache.encoded(forgotten, "json", encode);
  for (let i = 0; i < 20; i++) {
    cache.encoded(wanted, "json", encode);
    cache.encoded({}, "json", encode);
  }
  const before = calls();
  cache.encoded(wanted, "json", encode);
  expect(calls()).toBe(before);
  cache.encoded(forgotten, "json", encode);
  expect(calls()).toBe(before + 1);
});
