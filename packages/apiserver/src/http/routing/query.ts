/** The parameters of a query. As Go's url.ParseQuery, what cannot be decoded is left out. */
export class Query {
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(values: ReadonlyMap<string, readonly string[]>) {
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  first(name: string): string | undefined {
    return this.#values.get(name)?.[0];
  }

  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** As apimachinery/pkg/runtime/conversion.go reads it: only "0" and "false" are false; undefined when absent. */
  flag(name: string): boolean | undefined {
    const value = this.first(name);
    return value === undefined ? undefined : value !== "0" && value.toLowerCase() !== "false";
  }
}

const none = new Query(new Map());

export function parseQuery(text: string): Query {
  if (text === "") return none;
  const values = new Map<string, string[]>();
  for (const pair of text.split("&")) {
    // net/url refuses semicolons, which once were separators.
    if (pair === "" || pair.includes(";")) continue;
    const at = pair.indexOf("=");
    const name = decode(at < 0 ? pair : pair.slice(0, at));
    const value = decode(at < 0 ? "" : pair.slice(at + 1));
    if (name === undefined || value === undefined) continue;
    const known = values.get(name);
    if (known === undefined) values.set(name, [value]);
    else known.push(value);
  }
  return new Query(values);
}

function decode(text: string): string | undefined {
  if (!/[%+]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}
