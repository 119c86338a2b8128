import type { Labels, MetricName } from "./builtin.ts";
import { type HistogramData, mergeHistograms, subtractHistogram } from "./histogram.ts";

/** Who made a call: the driver, whose calls are judged, or a hollow kubelet, whose calls are part of the load. */
export type CallSource = "driver" | "kubelet";

/** What tells one series of API calls from another. */
export interface CallLabels {
  readonly source: CallSource;
  readonly verb: string;
  readonly resource: string;
  readonly subresource: string;
  readonly scope: string;
  /** HTTP status of the final answer, or the client's error code when there was none. */
  readonly code: string;
}

/** One series of API calls, cumulative since the recorder was made. */
export interface CallSeries extends CallLabels {
  /** From the actual start to the end of the logical call. */
  readonly latency: HistogramData;
  /** From when it was due: what a user who did not wait for us would have felt. */
  readonly intended: HistogramData;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly attempts: number;
  /** Attempts that were answered 429. */
  readonly rejected: number;
}

export interface MetricHistogram {
  readonly metric: MetricName;
  readonly labels: Labels;
  readonly histogram: HistogramData;
}

export interface MetricCounter {
  readonly metric: MetricName;
  readonly labels: Labels;
  readonly value: number;
}

/** Everything a recorder knows, cumulative, as plain data. The order of the series has no meaning. */
export interface Snapshot {
  readonly calls: readonly CallSeries[];
  readonly histograms: readonly MetricHistogram[];
  readonly counters: readonly MetricCounter[];
  /** Samples that went to an overflow series, because the ceiling of series was reached. */
  readonly overflowed: number;
}

export const emptySnapshot: Snapshot = { calls: [], histograms: [], counters: [], overflowed: 0 };

/** Separates label values in a key; it can be in no Kubernetes name. */
const separator = "\u0000";

export function callKey(labels: CallLabels): string {
  const { source, verb, resource, subresource, scope, code } = labels;
  return [source, verb, resource, subresource, scope, code].join(separator);
}

/** The same key for the same labels, whatever their order. */
function metricKey(metric: MetricName, labels: Labels): string {
  const parts = Object.keys(labels)
    .sort()
    .map((name) => `${name}=${labels[name]}`);
  return [metric, ...parts].join(separator);
}

/** One snapshot of what all recorders saw. */
export function mergeSnapshots(snapshots: readonly Snapshot[]): Snapshot {
  const [first] = snapshots;
  if (snapshots.length === 1 && first !== undefined) return first;
  return {
    calls: grouped(snapshots, (snapshot) => snapshot.calls, callKey).map(mergeCallSeries),
    histograms: grouped(snapshots, (snapshot) => snapshot.histograms, seriesKey).map(([head, ...rest]) => ({
      ...head,
      histogram: mergeHistograms([head, ...rest].map((series) => series.histogram)),
    })),
    counters: grouped(snapshots, (snapshot) => snapshot.counters, seriesKey).map(([head, ...rest]) => ({
      ...head,
      value: rest.reduce((sum, series) => sum + series.value, head.value),
    })),
    overflowed: snapshots.reduce((sum, snapshot) => sum + snapshot.overflowed, 0),
  };
}

/** One series of the samples of all, under the labels of the first: how codes or sources are pooled. */
export function mergeCallSeries([head, ...rest]: readonly [CallSeries, ...CallSeries[]]): CallSeries {
  const all = [head, ...rest];
  const sum = (of: (series: CallSeries) => number): number => all.reduce((total, series) => total + of(series), 0);
  return {
    ...head,
    latency: mergeHistograms(all.map((series) => series.latency)),
    intended: mergeHistograms(all.map((series) => series.intended)),
    requestBytes: sum((series) => series.requestBytes),
    responseBytes: sum((series) => series.responseBytes),
    attempts: sum((series) => series.attempts),
    rejected: sum((series) => series.rejected),
  };
}

/** What was recorded between two snapshots of the same recorders: one phase of a run. Empty series are left out. */
export function snapshotDelta(later: Snapshot, earlier: Snapshot): Snapshot {
  const calls = new Map(earlier.calls.map((series) => [callKey(series), series]));
  const histograms = new Map(earlier.histograms.map((series) => [seriesKey(series), series.histogram]));
  const counters = new Map(earlier.counters.map((series) => [seriesKey(series), series.value]));
  return {
    calls: later.calls
      .map((series) => subtractCallSeries(series, calls.get(callKey(series))))
      .filter((series) => series.latency.count > 0),
    histograms: later.histograms
      .map((series) => {
        const before = histograms.get(seriesKey(series));
        return before === undefined ? series : { ...series, histogram: subtractHistogram(series.histogram, before) };
      })
      .filter((series) => series.histogram.count > 0),
    counters: later.counters
      .map((series) => ({ ...series, value: series.value - (counters.get(seriesKey(series)) ?? 0) }))
      .filter((series) => series.value > 0),
    overflowed: later.overflowed - earlier.overflowed,
  };
}

function subtractCallSeries(later: CallSeries, earlier: CallSeries | undefined): CallSeries {
  if (earlier === undefined) return later;
  return {
    ...later,
    latency: subtractHistogram(later.latency, earlier.latency),
    intended: subtractHistogram(later.intended, earlier.intended),
    requestBytes: later.requestBytes - earlier.requestBytes,
    responseBytes: later.responseBytes - earlier.responseBytes,
    attempts: later.attempts - earlier.attempts,
    rejected: later.rejected - earlier.rejected,
  };
}

function seriesKey(series: { readonly metric: MetricName; readonly labels: Labels }): string {
  return metricKey(series.metric, series.labels);
}

function grouped<T>(
  snapshots: readonly Snapshot[],
  seriesOf: (snapshot: Snapshot) => readonly T[],
  keyOf: (series: T) => string,
): readonly (readonly [T, ...T[]])[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const snapshot of snapshots) {
    for (const series of seriesOf(snapshot)) {
      const key = keyOf(series);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [series]);
      else group.push(series);
    }
  }
  return [...groups.values()];
}

/** The histogram of one metric over all series whose labels include the given ones. */
export function histogramOf(snapshot: Snapshot, metric: MetricName, labels: Labels = {}): HistogramData {
  return mergeHistograms(
    snapshot.histograms
      .filter((series) => series.metric === metric && matches(series.labels, labels))
      .map((series) => series.histogram),
  );
}

/** The sum of one counter over all series whose labels include the given ones. */
export function counterOf(snapshot: Snapshot, metric: MetricName, labels: Labels = {}): number {
  return snapshot.counters
    .filter((series) => series.metric === metric && matches(series.labels, labels))
    .reduce((sum, series) => sum + series.value, 0);
}

function matches(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}
