import type { Random } from "./random.ts";

/** A span of time as scenarios write it. All figures in milliseconds. */
export type Distribution =
  | { readonly kind: "constant"; readonly ms: number }
  | { readonly kind: "uniform"; readonly minMs: number; readonly maxMs: number }
  | { readonly kind: "normal"; readonly meanMs: number; readonly stddevMs: number }
  | { readonly kind: "exponential"; readonly meanMs: number }
  /** By its median and its 99th percentile, which people know, rather than by mu and sigma, which they do not. */
  | { readonly kind: "lognormal"; readonly medianMs: number; readonly p99Ms: number };

/** The 99th percentile of the standard normal distribution. */
const z99 = 2.3263478740408408;

/** One draw, never below 0. */
export function sample(distribution: Distribution, random: Random): number {
  switch (distribution.kind) {
    case "constant":
      return distribution.ms;
    case "uniform":
      return distribution.minMs + random.next() * (distribution.maxMs - distribution.minMs);
    case "normal":
      return Math.max(0, distribution.meanMs + distribution.stddevMs * standardNormal(random));
    case "exponential":
      return -Math.log(1 - random.next()) * distribution.meanMs;
    case "lognormal": {
      const sigma = Math.log(distribution.p99Ms / distribution.medianMs) / z99;
      return distribution.medianMs * Math.exp(sigma * standardNormal(random));
    }
  }
}

/** Box and Muller's transform; the second value of the pair is thrown away so that each draw stands alone. */
function standardNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

const spanPattern = /^(\d+(?:\.\d+)?)(us|ms|s|m|h)?$/;
const unitMs: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * A span such as "250ms", "1.5s", "10m", "2h" in milliseconds; a bare number means seconds, as in Kubernetes' own fields.
 * Undefined when the text is none.
 */
export function parseSpanMs(text: string): number | undefined {
  const match = spanPattern.exec(text.trim());
  if (match === null) return undefined;
  return Number(match[1]) * (unitMs[match[2] ?? "s"] ?? 1000);
}

const callPattern = /^(uniform|normal|exponential|lognormal)\(([^)]*)\)$/;

/**
 * A distribution as flags write it: "400ms", "uniform(100ms,1s)", "normal(400ms,50ms)", "exponential(2s)",
 * "lognormal(400ms,2s)" (median and 99th percentile). Undefined when the text is none.
 */
export function parseDistribution(text: string): Distribution | undefined {
  const constant = parseSpanMs(text);
  if (constant !== undefined) return { kind: "constant", ms: constant };
  const call = callPattern.exec(text.replaceAll(" ", ""));
  if (call === null) return undefined;
  const [first, second] = (call[2] ?? "").split(",").map((part) => parseSpanMs(part));
  if (first === undefined) return undefined;
  if (call[1] === "exponential") return second === undefined ? { kind: "exponential", meanMs: first } : undefined;
  if (second === undefined) return undefined;
  if (call[1] === "uniform") return first <= second ? { kind: "uniform", minMs: first, maxMs: second } : undefined;
  if (call[1] === "normal") return { kind: "normal", meanMs: first, stddevMs: second };
  return first > 0 && first < second ? { kind: "lognormal", medianMs: first, p99Ms: second } : undefined;
}
