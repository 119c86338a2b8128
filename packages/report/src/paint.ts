/** How a piece of text is meant; a terminal with colour shows it, a plain one does not need it. */
export type Style = "plain" | "heading" | "good" | "bad" | "warn" | "faint";

export type Paint = (text: string, style: Style) => string;

/** ECMA-48 SGR codes, on and off. */
const codes: Readonly<Record<Exclude<Style, "plain">, readonly [number, number]>> = {
  heading: [1, 22],
  good: [32, 39],
  bad: [31, 39],
  warn: [33, 39],
  faint: [2, 22],
};

/** Paints with ANSI colours, or not at all. */
export function createPaint(colour: boolean): Paint {
  if (!colour) return (text) => text;
  return (text, style) => {
    if (style === "plain" || text === "") return text;
    const [on, off] = codes[style];
    return `\u001b[${on}m${text}\u001b[${off}m`;
  };
}
