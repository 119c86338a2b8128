import { expect, test } from "vitest";
import { goQuote } from "./quote.ts";

// Each pair is what fmt.Sprintf("%q") prints.
test.each([
  ["plain", '"plain"'],
  ['say "hi"\\', '"say \\"hi\\"\\\\"'],
  ["tab\tline\nbell\x07", '"tab\\tline\\nbell\\a"'],
  ["\x00\x7f", '"\\x00\\x7f"'],
  ["naïve 日本 🙂", '"naïve 日本 🙂"'],
  ["\u00a0\u200b", '"\\u00a0\\u200b"'],
  ["\u{e0001}", '"\\U000e0001"'],
])("quotes %j", (text, quoted) => {
  expect(goQuote(text)).toBe(quoted);
});
