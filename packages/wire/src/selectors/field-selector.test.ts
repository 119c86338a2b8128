import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fieldSelectorMatches, formatFieldSelector, parseFieldSelector, requiredFieldValue } from "./field-selector.ts";

describe("parseFieldSelector", () => {
  test.each([
    ["", []],
    [",,", []],
    ["metadata.name=a", [{ field: "metadata.name", operator: "=", value: "a" }]],
    ["metadata.name==a", [{ field: "metadata.name", operator: "=", value: "a" }]],
    ["spec.nodeName=", [{ field: "spec.nodeName", operator: "=", value: "" }]],
    ["a!=b", [{ field: "a", operator: "!=", value: "b" }]],
    ["a=b\\,c\\=d\\\\", [{ field: "a", operator: "=", value: "b,c=d\\" }]],
    [
      "b=2,a!=1",
      [
        { field: "a", operator: "!=", value: "1" },
        { field: "b", operator: "=", value: "2" },
      ],
    ],
  ] as const)("reads %j", (text, requirements) => {
    expect(parseFieldSelector(text).requirements).toEqual(requirements);
  });

  // As fields.ParseSelector of apimachinery 0.36.3 answers.
  test.each([
    ["abc", "invalid selector: 'abc'; can't understand 'abc'"],
    ["a=1,b", "invalid selector: 'a=1,b'; can't understand 'b'"],
    ["a=b=c", "invalid field selector: unescaped character in value: 61"],
    ["a=\\x", "invalid field selector: invalid escape sequence: \\x"],
    ["a=\\", "invalid field selector: invalid escape sequence: \\"],
  ])("refuses %j", (text, message) => {
    expect(() => parseFieldSelector(text)).toThrowError(expect.objectContaining({ message }));
  });
});

const requirement = fc.record({
  field: fc.stringMatching(/^[a-zA-Z.]{1,12}$/),
  operator: fc.constantFrom("=" as const, "!=" as const),
  value: fc.string(),
});

test("parse reads back what format writes", () => {
  fc.assert(
    fc.property(fc.array(requirement, { maxLength: 4 }), (requirements) => {
      const byText = (a: string, b: string) => (a < b ? -1 : 1);
      const texts = requirements.map((each) => formatFieldSelector({ requirements: [each] }));
      const parsed = parseFieldSelector(formatFieldSelector({ requirements }));
      expect(parsed.requirements.map((each) => formatFieldSelector({ requirements: [each] }))).toEqual(
        texts.sort(byText),
      );
    }),
  );
});

test("never throws anything but a SelectorError", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", "=", "!", "\\", ",", "\n", "é") }), (text) => {
      try {
        parseFieldSelector(text);
      } catch (error) {
        expect(error).toMatchObject({ code: "invalid-selector" });
      }
    }),
  );
});

describe("fieldSelectorMatches", () => {
  const fields = { "metadata.name": "a", "spec.nodeName": "" };

  test.each([
    ["", true],
    ["metadata.name=a", true],
    ["metadata.name=b", false],
    ["metadata.name!=b", true],
    ["metadata.name!=a", false],
    ["metadata.name=a,spec.nodeName=x", false],
    ["spec.nodeName=", true],
    ["absent=", true],
    ["absent!=", false],
    ["constructor=", true],
  ])("%j is %s", (text, matches) => {
    expect(fieldSelectorMatches(parseFieldSelector(text), fields)).toBe(matches);
  });
});

test("tells the demanded value of a field", () => {
  const selector = parseFieldSelector("spec.nodeName=node-1,metadata.name!=a");
  expect(requiredFieldValue(selector, "spec.nodeName")).toBe("node-1");
  expect(requiredFieldValue(selector, "metadata.name")).toBeUndefined();
});
