const COMMENT = /\/\/[^\n]*|\/\*.*?\*\//sy;
const STRING = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/sy;
const REGEXP = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\//y;
const TEMPLATE_TEXT = /(?:\\.|\$(?!\{)|[^\\`$])*/sy;

/** A slash begins a regular expression where a value may stand, and divides after one. */
const BEFORE_VALUE = /(?:^|[([{,;:=!&|?+\-*%<>~^}]|\b(?:return|typeof|case|in|of))\s*$/;

/**
 * The source with comments and the contents of strings, templates and regular expressions replaced by blanks of the same
 * length, so that a rule sees code only and an offset means the same in both texts. Quotes and line ends stay.
 */
export function blankNonCode(source: string): string {
  const out = source.split("");
  const blank = (from: number, to: number): void => {
    for (let i = from; i < to; i++) if (out[i] !== "\n") out[i] = " ";
  };
  // The open templates, each with the number of braces open inside its current `${}`.
  const templates: number[] = [];
  const skipTemplateText = (from: number): number => {
    const end = from + lengthAt(TEMPLATE_TEXT, source, from);
    blank(from, end);
    if (source.startsWith("${", end)) return end + 2;
    templates.pop();
    return end + 1;
  };
  for (let at = 0; at < source.length; ) {
    const comment = lengthAt(COMMENT, source, at);
    if (comment > 0) blank(at, at + comment);
    const quoted = comment > 0 ? 0 : quotedLength(source, at);
    if (quoted > 0) blank(at + 1, at + quoted - 1);
    const char = source[at];
    at += comment || quoted || 1;
    if (comment > 0 || quoted > 0) continue;

    const depth = templates.at(-1);
    if (char === "`") {
      templates.push(0);
      at = skipTemplateText(at);
    } else if (depth !== undefined && char === "{") {
      templates[templates.length - 1] = depth + 1;
    } else if (depth !== undefined && char === "}") {
      if (depth > 0) templates[templates.length - 1] = depth - 1;
      else at = skipTemplateText(at);
    }
  }
  return out.join("");
}

/** Length of the string or regular expression that starts at `at`; 0 if none does. */
function quotedLength(source: string, at: number): number {
  if (source[at] !== "/") return lengthAt(STRING, source, at);
  return BEFORE_VALUE.test(source.slice(Math.max(0, at - 40), at)) ? lengthAt(REGEXP, source, at) : 0;
}

function lengthAt(sticky: RegExp, source: string, at: number): number {
  sticky.lastIndex = at;
  return sticky.exec(source)?.[0].length ?? 0;
}
