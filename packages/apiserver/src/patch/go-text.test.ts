import { expect, test } from "vitest";
import { goKind, goText, goType } from "./go-text.ts";

// Each pair is what fmt.Sprintf("%v") prints of the decoded JSON.
test.each([
  [{ spec: { replicas: "x" }, a: null }, "map[a:<nil> spec:map[replicas:x]]"],
  [[1, true, "b c", 1.5], "[1 true b c 1.5]"],
  [{}, "map[]"],
])("prints %j", (value, text) => {
  expect(goText(value)).toBe(text);
});

test("names kinds and types", () => {
  const values = [[], {}, true, 1, 1.5, "a", null];
  expect(values.map(goKind)).toEqual(["slice", "map", "bool", "int64", "float64", "string", "nil"]);
  expect(values.slice(0, 2).map(goType)).toEqual(["[]interface {}", "map[string]interface {}"]);
});
