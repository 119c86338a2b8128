/** A word or a symbol of a label selector; `end` is the last token of every text. */
export interface LabelToken {
  readonly type: "word" | "in" | "notin" | "(" | ")" | "," | "!" | "==" | "=" | ">" | "<" | "!=" | "end";
  readonly text: string;
}

// A NUL ends a word as the end of the text does: apimachinery's lexer (pkg/labels/selector.go) reads both as 0.
const token = /[ \t\r\n]*(==|!=|[=!(),><]|[^=!(),>< \t\r\n\0]+|\0|$)\0?/y;

/** All tokens up to the end of the text, or up to a NUL that stands where a token would begin. */
export function lexLabelSelector(text: string): LabelToken[] {
  const tokens: LabelToken[] = [];
  token.lastIndex = 0;
  for (;;) {
    const word = token.exec(text)?.[1] ?? "";
    if (word === "" || word === "\0") {
      tokens.push({ type: "end", text: "" });
      return tokens;
    }
    tokens.push({ type: isKeyword(word) ? word : "word", text: word });
  }
}

function isKeyword(word: string): word is Exclude<LabelToken["type"], "word" | "end"> {
  return keywords.has(word);
}

const keywords: ReadonlySet<string> = new Set(["in", "notin", "(", ")", ",", "!", "==", "=", ">", "<", "!="]);
