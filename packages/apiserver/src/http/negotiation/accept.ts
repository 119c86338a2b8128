/** One clause of an Accept header. */
export interface AcceptClause {
  /** "*" for any. */
  readonly type: string;
  readonly subtype: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

/** The clauses of an Accept header, the most wanted first (as munnerz/goautoneg, which the real server uses). */
export function parseAccept(header: string): readonly AcceptClause[] {
  const known = parsed.get(header);
  if (known !== undefined) return known;
  const clauses = splitOutsideQuotes(header, ",").flatMap((text) => parseClause(text) ?? []);
  clauses.sort((a, b) => b.quality - a.quality || stars(a) - stars(b));
  if (parsed.size >= parsedMax) parsed.clear();
  parsed.set(header, clauses);
  return clauses;
}

/** Clients send the same few headers again and again. */
const parsed = new Map<string, readonly AcceptClause[]>();
const parsedMax = 100;

function parseClause(text: string): AcceptClause | undefined {
  const [range = "", ...rest] = splitOutsideQuotes(text, ";").map((part) => part.trim());
  const [type = "", subtype, more] = range.toLowerCase().split("/");
  if (type === "" || more !== undefined) return undefined;
  if (subtype === undefined && type !== "*") return undefined;
  const parameters = new Map<string, string>();
  let quality = 1;
  for (const parameter of rest) {
    const at = parameter.indexOf("=");
    if (at < 0) continue;
    const name = parameter.slice(0, at).trim().toLowerCase();
    const value = unquoted(parameter.slice(at + 1).trim());
    if (name === "q") quality = Number.isFinite(Number(value)) && value !== "" ? Number(value) : 1;
    else parameters.set(name, value);
  }
  return { type, subtype: subtype ?? "*", parameters, quality };
}

function stars({ type, subtype }: AcceptClause): number {
  return (type === "*" ? 2 : 0) + (subtype === "*" ? 1 : 0);
}

function unquoted(value: string): string {
  return value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}

function splitOutsideQuotes(text: string, separator: "," | ";"): string[] {
  if (!text.includes('"')) return text.split(separator);
  const parts: string[] = [];
  let quoted = false;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '"') quoted = !quoted;
    else if (text[i] === separator && !quoted) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}
