import { SelectorError } from "./selector-error.ts";

/** One condition on one field. */
export interface FieldRequirement {
  /** As written, e.g. "metadata.name"; which fields exist depends on the kind and is not checked here. */
  readonly field: string;
  readonly operator: "=" | "!=";
  readonly value: string;
}

/** Conditions that must all hold; none of them selects everything. */
export interface FieldSelector {
  readonly requirements: readonly FieldRequirement[];
}

/**
 * Reads the text form of a field selector: `a=b,c!=d`, also `a==b`; `\`, `,` and `=` in values are escaped by `\`.
 * Grammar and messages are those of apimachinery, pkg/fields/selector.go.
 * @throws SelectorError
 */
export function parseFieldSelector(text: string): FieldSelector {
  const terms = splitTerms(text).sort();
  return { requirements: terms.filter((term) => term !== "").map((term) => parseTerm(term, text)) };
}

function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === ",") {
      terms.push(text.slice(start, i));
      start = i + 1;
    }
  }
  return [...terms, text.slice(start)];
}

// The field is not escaped: it ends at the first operator.
const term = /^([^=]*?)(!=|==|=)(.*)$/s;

function parseTerm(text: string, selector: string): FieldRequirement {
  const [, field, operator, value] = term.exec(text) ?? [];
  if (field === undefined || value === undefined) {
    throw new SelectorError(`invalid selector: '${selector}'; can't understand '${text}'`);
  }
  return { field, operator: operator === "!=" ? "!=" : "=", value: unescapeValue(value) };
}

function unescapeValue(text: string): string {
  if (!/[\\,=]/.test(text)) return text;
  let value = "";
  let escaped = false;
  for (const char of text) {
    const special = char === "\\" || char === "," || char === "=";
    if (escaped) {
      if (!special) throw new SelectorError(`invalid field selector: invalid escape sequence: \\${char}`);
      value += char;
      escaped = false;
    } else if (char === "\\") {
      escaped = true;
    } else if (special) {
      // The real server prints the character's number.
      throw new SelectorError(`invalid field selector: unescaped character in value: ${char.charCodeAt(0)}`);
    } else {
      value += char;
    }
  }
  if (escaped) throw new SelectorError("invalid field selector: invalid escape sequence: \\");
  return value;
}

/** The text form, which `parseFieldSelector` reads back. */
export function formatFieldSelector({ requirements }: FieldSelector): string {
  return requirements
    .map(({ field, operator, value }) => `${field}${operator}${value.replace(/[\\,=]/g, "\\$&")}`)
    .join(",");
}

/** Whether an object's fields fulfil the selector; a field that is absent counts as "". */
export function fieldSelectorMatches(selector: FieldSelector, fields: Readonly<Record<string, string>>): boolean {
  return selector.requirements.every(({ field, operator, value }) => {
    const actual = Object.hasOwn(fields, field) ? fields[field] : "";
    return (actual === value) === (operator === "=");
  });
}

/** The value that the selector demands of one field, e.g. the node of `spec.nodeName=node-1`; undefined if it demands none. */
export function requiredFieldValue(selector: FieldSelector, field: string): string | undefined {
  return selector.requirements.find((each) => each.field === field && each.operator === "=")?.value;
}
