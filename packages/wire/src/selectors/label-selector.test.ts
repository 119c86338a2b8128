import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LabelRequirement } from "./label-requirement.ts";
import { formatLabelRequirements, labelsMatch, parseLabelSelector } from "./label-selector.ts";

function requirement(key: string, operator: LabelRequirement["operator"], ...values: string[]): LabelRequirement {
  return { key, operator, values };
}

describe("parseLabelSelector", () => {
  test.each([
    ["", []],
    [" \t", []],
    ["a", [requirement("a", "exists")]],
    ["!a", [requirement("a", "!")]],
    ["a=b", [requirement("a", "=", "b")]],
    ["a == b", [requirement("a", "==", "b")]],
    ["a!=b", [requirement("a", "!=", "b")]],
    ["a=", [requirement("a", "=", "")]],
    ["a=,b", [requirement("a", "=", ""), requirement("b", "exists")]],
    ["a>1,b<2", [requirement("a", "gt", "1"), requirement("b", "lt", "2")]],
    ["a in (c,b,b)", [requirement("a", "in", "b", "c")]],
    ["a notin ()", [requirement("a", "notin", "")]],
    ["a in (,b)", [requirement("a", "in", "", "b")]],
    ["a in (b,)", [requirement("a", "in", "", "b")]],
    ["a in (b,,c)", [requirement("a", "in", "", "b", "c")]],
    ["in in (in,notin)", [requirement("in", "in", "in", "notin")]],
    ["notin=in", [requirement("notin", "=", "in")]],
    [
      "b=2 , example.com/a in(x) ,c",
      [requirement("b", "=", "2"), requirement("c", "exists"), requirement("example.com/a", "in", "x")],
    ],
    ["a\0=b", [requirement("a", "=", "b")]],
  ])("reads %j", (text, requirements) => {
    expect(parseLabelSelector(text)).toEqual(requirements);
  });

  // As labels.Parse of apimachinery 0.36.3 answers.
  test.each([
    [",a", "found ',', expected: !, identifier, or 'end of string'"],
    ["a,", "found '', expected: identifier after ','"],
    ["a,,b", "found ',', expected: identifier after ','"],
    ["!", "unable to parse requirement: found '', expected: identifier"],
    ["!a=b", "found '=', expected: ',' or 'end of string'"],
    ["a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ["a=b c", "found 'c', expected: ',' or 'end of string'"],
    ["a==!", "unable to parse requirement: found '!', expected: identifier"],
    ["a in b", "unable to parse requirement: found 'b' expected: '('"],
    ["a in (", "unable to parse requirement: found '', expected: ',', ')' or identifier"],
    ["a in (b", "unable to parse requirement: found '', expected: ',' or ')'"],
    ["a in (b c)", "unable to parse requirement: found 'c', expected: ',' or ')'"],
    ["a in (b,=)", "unable to parse requirement: found '=', expected: ',', or identifier"],
    [
      "a>b",
      "unable to parse requirement: values[0]: Invalid value: \"b\": for 'Gt', 'Lt' operators, the value must be an integer",
    ],
  ])("refuses %j", (text, message) => {
    expect(() => parseLabelSelector(text)).toThrowError(expect.objectContaining({ message }));
  });

  test.each([
    ["-a=b", /^unable to parse requirement: <nil>: Invalid value: "-a": name part must consist of alphanumeric/],
    ["a=-b", /^unable to parse requirement: values\[0\]\[a\]: Invalid value: "-b": a valid label must be an empty/],
    ["a in (é,ü)", /^unable to parse requirement: \[values\[0\]\[a\]: .*, values\[1\]\[a\]: /],
  ])("names what is wrong with keys and values in %j", (text, message) => {
    expect(() => parseLabelSelector(text)).toThrowError(message);
  });
});

const key = fc.stringMatching(/^([a-z]{1,3}\.x\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,4}[A-Za-z0-9])?$/);
const value = fc.stringMatching(/^([a-c0-9]([-a-c0-9_.]{0,2}[a-c0-9])?)?$/);
const anyRequirement: fc.Arbitrary<LabelRequirement> = fc.oneof(
  fc.record({
    key,
    operator: fc.constantFrom("in" as const, "notin" as const),
    values: fc.uniqueArray(value, { minLength: 1, maxLength: 3 }).map((values) => [...values].sort()),
  }),
  fc.record({ key, operator: fc.constantFrom("=" as const, "==" as const, "!=" as const), values: fc.tuple(value) }),
  fc.record({ key, operator: fc.constantFrom("exists" as const, "!" as const), values: fc.constant([]) }),
  fc.record({
    key,
    operator: fc.constantFrom("gt" as const, "lt" as const),
    values: fc.tuple(fc.nat().map(String)),
  }),
);

test("parse reads back what format writes", () => {
  fc.assert(
    fc.property(fc.array(anyRequirement, { maxLength: 5 }), (requirements) => {
      const sorted = [...requirements].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
      expect(parseLabelSelector(formatLabelRequirements(requirements))).toEqual(sorted);
    }),
  );
});

test("never throws anything but a SelectorError", () => {
  const unit = fc.constantFrom("a", "in", "notin", "(", ")", ",", "=", "!", ">", "<", " ", "\0", "é", "/");
  fc.assert(
    fc.property(fc.string({ unit }), (text) => {
      try {
        parseLabelSelector(text);
      } catch (error) {
        expect(error).toMatchObject({ code: "invalid-selector" });
      }
    }),
    { numRuns: 500 },
  );
});

/** What each operator means, by the table in the Kubernetes documentation. */
function naiveMatch({ key, operator, values }: LabelRequirement, labels: Record<string, string>): boolean {
  const has = Object.keys(labels).includes(key);
  const actual = labels[key] as string;
  const [first = ""] = values;
  if (operator === "exists") return has;
  if (operator === "!") return !has;
  if (operator === "=" || operator === "==") return has && actual === first;
  if (operator === "!=") return !has || actual !== first;
  if (operator === "in") return has && values.some((value) => value === actual);
  if (operator === "notin") return !has || values.every((value) => value !== actual);
  if (!has || !/^-?\d+$/.test(actual)) return false;
  return operator === "gt" ? Number(actual) > Number(first) : Number(actual) < Number(first);
}

test("matches as a naive evaluator does", () => {
  const fewKeys = fc.constantFrom("a", "b", "c");
  const labels = fc.dictionary(fewKeys, fc.oneof(value, fc.nat(3).map(String)), { noNullPrototype: true });
  const requirements = fc.array(fc.tuple(anyRequirement, fewKeys), { maxLength: 3 });
  fc.assert(
    fc.property(requirements, labels, (pairs, labels) => {
      const selector = pairs.map(([each, key]) => ({ ...each, key }));
      expect(labelsMatch(selector, labels)).toBe(selector.every((each) => naiveMatch(each, labels)));
    }),
    { numRuns: 500 },
  );
});

test.each([
  ["a>5", "6", true],
  ["a>5", "5", false],
  ["a<5", "4", true],
  ["a<9223372036854775807", "9223372036854775806", true],
  ["a<9223372036854775807", "99999999999999999999", false],
  ["a>1", "one", false],
])("%s with a: %s is %s", (text, a, matches) => {
  expect(labelsMatch(parseLabelSelector(text), { a })).toBe(matches);
});

test("an object without labels has none, not even inherited ones", () => {
  expect(labelsMatch(parseLabelSelector("constructor"), {})).toBe(false);
  expect(labelsMatch(parseLabelSelector("!a"), undefined)).toBe(true);
});
