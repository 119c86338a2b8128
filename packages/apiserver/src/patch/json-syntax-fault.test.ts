import { expect, test } from "vitest";
import { jsonSyntaxFault } from "./json-syntax-fault.ts";

// As json.Unmarshal of Go answers.
test.each([
  ["", "unexpected end of JSON input"],
  ["  ", "unexpected end of JSON input"],
  ["{", "unexpected end of JSON input"],
  ['{"a', "unexpected end of JSON input"],
  ['{"a":tru', "unexpected end of JSON input"],
  ["[1,", "unexpected end of JSON input"],
  ["-", "unexpected end of JSON input"],
  ["not json", "invalid character 'o' in literal null (expecting 'u')"],
  ["xyz", "invalid character 'x' looking for beginning of value"],
  ["'a'", "invalid character '\\'' looking for beginning of value"],
  ["{a}", "invalid character 'a' looking for beginning of object key string"],
  ['{"a" "b"}', "invalid character '\"' after object key"],
  ['{"a":1 "b"}', "invalid character '\"' after object key:value pair"],
  ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
  ["[1 2]", "invalid character '2' after array element"],
  ["[1,]", "invalid character ']' looking for beginning of value"],
  ["{} {}", "invalid character '{' after top-level value"],
  ["01", "invalid character '1' after top-level value"],
  ["[-a]", "invalid character 'a' in numeric literal"],
  ["[1.]", "invalid character ']' after decimal point in numeric literal"],
  ["[1e+]", "invalid character ']' in exponent of numeric literal"],
  ['"a\nb"', "invalid character '\\n' in string literal"],
  ['"\\x"', "invalid character 'x' in string escape code"],
  ['"\\u12g4"', "invalid character 'g' in \\u hexadecimal character escape"],
  ["[truth]", "invalid character 't' in literal true (expecting 'e')"],
  ["\u00e9", "invalid character 'Ã' looking for beginning of value"],
  ["\ufeff{}", "invalid character 'ï' looking for beginning of value"],
  ["\0", "invalid character '\\x00' looking for beginning of value"],
  ['{"a":[{}]]', "invalid character ']' after object key:value pair"],
])("%j", (text, fault) => {
  expect(jsonSyntaxFault(text)).toBe(fault);
});
