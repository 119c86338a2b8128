import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventCorrelator } from "./event-correlator.ts";
import type { EventTarget, Occurrence } from "./event-target.ts";
import { textHash } from "./text-hash.ts";

const pod: EventTarget = { kind: "Pod", apiVersion: "v1", namespace: "ns", name: "p", uid: "u1" };

function occurrence(message: string, atMs: number, target = pod): Occurrence {
  return { target, type: "Normal", reason: "Pulled", message, atMs };
}

function correlate(correlator: EventCorrelator, message: string, atMs = 0, target = pod): string {
  const got = correlator.correlate(occurrence(message, atMs, target), () => "s");
  return got.kind === "spam" ? "spam" : `${got.kind} ${got.entry.count} ${got.message}`;
}

describe("EventCorrelator", () => {
  it("counts the same event up", () => {
    const correlator = new EventCorrelator();
    expect(correlate(correlator, "m")).toBe("create 1 m");
    expect(correlate(correlator, "m")).toBe("repeat 2 m");
    expect(correlate(correlator, "other")).toBe("create 1 other");
    expect(correlate(correlator, "m")).toBe("repeat 3 m");
  });

  it("counts on when the object has a new resource version, and apart for another container or pod", () => {
    const correlator = new EventCorrelator();
    correlate(correlator, "m", 0, { ...pod, resourceVersion: "1" });
    expect(correlate(correlator, "m", 0, { ...pod, resourceVersion: "2" })).toBe("repeat 2 m");
    expect(correlate(correlator, "m", 0, { ...pod, fieldPath: "spec.containers{b}" })).toBe("create 1 m");
    expect(correlate(correlator, "m", 0, { ...pod, uid: "u2" })).toBe("create 1 m");
  });

  it("folds the tenth of similar events, and those after it, into one", () => {
    const correlator = new EventCorrelator();
    const seen = Array.from({ length: 12 }, (_, i) => correlate(correlator, `sandbox ${i}`, i * 12_000));
    expect(seen.slice(0, 9).every((text) => text.startsWith("create 1 sandbox"))).toBe(true);
    expect(seen.slice(9)).toEqual([
      "create 1 (combined from similar events): sandbox 9",
      "repeat 2 (combined from similar events): sandbox 10",
      "repeat 3 (combined from similar events): sandbox 11",
    ]);
  });

  it("forgets similar events after ten quiet minutes", () => {
    const correlator = new EventCorrelator();
    for (let i = 0; i < 9; i++) correlate(correlator, `sandbox ${i}`);
    expect(correlate(correlator, "sandbox 9", 601_000)).toBe("create 1 sandbox 9");
  });

  it("drops beyond 25 per object, then one per 5 min", () => {
    const correlator = new EventCorrelator();
    for (let i = 0; i < 25; i++) expect(correlate(correlator, "m")).not.toBe("spam");
    expect(correlate(correlator, "m")).toBe("spam");
    expect(correlate(correlator, "m", 0, { ...pod, name: "q" })).toBe("create 1 m");
    expect(correlate(correlator, "m", 299_000)).toBe("spam");
    expect(correlate(correlator, "m", 301_000)).toBe("repeat 28 m");
  });

  it("sends a count for every burst of one object, and never more than 25 at once", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(15), { maxLength: 80 }), (messages) => {
        const correlator = new EventCorrelator();
        const sent = messages.map((m) => correlate(correlator, `m${m}`)).filter((text) => text !== "spam");
        expect(sent.length).toBe(Math.min(25, messages.length));
      }),
    );
  });
});

it("textHash tells texts apart, and where one ends", () => {
  const seen = new Set<number>();
  for (let i = 0; i < 20_000; i++) seen.add(textHash("node", String(i)));
  expect(seen.size).toBe(20_000);
  expect(textHash("a", "bc")).not.toBe(textHash("ab", "c"));
  fc.assert(fc.property(fc.string(), (text) => Number.isSafeInteger(textHash(text))));
});
