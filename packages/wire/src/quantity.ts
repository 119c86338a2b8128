import { CodecError } from "./codec-error.ts";

/** How a quantity was written, and so how its canonical form is: `1500M`, `1500Mi`, `15e8`. */
export type QuantityFormat = "DecimalSI" | "BinarySI" | "DecimalExponent";

/** The exact value of a Quantity. Kubernetes keeps nine decimal places (apimachinery, api/resource/quantity.go). */
export interface QuantityValue {
  /** The value times 10^9. */
  readonly nanos: bigint;
  readonly format: QuantityFormat;
}

const nanosPerUnit = 1_000_000_000n;
const nanoExponent = -9;

const decimalSuffixes: readonly string[] = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const binarySuffixes: readonly string[] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/** The largest value with a binary suffix; larger ones are cut to it, as the server does. */
const maxBinaryNanos = (2n ** 63n - 1n) * nanosPerUnit;

const syntax = /^([+-]?)(?=\.?\d)(\d*)\.?(\d*)([KMGTPE]i|[numkMGTPE]?|[eE][+-]?\d{1,3})$/;

/**
 * Reads `100m`, `3840Mi`, `1.5`, `2e3`. What is finer than 10^-9 is rounded away from zero.
 * @throws CodecError `malformed`
 */
export function parseQuantity(text: string): QuantityValue {
  const match = syntax.exec(text);
  if (match === null) throw new CodecError("malformed", `${JSON.stringify(text)} is no quantity`);
  const [, sign, whole = "", fraction = "", suffix = ""] = match;
  const digits = BigInt(`0${whole}${fraction}`);
  const { factor, exponent, format } = readSuffix(suffix);
  const magnitude = scaleUp(digits * factor, exponent - fraction.length - nanoExponent);
  const nanos = format === "BinarySI" && magnitude > maxBinaryNanos ? maxBinaryNanos : magnitude;
  return { nanos: sign === "-" ? -nanos : nanos, format };
}

function readSuffix(suffix: string): { factor: bigint; exponent: number; format: QuantityFormat } {
  const decimal = decimalSuffixes.indexOf(suffix);
  if (decimal >= 0) return { factor: 1n, exponent: nanoExponent + 3 * decimal, format: "DecimalSI" };
  const binary = binarySuffixes.indexOf(suffix);
  if (binary >= 0) return { factor: 1024n ** BigInt(binary), exponent: 0, format: "BinarySI" };
  return { factor: 1n, exponent: Number(suffix.slice(1)), format: "DecimalExponent" };
}

/** `value` times 10^exponent, rounded away from zero; `value` is not negative. */
function scaleUp(value: bigint, exponent: number): bigint {
  if (exponent >= 0) return value * 10n ** BigInt(exponent);
  const divisor = 10n ** BigInt(-exponent);
  return (value + divisor - 1n) / divisor;
}

/** The canonical form: no fraction, the largest suffix that keeps the value exact. */
export function formatQuantity({ nanos, format }: QuantityValue): string {
  if (nanos === 0n) return "0";
  const isBinary = format === "BinarySI" && nanos % nanosPerUnit === 0n && abs(nanos) >= 1024n * nanosPerUnit;
  if (isBinary) {
    const [value, power] = divideOut(nanos / nanosPerUnit, 1024n, binarySuffixes.length - 1);
    return `${value}${binarySuffixes[power]}`;
  }
  const [value, power] = divideOut(nanos, 1000n, format === "DecimalExponent" ? Infinity : decimalSuffixes.length - 1);
  if (format !== "DecimalExponent") return `${value}${decimalSuffixes[power]}`;
  const exponent = nanoExponent + 3 * power;
  return exponent === 0 ? String(value) : `${value}e${exponent}`;
}

/** Divides by `factor` while that is exact, at most `most` times; `value` is not zero. */
function divideOut(value: bigint, factor: bigint, most: number): [value: bigint, times: number] {
  let rest = value;
  let times = 0;
  while (times < most && rest % factor === 0n) {
    rest /= factor;
    times++;
  }
  return [rest, times];
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** The sum, in the format of the first that is not zero, as `Quantity.Add`. */
export function addQuantities(a: QuantityValue, b: QuantityValue): QuantityValue {
  return { nanos: a.nanos + b.nanos, format: a.nanos === 0n ? b.format : a.format };
}

/** Negative if `a` is less than `b`, 0 if they are equal in value, positive if it is more. */
export function compareQuantities(a: QuantityValue, b: QuantityValue): number {
  return a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0;
}

/** The value in units (cores, bytes), as the nearest double. */
export function quantityToNumber({ nanos }: QuantityValue): number {
  return Number(nanos / nanosPerUnit) + Number(nanos % nanosPerUnit) / 1e9;
}
