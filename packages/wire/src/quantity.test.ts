import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  parseQuantity,
  type QuantityValue,
  quantityToNumber,
} from "./quantity.ts";

// Text, canonical form and value, as resource.ParseQuantity and CanonicalizeBytes of apimachinery 0.36.3 give them.
const table: readonly (readonly [string, string, number])[] = [
  ["0", "0", 0],
  ["0m", "0", 0],
  ["-0", "0", 0],
  ["0Ki", "0", 0],
  ["+1", "1", 1],
  ["007", "7", 7],
  ["100m", "100m", 0.1],
  ["0.1", "100m", 0.1],
  ["0.10", "100m", 0.1],
  ["0.25", "250m", 0.25],
  [".5", "500m", 0.5],
  ["5.", "5", 5],
  ["1.5", "1500m", 1.5],
  ["1000m", "1", 1],
  ["1000", "1k", 1000],
  ["1500", "1500", 1500],
  ["12345", "12345", 12345],
  ["123456789m", "123456789m", 123456.789],
  ["1e3", "1e3", 1000],
  ["1E3", "1e3", 1000],
  ["2e-3", "2e-3", 0.002],
  ["15e8", "1500e6", 1.5e9],
  ["1.5e9", "1500e6", 1.5e9],
  ["123e4", "1230e3", 1.23e6],
  ["1e0", "1", 1],
  ["5e1", "50", 50],
  ["1e21", "1e21", 1e21],
  ["3.5e-9", "4e-9", 4e-9],
  ["1e-10", "1e-9", 1e-9],
  ["1000k", "1M", 1e6],
  ["0.5k", "500", 500],
  ["1P", "1P", 1e15],
  ["9E", "9E", 9e18],
  ["10E", "10E", 1e19],
  ["100u", "100u", 1e-4],
  ["0.1n", "1n", 1e-9],
  ["1.00000000000001", "1000000001n", 1.000000001],
  ["-1.5", "-1500m", -1.5],
  ["-0.0000000001", "-1n", -1e-9],
  ["1Ki", "1Ki", 1024],
  ["0.5Ki", "512", 512],
  ["1.5Ki", "1536", 1536],
  ["0.3Ki", "307200m", 307.2],
  ["1024Ki", "1Mi", 1048576],
  ["1023", "1023", 1023],
  ["1024", "1024", 1024],
  ["3840Mi", "3840Mi", 4026531840],
  ["4096Mi", "4Gi", 4294967296],
  ["1.5Gi", "1536Mi", 1610612736],
  ["16384Mi", "16Gi", 17179869184],
  ["1025Ki", "1025Ki", 1049600],
  ["0.0001Gi", "107374182400u", 107374.1824],
  ["32986188Ki", "32986188Ki", 33777856512],
  ["1Ei", "1Ei", 2 ** 60],
  ["8Ei", "9223372036854775807", 2 ** 63],
  ["9223372036854775808", "9223372036854775808", 2 ** 63],
  ["-1536Ki", "-1536Ki", -1572864],
  ["-0.5Ki", "-512", -512],
];

test.each(table)("%s is %s", (text, canonical, value) => {
  const quantity = parseQuantity(text);
  expect(formatQuantity(quantity)).toBe(canonical);
  expect(quantityToNumber(quantity)).toBeCloseTo(value, 12);
  expect(compareQuantities(parseQuantity(canonical), quantity)).toBe(0);
});

const refused = [
  "",
  " 1",
  "1 ",
  "a",
  "1K",
  "1ki",
  "1.1.1",
  "--1",
  "1e",
  "1e1.5",
  "1mi",
  "1Mi1",
  ".",
  "-",
  "Ki",
  "0x10",
];

test.each(refused)("%j is refused", (text) => {
  expect(() => parseQuantity(text)).toThrow(expect.objectContaining({ code: "malformed" }));
});

describe("for every quantity", () => {
  const quantities: fc.Arbitrary<QuantityValue> = fc.record({
    nanos: fc.bigInt({ min: -(2n ** 62n) * 1_000_000_000n, max: 2n ** 62n * 1_000_000_000n }),
    format: fc.constantFrom("DecimalSI", "BinarySI", "DecimalExponent"),
  });
  const round = quantities.map(({ nanos, format }) => ({ nanos: (nanos / 2n ** 40n) * 2n ** 40n, format }));

  test("the canonical form keeps the value and has no shorter one", () => {
    fc.assert(
      fc.property(fc.oneof(quantities, round), (quantity) => {
        const text = formatQuantity(quantity);
        const again = parseQuantity(text);
        expect(again.nanos).toBe(quantity.nanos);
        expect(formatQuantity(again)).toBe(text);
        expect(text).toMatch(/^(0|-?[1-9]\d*([KMGTPE]i|[numkMGTPE]|e-?\d+)?)$/);
      }),
    );
  });

  test("sums and order are those of the values", () => {
    fc.assert(
      fc.property(quantities, quantities, (a, b) => {
        const sum = addQuantities(a, b);
        expect(sum.nanos).toBe(a.nanos + b.nanos);
        expect(sum.format).toBe(a.nanos === 0n ? b.format : a.format);
        expect(compareQuantities(a, b) < 0).toBe(a.nanos < b.nanos);
        expect(compareQuantities(a, b) > 0).toBe(a.nanos > b.nanos);
      }),
    );
  });
});

test("0 plus 1Mi is 1Mi, 500m plus 500m is 1", () => {
  const sum = (a: string, b: string): string => formatQuantity(addQuantities(parseQuantity(a), parseQuantity(b)));
  expect(sum("0", "1Mi")).toBe("1Mi");
  expect(sum("500m", "500m")).toBe("1");
  expect(sum("1Gi", "1G")).toBe("2073741824");
});
