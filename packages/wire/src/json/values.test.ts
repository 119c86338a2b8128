import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CodecError } from "../codec-error.ts";
import { parseQuantity } from "../quantity.ts";
import { BackwardWriter } from "./backward-writer.ts";
import { base64Bytes } from "./base64.ts";
import { quantityFromJson, quantityText } from "./quantity-text.ts";
import { microTimeText, parseMicroTime, parseTime, timeText } from "./time-text.ts";

describe("times", () => {
  test.each<[string, string | null]>([
    ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"],
    ["2026-01-02T03:04:05.9+05:30", "2026-01-01T21:34:05Z"],
    ["2024-02-29T23:59:59,5-01:00", "2024-03-01T00:59:59Z"],
    ["1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"],
    ["0001-01-01T00:00:00Z", null],
  ])("%s is written as %s", (text, written) => {
    expect(timeText(parseTime(text))).toBe(written);
  });

  test.each<[string, string]>([
    ["", 'parsing time "" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "2006"'],
    [
      "2026-1-02T03:04:05Z",
      'parsing time "2026-1-02T03:04:05Z" as "2006-01-02T15:04:05Z07:00": cannot parse "1-02T03:04:05Z" as "01"',
    ],
    [
      "2026-01-02t03:04:05Z",
      'parsing time "2026-01-02t03:04:05Z" as "2006-01-02T15:04:05Z07:00": cannot parse "t03:04:05Z" as "T"',
    ],
    ["2026-13-02T03:04:05Z", 'parsing time "2026-13-02T03:04:05Z": month out of range'],
    ["2026-02-30T03:04:05Z", 'parsing time "2026-02-30T03:04:05Z": day out of range'],
    ["2026-02-03T24:04:05Z", 'parsing time "2026-02-03T24:04:05Z": hour out of range'],
    ["2026-02-03T04:04:05Z.", 'parsing time "2026-02-03T04:04:05Z.": extra text: "."'],
  ])("%s is refused as Go does", (text, message) => {
    expect(() => parseTime(text)).toThrow(new CodecError("malformed", message));
  });

  test("microtimes have six decimals, no more and no less", () => {
    expect(microTimeText(parseMicroTime("2026-01-02T03:04:05.000001+01:00"))).toBe("2026-01-02T02:04:05.000001Z");
    expect(microTimeText(parseMicroTime("0001-01-01T00:00:00.000000Z"))).toBeNull();
    for (const text of ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.12Z", "2026-01-02T03:04:05.1234567Z"]) {
      expect(() => parseMicroTime(text)).toThrow(CodecError);
    }
  });

  test("a time beyond four digits of a year is refused", () => {
    expect(() => timeText(253402300800)).toThrow(CodecError);
    expect(() => timeText(Number.MAX_SAFE_INTEGER)).toThrow(CodecError);
  });
});

describe("quantities", () => {
  test.each<[unknown, string]>([
    ["1.5", "1500m"],
    ["1.500", "1.500"],
    ["+1", "+1"],
    ["1000m", "1"],
    ["1024Mi", "1Gi"],
    ["1025Mi", "1025Mi"],
    ["0.5Mi", "512Ki"],
    ["1E3", "1E3"],
    ["10000e-3", "10"],
    [" 5 ", "5"],
    [2, "2"],
    [0.25, "250m"],
  ])("%j is written as %s", (given, written) => {
    expect(quantityFromJson(given)).toBe(written);
  });

  test.each([
    ["", "regular expression"],
    ["much", "regular expression"],
    ["1Q", "regular expression"],
    ["1Kii", "suffix"],
  ])("%j is refused", (text, why) => {
    expect(() => quantityText(text)).toThrow(why);
    expect(() => quantityFromJson([text])).toThrow(CodecError);
  });

  test("writing changes the text, never the value, and only once", () => {
    const texts = fc
      .tuple(
        fc.nat(),
        fc.constantFrom("", ".5", ".125"),
        fc.constantFrom("n", "u", "m", "", "k", "M", "Ki", "Mi", "Gi", "e6"),
      )
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(texts, (text) => {
        const written = quantityText(text);
        expect(parseQuantity(written).nanos).toBe(parseQuantity(text).nanos);
        expect(quantityText(written)).toBe(written);
      }),
    );
  });
});

describe("base64", () => {
  test("is read as Go reads it", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(base64Bytes(Buffer.from(bytes).toString("base64"))).toEqual(Buffer.from(bytes));
      }),
    );
    expect(base64Bytes("YW\r\nJj").toString()).toBe("abc");
  });

  test.each([
    ["%", 0],
    ["YWJj-w==", 4],
    ["YWJ", 0],
    ["YW=j", 2],
    ["=", 0],
    ["YWJjY", 4],
  ])("%j is refused", (text, at) => {
    expect(() => base64Bytes(text)).toThrow(new CodecError("malformed", `illegal base64 data at input byte ${at}`));
  });
});

describe("BackwardWriter", () => {
  test("writes varints and text of any size", () => {
    const writer = new BackwardWriter();
    const texts = ["", "a", "ü€", "x".repeat(200), "y".repeat(100_000)];
    for (const text of texts) writer.text(text);
    writer.varint(-1);
    writer.varint(2 ** 53);
    writer.varint(300);
    const out = writer.finish();
    expect(out.subarray(0, 20).toString("hex")).toBe("ac02" + "8080808080808010" + "ffffffffffffffffff01");
    expect(out.subarray(20, 23).toString("hex")).toBe("a08d06");
    expect(out.subarray(-9).toString("hex")).toBe("05c3bce282ac016100");
    writer.reset();
    expect(writer.finish()).toHaveLength(0);
  });
});
