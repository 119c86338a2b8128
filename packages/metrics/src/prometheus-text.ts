import { MetricsError } from "./metrics-error.ts";

/** One sample of the Prometheus text exposition format 0.0.4. */
export interface ExpositionSample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

/**
 * The samples of the wanted names, in their order. Lines of other names are skipped without being parsed: an API server
 * tells some 5 MB, of which four metrics are read.
 */
export function parseExposition(text: string, wanted: ReadonlySet<string>): ExpositionSample[] {
  const samples: ExpositionSample[] = [];
  let start = 0;
  while (start < text.length) {
    let end = text.indexOf("\n", start);
    if (end < 0) end = text.length;
    const sample = parseLine(text, start, end, wanted);
    if (sample !== undefined) samples.push(sample);
    start = end + 1;
  }
  return samples;
}

/** A label's value as the format writes it. */
export function escapeLabelValue(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}

const hash = 0x23;
const brace = 0x7b;
const space = 0x20;
const tab = 0x09;
const quote = 0x22;
const backslash = 0x5c;

function parseLine(
  text: string,
  start: number,
  end: number,
  wanted: ReadonlySet<string>,
): ExpositionSample | undefined {
  let at = start;
  while (at < end && isBlank(text.charCodeAt(at))) at++;
  if (at >= end || text.charCodeAt(at) === hash) return undefined;
  const nameStart = at;
  while (at < end && text.charCodeAt(at) !== brace && !isBlank(text.charCodeAt(at))) at++;
  const name = text.slice(nameStart, at);
  if (!wanted.has(name)) return undefined;
  while (at < end && isBlank(text.charCodeAt(at))) at++;
  const labels = new Map<string, string>();
  if (text.charCodeAt(at) === brace) at = parseLabels(text, at + 1, end, labels);
  const value = parseValue(text.slice(at, end));
  if (value === undefined) throw malformed(text.slice(start, end));
  return { name, labels, value };
}

/** Fills in the labels and returns the place behind the closing brace. */
function parseLabels(text: string, start: number, end: number, labels: Map<string, string>): number {
  let at = start;
  for (;;) {
    while (at < end && (isBlank(text.charCodeAt(at)) || text[at] === ",")) at++;
    if (text[at] === "}") return at + 1;
    const equals = text.indexOf("=", at);
    let opening = equals + 1;
    while (opening < end && isBlank(text.charCodeAt(opening))) opening++;
    if (equals < 0 || equals >= end || text.charCodeAt(opening) !== quote) throw malformed(text.slice(start, end));
    const closing = closingQuote(text, opening + 1, end);
    if (closing < 0) throw malformed(text.slice(start, end));
    const raw = text.slice(opening + 1, closing);
    labels.set(text.slice(at, equals).trimEnd(), raw.includes("\\") ? unescaped(raw) : raw);
    at = closing + 1;
  }
}

function closingQuote(text: string, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) return at;
    if (code === backslash) at++;
  }
  return -1;
}

function unescaped(raw: string): string {
  return raw.replace(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character));
}

/** A value, perhaps with a timestamp or an exemplar behind it, which are not read. */
function parseValue(rest: string): number | undefined {
  const [word] = rest.trim().split(/\s/, 1);
  if (word === undefined || word === "") return undefined;
  if (word === "+Inf" || word === "Inf") return Number.POSITIVE_INFINITY;
  if (word === "-Inf") return Number.NEGATIVE_INFINITY;
  if (word === "NaN") return Number.NaN;
  const value = Number(word);
  return Number.isNaN(value) ? undefined : value;
}

function isBlank(code: number): boolean {
  return code === space || code === tab;
}

function malformed(line: string): MetricsError {
  return new MetricsError("bad-exposition", `not a line of the Prometheus text format: ${line.slice(0, 200)}`);
}
