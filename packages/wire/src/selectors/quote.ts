/** Escapes of strconv.Quote that are no code points. */
const short: ReadonlyMap<string, string> = new Map([
  ["\x07", "\\a"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\v", "\\v"],
  ["\\", "\\\\"],
  ['"', '\\"'],
]);

// What Go's unicode.IsPrint refuses: everything but letters, marks, numbers, punctuation, symbols and the ASCII space.
const unprintable = /["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu;

/** The text in double quotes as Go's `%q` writes it (strconv/quote.go), in which error messages quote values. */
export function goQuote(text: string): string {
  return `"${text.replace(unprintable, (char) => short.get(char) ?? escapeOf(char.codePointAt(0) ?? 0))}"`;
}

function escapeOf(codePoint: number): string {
  const hex = codePoint.toString(16);
  if (codePoint < 0x80) return `\\x${hex.padStart(2, "0")}`;
  return codePoint < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}
