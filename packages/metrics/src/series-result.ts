import { type HistogramData, quantiles } from "./histogram.ts";
import type { CallSeriesResult, HistogramResult, MetricCounterResult, MetricHistogramResult } from "./run-result.ts";
import type { Snapshot } from "./snapshot.ts";

/** The series of a run result, in a fixed order so that two results can be laid side by side. */
export interface SeriesResults {
  readonly series: readonly CallSeriesResult[];
  readonly histograms: readonly MetricHistogramResult[];
  readonly counters: readonly MetricCounterResult[];
}

export function histogramResult(data: HistogramData): HistogramResult {
  return { ...data, quantiles: quantiles(data) };
}

export function seriesResults(snapshot: Snapshot): SeriesResults {
  return {
    series: snapshot.calls
      .map((series) => ({
        ...series,
        latency: histogramResult(series.latency),
        intended: histogramResult(series.intended),
      }))
      .sort(
        byText((series) => [
          series.source,
          series.resource,
          series.subresource,
          series.verb,
          series.scope,
          series.code,
        ]),
      ),
    histograms: snapshot.histograms
      .map((series) => ({ ...series, histogram: histogramResult(series.histogram) }))
      .sort(byText((series) => [series.metric, ...Object.values(series.labels)])),
    counters: [...snapshot.counters].sort(byText((series) => [series.metric, ...Object.values(series.labels)])),
  };
}

function byText<T>(partsOf: (value: T) => readonly string[]): (a: T, b: T) => number {
  return (a, b) => {
    const [left, right] = [partsOf(a).join("\u0000"), partsOf(b).join("\u0000")];
    return left < right ? -1 : left > right ? 1 : 0;
  };
}
