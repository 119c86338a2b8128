import { goQuote } from "@hollowfleet/wire";

/**
 * What is wrong with a text that is not JSON, in the words of Go's decoder (encoding/json, scanner.go), which clients see.
 * Only for texts that JSON.parse refuses: it says nothing sensible of others.
 */
export function jsonSyntaxFault(text: string): string {
  return new Scanner(text).fault();
}

const unexpectedEnd = "unexpected end of JSON input";

/** What may come next. */
type Expected = "value" | "element-or-end" | "key" | "key-or-end" | "after-key" | "after-value";

class Scanner {
  readonly #text: string;
  #at = 0;
  /** What surrounds the place, innermost last. */
  readonly #inside: ("object" | "array")[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  fault(): string {
    let expected: Expected = "value";
    for (;;) {
      while (" \t\r\n".includes(this.#char()) && this.#char() !== "") this.#at++;
      const char = this.#char();
      if (char === "") return unexpectedEnd;
      const next = this.#step(expected, char);
      if ("fault" in next) return next.fault;
      expected = next.expected;
    }
  }

  #step(expected: Expected, char: string): { expected: Expected } | { fault: string } {
    if (expected === "after-key") {
      if (char !== ":") return this.#refuse("after object key");
      this.#at++;
      return { expected: "value" };
    }
    if (expected === "after-value") return this.#afterValue(char);
    const closes = (expected === "key-or-end" && char === "}") || (expected === "element-or-end" && char === "]");
    if (closes) return this.#close();
    if (expected === "key" || expected === "key-or-end") {
      if (char !== '"') return this.#refuse("looking for beginning of object key string");
      const fault = this.#string();
      return fault === undefined ? { expected: "after-key" } : { fault };
    }
    return this.#value(char);
  }

  #afterValue(char: string): { expected: Expected } | { fault: string } {
    const inside = this.#inside.at(-1);
    if (inside === undefined) return this.#refuse("after top-level value");
    if (char === (inside === "object" ? "}" : "]")) return this.#close();
    if (char !== ",") return this.#refuse(inside === "object" ? "after object key:value pair" : "after array element");
    this.#at++;
    return { expected: inside === "object" ? "key" : "value" };
  }

  #close(): { expected: Expected } {
    this.#at++;
    this.#inside.pop();
    return { expected: "after-value" };
  }

  #value(char: string): { expected: Expected } | { fault: string } {
    if (char === "{" || char === "[") {
      this.#at++;
      this.#inside.push(char === "{" ? "object" : "array");
      return { expected: char === "{" ? "key-or-end" : "element-or-end" };
    }
    const fault = this.#scalar(char);
    return fault === undefined ? { expected: "after-value" } : { fault };
  }

  #scalar(char: string): string | undefined {
    if (char === '"') return this.#string();
    if (char === "-" || isDigit(char)) return this.#number();
    const literal = ["true", "false", "null"].find((word) => word.startsWith(char));
    if (literal === undefined) return this.#refuse("looking for beginning of value").fault;
    for (const letter of literal) {
      if (this.#char() === "") return unexpectedEnd;
      if (this.#char() !== letter) return this.#refuse(`in literal ${literal} (expecting '${letter}')`).fault;
      this.#at++;
    }
    return undefined;
  }

  #string(): string | undefined {
    this.#at++;
    for (;;) {
      const char = this.#char();
      if (char === "") return unexpectedEnd;
      if (char < " ") return this.#refuse("in string literal").fault;
      this.#at++;
      if (char === '"') return undefined;
      if (char !== "\\") continue;
      const fault = this.#escape();
      if (fault !== undefined) return fault;
    }
  }

  #escape(): string | undefined {
    const char = this.#char();
    if (char === "") return unexpectedEnd;
    if (!'bfnrt\\/"u'.includes(char)) return this.#refuse("in string escape code").fault;
    this.#at++;
    if (char !== "u") return undefined;
    for (let i = 0; i < 4; i++) {
      if (this.#char() === "") return unexpectedEnd;
      if (!/[0-9a-fA-F]/.test(this.#char())) return this.#refuse("in \\u hexadecimal character escape").fault;
      this.#at++;
    }
    return undefined;
  }

  #number(): string | undefined {
    if (this.#char() === "-") this.#at++;
    if (this.#char() === "0") this.#at++;
    else {
      const fault = this.#digits("in numeric literal");
      if (fault !== undefined) return fault;
    }
    if (this.#char() === ".") {
      this.#at++;
      const fault = this.#digits("after decimal point in numeric literal");
      if (fault !== undefined) return fault;
    }
    if (this.#char() !== "e" && this.#char() !== "E") return undefined;
    this.#at++;
    if (this.#char() === "+" || this.#char() === "-") this.#at++;
    return this.#digits("in exponent of numeric literal");
  }

  /** At least one digit. */
  #digits(context: string): string | undefined {
    if (this.#char() === "") return unexpectedEnd;
    if (!isDigit(this.#char())) return this.#refuse(context).fault;
    while (isDigit(this.#char())) this.#at++;
    return undefined;
  }

  /** "" at the end of the text. */
  #char(): string {
    return this.#text.charAt(this.#at);
  }

  #refuse(context: string): { fault: string } {
    return { fault: `invalid character ${quoteChar(this.#char())} ${context}` };
  }
}

function isDigit(char: string): boolean {
  return char >= "0" && char <= "9";
}

/** Go's scanner sees bytes: of a longer character it names the first. */
function quoteChar(char: string): string {
  if (char === "'") return "'\\''";
  if (char === '"') return "'\"'";
  const [byte = 0] = new TextEncoder().encode(char);
  return `'${goQuote(String.fromCharCode(byte)).slice(1, -1)}'`;
}
