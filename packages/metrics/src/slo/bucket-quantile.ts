/** A quantile of a histogram that knows only its buckets. */
export interface BucketQuantile {
  /** Interpolated inside its bucket, as Prometheus' histogram_quantile does; the last finite bound if above it. */
  readonly us: number;
  /** Upper bound of the bucket it lies in, null above the last bound: all that is really known. */
  readonly boundUs: number | null;
}

/**
 * The quantile (0 to 1) of cumulative bucket counts with ascending upper bounds in seconds. Undefined when empty.
 */
export function bucketQuantile(
  quantile: number,
  boundsSeconds: readonly number[],
  cumulative: readonly number[],
  count: number,
): BucketQuantile | undefined {
  if (count <= 0) return undefined;
  const rank = quantile * count;
  const index = cumulative.findIndex((below) => below >= rank);
  const upper = boundsSeconds[index];
  if (upper === undefined) return { us: Math.round((boundsSeconds.at(-1) ?? 0) * 1e6), boundUs: null };
  const lower = index === 0 ? 0 : (boundsSeconds[index - 1] ?? 0);
  const below = index === 0 ? 0 : (cumulative[index - 1] ?? 0);
  const inside = (cumulative[index] ?? 0) - below;
  const share = inside > 0 ? (rank - below) / inside : 1;
  return { us: Math.round((lower + (upper - lower) * share) * 1e6), boundUs: Math.round(upper * 1e6) };
}
