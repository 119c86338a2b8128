import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MetricsError } from "./metrics-error.ts";
import { escapeLabelValue, parseExposition } from "./prometheus-text.ts";

const wanted = new Set(["wanted_total", "other_wanted"]);

const labelName = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,10}$/);
const labels = fc.dictionary(labelName, fc.string({ unit: "grapheme", maxLength: 20 }), {
  maxKeys: 6,
  noNullPrototype: true,
});
const value = fc.oneof(
  fc.double({ noNaN: true }),
  fc.integer(),
  fc.constant(Number.POSITIVE_INFINITY),
  fc.constant(Number.NaN),
);

function written(name: string, pairs: Readonly<Record<string, string>>, figure: number): string {
  const inner = Object.entries(pairs).map(([label, text]) => `${label}="${escapeLabelValue(text)}"`);
  const number = Number.isFinite(figure) || Number.isNaN(figure) ? String(figure) : figure > 0 ? "+Inf" : "-Inf";
  return `${name}${inner.length === 0 ? "" : `{${inner.join(",")}}`} ${number}`;
}

describe("parseExposition", () => {
  it("reads back whatever was written", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...wanted), labels, value), { maxLength: 8 }), (samples) => {
        const text = samples.map((sample) => `# HELP x y\n${written(...sample)}\nskipped{a="b"} 1\n`).join("\n");
        const read = parseExposition(text, wanted).map((sample) => [
          sample.name,
          Object.fromEntries(sample.labels),
          sample.value,
        ]);
        expect(read).toEqual(samples.map(([name, pairs, figure]) => [name, pairs, figure === 0 ? figure + 0 : figure]));
      }),
    );
  });

  it("takes timestamps, blanks, trailing commas and exponents", () => {
    const text = '  wanted_total { a = "x" , } 1.5e+06 1700000000000\nwanted_total\t7\r\nother_wanted{} -Inf';
    expect(parseExposition(text, wanted).map((sample) => sample.value)).toEqual([
      1_500_000,
      7,
      Number.NEGATIVE_INFINITY,
    ]);
    expect(parseExposition(text, wanted)[0]?.labels.get("a")).toBe("x");
  });

  it.each([
    'wanted_total{a="b 1',
    "wanted_total{a=b} 1",
    'wanted_total{a="b"} one',
    'wanted_total{a="b"}',
    'wanted_total{a="b" 1\nskipped 2',
  ])("refuses %j", (text) => {
    expect(() => parseExposition(text, wanted)).toThrow(MetricsError);
  });

  it("does not look into lines that nobody wants", () => {
    expect(parseExposition('skipped{a="b 1\nwanted_totals 3\nwanted_tota 3\n', wanted)).toEqual([]);
  });
});
