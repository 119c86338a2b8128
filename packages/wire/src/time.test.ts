import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { microTimeFromMs, microTimeToJson, timeFromJson, timeFromMs, timeToJson, timeToMs } from "./time.ts";

const newYear = Date.UTC(2026, 0, 2, 3, 4, 5);

test("a Time has whole seconds, cut", () => {
  expect(timeFromMs(newYear + 999)).toEqual({ seconds: newYear / 1000 });
  expect(timeFromMs(-1)).toEqual({ seconds: -1 });
});

test("a MicroTime has whole microseconds", () => {
  expect(microTimeFromMs(1700000000123.456)).toEqual({ seconds: 1700000000, nanos: 123456000 });
  expect(microTimeFromMs(-0.5)).toEqual({ seconds: -1, nanos: 999500000 });
  expect(microTimeFromMs(1999.9999)).toEqual({ seconds: 2, nanos: 0 });
});

test("JSON is what the server prints", () => {
  expect(timeToJson(timeFromMs(newYear + 999))).toBe("2026-01-02T03:04:05Z");
  expect(microTimeToJson(microTimeFromMs(newYear + 0.25))).toBe("2026-01-02T03:04:05.000250Z");
});

describe("the zero time", () => {
  const zeros = [
    undefined,
    {},
    { seconds: 0, nanos: 0 },
    { seconds: -62135596800 },
    { seconds: -62135596800, nanos: 0 },
  ];

  test.each(zeros)("%j has no milliseconds and is null in JSON", (zero) => {
    expect([timeToMs(zero), timeToJson(zero), microTimeToJson(zero)]).toEqual([undefined, null, null]);
  });

  test("is an empty message from JSON", () => {
    expect(timeFromJson(null)).toEqual({});
  });
});

test("milliseconds, protobuf and JSON are one another's inverse to the microsecond", () => {
  const microseconds = fc.integer({ min: 1, max: Date.UTC(2100, 0) * 1000 });
  fc.assert(
    fc.property(microseconds, (us) => {
      const time = microTimeFromMs(us / 1000);
      expect(timeToMs(time)).toBeCloseTo(us / 1000, 3);
      expect(timeFromJson(microTimeToJson(time))).toEqual(time);
    }),
  );
});

test.each([
  ["2026-01-02T03:04:05Z", { seconds: newYear / 1000 }],
  ["2026-01-02T03:04:05.5Z", { seconds: newYear / 1000, nanos: 500000000 }],
  ["2026-01-02t04:04:05.123456789+01:00", { seconds: newYear / 1000, nanos: 123456789 }],
])("%s is read", (text, time) => {
  expect(timeFromJson(text)).toEqual(time);
});

test.each(["", "now", "2026-01-02", "2026-01-02T03:04:05", "2026-13-02T03:04:05Z"])("%j is refused", (text) => {
  expect(() => timeFromJson(text)).toThrow(expect.objectContaining({ code: "malformed" }));
});
