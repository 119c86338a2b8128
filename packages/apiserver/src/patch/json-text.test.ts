import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readJson } from "./json-text.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("readJson", () => {
  test.each([
    ["{}", []],
    ['{"a":{"b":1,"c":2},"b":1}', []],
    ['{"a":1,"a":2}', ['duplicate field "a"']],
    ['{"a":1,"a":2,"a":3}', ['duplicate field "a"']],
    ['{"spec":{"x":[{"n":1},{"n":1,"n":2}]}}', ['duplicate field "spec.x[1].n"']],
    ['{"a":{"b":{}},"c":[],"a":{}}', ['duplicate field "a"']],
    ['{"a\\u0062":1,"ab":2}', ['duplicate field "ab"']],
    ['{"a":"\\",\\"a\\":","b":"{\\\\"}', []],
    ['{"a":"a","b":["a","a"]}', []],
    ['{"__proto__":1,"constructor":2}', []],
  ])("finds the duplicates of %s", (text, duplicates) => {
    const read = readJson(bytes(text));
    expect(read.duplicates).toEqual(duplicates);
    expect(read.value).toEqual(JSON.parse(text));
  });

  test("refuses what is no JSON, in Go's words", () => {
    expect(() => readJson(bytes("{"))).toThrow("unexpected end of JSON input");
    expect(() => readJson(bytes("\ufeff{}"))).toThrow("invalid character 'ï' looking for beginning of value");
    expect(() => readJson(new Uint8Array([0xff]))).toThrow("looking for beginning of value");
  });

  test("refuses nesting that would exhaust the stack", () => {
    expect(() => readJson(bytes("[".repeat(1001) + "]".repeat(1001)))).toThrow("exceeded max depth");
    expect(readJson(bytes("[".repeat(1000) + "]".repeat(1000))).duplicates).toEqual([]);
  });

  test("reports at most 100 duplicates", () => {
    const twice = Array.from({ length: 150 }, (_, i) => `"k${i}":1,"k${i}":2`).join(",");
    expect(readJson(bytes(`{${twice}}`)).duplicates).toHaveLength(100);
  });

  test("finds none in what JSON.stringify wrote", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(readJson(bytes(JSON.stringify(value))).duplicates).toEqual([]);
      }),
    );
  });
});
