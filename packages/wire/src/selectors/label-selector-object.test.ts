import { describe, expect, test } from "vitest";
import {
  formatLabelSelector,
  labelSelectorMatches,
  labelSelectorRequirements,
  validateLabelSelector,
} from "./label-selector-object.ts";

const selector = {
  matchLabels: { app: "web" },
  matchExpressions: [
    { key: "tier", operator: "In", values: ["front", "back"] },
    { key: "legacy", operator: "DoesNotExist" },
    { key: "zone", operator: "Exists" },
    { key: "track", operator: "NotIn", values: ["canary"] },
  ],
};

test("matches as all of its parts do", () => {
  expect(labelSelectorMatches(selector, { app: "web", tier: "back", zone: "" })).toBe(true);
  expect(labelSelectorMatches(selector, { app: "db", tier: "back", zone: "" })).toBe(false);
  expect(labelSelectorMatches(selector, { app: "web", tier: "none", zone: "" })).toBe(false);
  expect(labelSelectorMatches(selector, { app: "web", tier: "back", zone: "", legacy: "" })).toBe(false);
  expect(labelSelectorMatches(selector, { app: "web", tier: "back" })).toBe(false);
  expect(labelSelectorMatches(selector, { app: "web", tier: "back", zone: "", track: "canary" })).toBe(false);
});

test("an absent selector matches nothing, an empty one everything", () => {
  expect(labelSelectorMatches(undefined, { a: "b" })).toBe(false);
  expect(labelSelectorMatches({}, undefined)).toBe(true);
});

test("refuses an operator of other selectors", () => {
  const odd = { matchExpressions: [{ key: "a", operator: "Gt", values: ["1"] }] };
  expect(() => labelSelectorRequirements(odd)).toThrow('"Gt" is not a valid label selector operator');
});

describe("formatLabelSelector", () => {
  test("writes the text form, sorted by key", () => {
    expect(formatLabelSelector(selector)).toBe("app=web,!legacy,tier in (back,front),track notin (canary),zone");
  });

  test("stands in for empty and wrong ones", () => {
    expect(formatLabelSelector({})).toBe("<none>");
    expect(formatLabelSelector(undefined)).toBe("<none>");
    expect(formatLabelSelector({ matchLabels: { "-": "a" } })).toBe("<error>");
  });
});

describe("validateLabelSelector", () => {
  test("finds nothing wrong with a good one", () => {
    expect(validateLabelSelector(selector, "spec.selector")).toEqual([]);
  });

  test("names every fault with its path", () => {
    const wrong = {
      matchLabels: { "a b": "c" },
      matchExpressions: [
        { key: "a", operator: "In" },
        { key: "b", operator: "Exists", values: ["x"] },
        { key: "c", operator: "Near", values: ["-"] },
      ],
    };
    const faults = validateLabelSelector(wrong, "spec.selector");
    expect(faults.map(({ reason, field }) => `${reason} ${field}`)).toEqual([
      "FieldValueInvalid spec.selector.matchLabels",
      "FieldValueRequired spec.selector.matchExpressions[0].values",
      "FieldValueForbidden spec.selector.matchExpressions[1].values",
      "FieldValueInvalid spec.selector.matchExpressions[2].operator",
      "FieldValueInvalid spec.selector.matchExpressions[2].values[0]",
    ]);
    expect(faults[1]?.message).toBe("Required value: must be specified when `operator` is 'In' or 'NotIn'");
    expect(faults[3]?.message).toBe('Invalid value: "Near": not a valid selector operator');
  });
});
