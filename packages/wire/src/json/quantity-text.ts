import { CodecError } from "../codec-error.ts";
import { formatQuantity, parseQuantity } from "../quantity.ts";

/** Texts met before: the same few hundred return in every pod and node. */
const known = new Map<string, string>();
const knownMax = 2048;
/** Longer ones come from nobody's real objects. */
const knownLengthMax = 32;

/**
 * A quantity as the server writes back what it read: canonical, unless it was so close to canonical that Go keeps the text
 * (ParseQuantity of apimachinery, api/resource/quantity.go).
 * @throws CodecError `malformed`, in Go's words
 */
export function quantityText(text: string): string {
  const before = known.get(text);
  if (before !== undefined) return before;
  const written = isKept(text) ? text : canonical(text);
  if (text.length <= knownLengthMax) {
    if (known.size >= knownMax) known.clear();
    known.set(text, written);
  }
  return written;
}

function canonical(text: string): string {
  let value: ReturnType<typeof parseQuantity>;
  try {
    value = parseQuantity(text);
  } catch (cause) {
    throw new CodecError("malformed", faultOf(text), { cause });
  }
  return formatQuantity(value);
}

const numberSyntax = /^[+-]?(?:\d+\.?\d*|\.\d+)[eEinumkKMGTP]*[-+]?\d*$/;

function faultOf(text: string): string {
  if (numberSyntax.test(text)) return "unable to parse quantity's suffix";
  return "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
}

const syntax = /^[+-]?0*(\d*)(?:\.(\d*))?([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d{1,3}|)$/;

const decimalExponents: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  "": 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const binaryExponents: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };

/** Whether Go keeps the text: a fast path that asks for less than canonical form; "1.500" and "+1" pass, "1.5" does not. */
function isKept(text: string): boolean {
  if (text === "0") return true;
  const match = syntax.exec(text);
  if (match === null) return false;
  const [, whole = "", fraction = "", suffix = ""] = match;
  const digits = (whole === "" ? "0" : whole) + fraction;
  const binary = binaryExponents[suffix];
  if (binary !== undefined) {
    const precision = 15 - whole.length - Math.trunc((binary * 3) / 10) - 1;
    return fraction === "" && precision >= 0 && Number(whole) % 8 !== 0;
  }
  const exponent = decimalExponents[suffix] ?? Number(suffix.slice(1));
  const scale = exponent - fraction.length;
  return digits.length <= 18 && scale >= -9 && scale % 3 === 0 && !digits.endsWith("000") && !digits.startsWith("0");
}

/**
 * A quantity from JSON, where a number will do as well.
 * @throws CodecError `malformed`
 */
export function quantityFromJson(value: unknown): string {
  return quantityText(typeof value === "string" ? value.trim() : typeof value === "number" ? String(value) : "");
}
