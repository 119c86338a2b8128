import * as hdr from "hdr-histogram-js";
import { MetricsError } from "./metrics-error.ts";

/** Values above are recorded as this one and counted as clamped: 1 h in µs. */
export const highestUs = 3_600_000_000;

const significantDigits = 3;

/**
 * A histogram as data: structured-cloneable and JSON. All values in integer µs. The counts are exact to 3 significant
 * digits; count, sum, min and max are kept beside them because the encoded form rounds them to its buckets.
 */
export interface HistogramData {
  readonly count: number;
  readonly sumUs: number;
  /** 0 when empty. */
  readonly minUs: number;
  /** 0 when empty; never above `highestUs`. */
  readonly maxUs: number;
  /** How many values were above `highestUs`. */
  readonly clamped: number;
  /** HDR V2 compressed, base64; "" when empty. */
  readonly hdr: string;
}

/** What a reader wants of a histogram, in µs. A quantile is the upper end of its bucket, at most 0.1 % too high. */
export interface Quantiles {
  readonly count: number;
  readonly min: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export const emptyHistogram: HistogramData = { count: 0, sumUs: 0, minUs: 0, maxUs: 0, clamped: 0, hdr: "" };

/** Records integer µs between 0 and 1 h. It starts at 8 KB and grows with the largest value seen, to 92 KB at 1 h. */
export class Histogram {
  #counts: hdr.Histogram | undefined;
  #count = 0;
  #sumUs = 0;
  #minUs = Number.POSITIVE_INFINITY;
  #maxUs = 0;
  #clamped = 0;

  get count(): number {
    return this.#count;
  }

  /** Fractions are rounded; anything below 0, a clock that stepped back, is recorded as 0. */
  record(valueUs: number): void {
    let value = Math.round(valueUs);
    if (!(value > 0)) value = 0;
    else if (value > highestUs) {
      value = highestUs;
      this.#clamped++;
    }
    this.#counts ??= emptyCounts();
    this.#counts.recordValue(value);
    this.#count++;
    this.#sumUs += value;
    if (value < this.#minUs) this.#minUs = value;
    if (value > this.#maxUs) this.#maxUs = value;
  }

  /** Adds the other's counts, as if its values had been recorded here. */
  add(data: HistogramData): void {
    if (data.count === 0) return;
    this.#counts ??= emptyCounts();
    this.#counts.add(decodeCounts(data.hdr));
    this.#count += data.count;
    this.#sumUs += data.sumUs;
    this.#clamped += data.clamped;
    this.#minUs = Math.min(this.#minUs, data.minUs);
    this.#maxUs = Math.max(this.#maxUs, data.maxUs);
  }

  /** Encodes; call it at window edges only. */
  data(): HistogramData {
    if (this.#counts === undefined) return emptyHistogram;
    return {
      count: this.#count,
      sumUs: this.#sumUs,
      minUs: this.#minUs,
      maxUs: this.#maxUs,
      clamped: this.#clamped,
      hdr: hdr.encodeIntoCompressedBase64(this.#counts),
    };
  }
}

/** One histogram of all values: counts are added, percentiles never averaged. */
export function mergeHistograms(histograms: readonly HistogramData[]): HistogramData {
  const filled = histograms.filter((histogram) => histogram.count > 0);
  const [first] = filled;
  if (first === undefined) return emptyHistogram;
  if (filled.length === 1) return first;
  const merged = new Histogram();
  for (const histogram of filled) merged.add(histogram);
  return merged.data();
}

/**
 * What was recorded between two readings of one cumulative histogram. Its min and max are those of the buckets, since
 * the exact ones of a part are not known.
 */
export function subtractHistogram(later: HistogramData, earlier: HistogramData): HistogramData {
  if (earlier.count === 0) return later;
  const count = later.count - earlier.count;
  if (count <= 0) return emptyHistogram;
  const counts = emptyCounts();
  counts.add(decodeCounts(later.hdr));
  counts.subtract(decodeCounts(earlier.hdr));
  const maxUs = Math.min(counts.getValueAtPercentile(100), later.maxUs);
  return {
    count,
    sumUs: later.sumUs - earlier.sumUs,
    minUs: Math.min(counts.getValueAtPercentile(0), maxUs),
    maxUs,
    clamped: later.clamped - earlier.clamped,
    hdr: hdr.encodeIntoCompressedBase64(counts),
  };
}

export function quantiles(data: HistogramData): Quantiles {
  if (data.count === 0) return { count: 0, min: 0, mean: 0, p50: 0, p90: 0, p95: 0, p99: 0, p999: 0, max: 0 };
  const counts = decodeCounts(data.hdr);
  // The bucket's upper end may lie above the largest value that was really recorded.
  const at = (percentile: number): number => Math.min(counts.getValueAtPercentile(percentile), data.maxUs);
  return {
    count: data.count,
    min: data.minUs,
    mean: Math.round(data.sumUs / data.count),
    p50: at(50),
    p90: at(90),
    p95: at(95),
    p99: at(99),
    p999: at(99.9),
    max: data.maxUs,
  };
}

/** How many values lie above a limit. A value equal to the limit within the histogram's 3 digits is not above it. */
export function countAbove(data: HistogramData, limitUs: number): number {
  if (data.count === 0 || data.maxUs <= limitUs) return 0;
  const counts = decodeCounts(data.hdr);
  const first = counts.countsArrayIndex(limitUs) + 1;
  let above = 0;
  for (let index = first; index < counts.countsArrayLength; index++) above += counts.getCountAtIndex(index);
  return above;
}

function emptyCounts(): hdr.JsHistogram {
  const histogram = hdr.build({
    bitBucketSize: 32,
    autoResize: true,
    numberOfSignificantValueDigits: significantDigits,
  });
  return histogram as hdr.JsHistogram;
}

function decodeCounts(text: string): hdr.JsHistogram {
  try {
    return hdr.decodeFromCompressedBase64(text) as hdr.JsHistogram;
  } catch (error) {
    throw notAHistogram(error);
  }
}

function notAHistogram(cause: unknown): MetricsError {
  return new MetricsError("bad-histogram", "not a compressed HDR V2 histogram in base64", { cause });
}
