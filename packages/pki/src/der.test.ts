import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { element, oid, readElements, sequence, tag } from "./der.ts";

describe("der", () => {
  it("encodes object identifiers as X.690 §8.19", () => {
    expect(oid("1.2.840.10045.4.3.2").toString("hex")).toBe("06082a8648ce3d040302");
    expect(oid("2.5.29.17").toString("hex")).toBe("0603551d11");
  });

  it("reads back what it wrote, whatever the lengths", () => {
    const contents = fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 8 });
    fc.assert(
      fc.property(contents, (parts) => {
        const whole = sequence(...parts.map((part) => element(tag.octetString, part)));
        const [outer] = readElements(whole);
        expect(outer?.raw.equals(whole)).toBe(true);
        expect(readElements(outer!.contents).map((e) => [...e.contents])).toEqual(parts.map((part) => [...part]));
      }),
    );
  });

  it("refuses what is cut short", () => {
    const whole = sequence(element(tag.octetString, Buffer.alloc(300)));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: whole.length - 1 }), (length) => {
        expect(() => readElements(whole.subarray(0, length))).toThrow(/cut short/);
      }),
    );
  });
});
