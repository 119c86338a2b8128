import { builtinMetrics, type Labels, type LabelsOf, type MetricName } from "./builtin.ts";
import { Histogram } from "./histogram.ts";
import type { CallLabels, CallSeries, CallSource, MetricCounter, MetricHistogram, Snapshot } from "./snapshot.ts";

/** One logical API call, told when its final outcome is known. Spans in µs. */
export interface CallSample {
  readonly verb: string;
  readonly resource: string;
  /** "" for none. */
  readonly subresource: string;
  readonly scope: string;
  /** HTTP status of the final answer, or the client's error code when there was none. */
  readonly code: string;
  /** Actual start → end. */
  readonly latencyUs: number;
  /** Due → end. */
  readonly intendedLatencyUs: number;
  /** Due → written: our own delay. */
  readonly lagUs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly attempts: number;
  /** Attempts that were answered 429. */
  readonly rejected: number;
}

/** What driver, fleet and kubelets write to: one per thread, read by snapshot. */
export interface Recorder {
  call(source: CallSource, sample: CallSample): void;
  /** One value of a histogram metric. */
  observe<M extends MetricName>(metric: M, labels: LabelsOf<M>, valueUs: number): void;
  /** Adds to a counter metric; 1 by default. */
  count<M extends MetricName>(metric: M, labels: LabelsOf<M>, by?: number): void;
  /** Everything since the recorder was made. Encodes all histograms: call it at window edges only. */
  snapshot(): Snapshot;
}

export interface RecorderOptions {
  /**
   * Ceiling of series; 1000 by default, two histograms of up to 92 KB each. Samples of further series go to one overflow
   * series whose labels say "other", and are counted.
   */
  readonly maxSeries?: number;
}

export function createRecorder(options: RecorderOptions = {}): Recorder {
  return new SeriesRecorder(options.maxSeries ?? 1000);
}

interface LiveCallSeries {
  readonly labels: CallLabels;
  readonly latency: Histogram;
  readonly intended: Histogram;
  /** Shared by all series of a source: lag is the simulator's, not the resource's. */
  readonly lag: Histogram;
  requestBytes: number;
  responseBytes: number;
  attempts: number;
  rejected: number;
}

interface LiveHistogram {
  readonly metric: MetricName;
  readonly labels: Labels;
  readonly histogram: Histogram;
}

interface LiveCounter {
  readonly metric: MetricName;
  readonly labels: Labels;
  value: number;
}

/** Nested by label, so that finding a series builds no string: every step hashes an interned one. */
type Nested<V> = Map<string, V>;
type CallTree = Nested<Nested<Nested<Nested<Nested<LiveCallSeries>>>>>;

const other = "other";
const overflowLabels = { verb: other, resource: other, subresource: other, scope: other, code: other };

const separator = "\u0000";

class SeriesRecorder implements Recorder {
  readonly #maxSeries: number;
  readonly #trees: Record<CallSource, CallTree> = { driver: new Map(), kubelet: new Map() };
  readonly #calls: LiveCallSeries[] = [];
  readonly #histograms: Map<string, LiveHistogram> = new Map();
  readonly #counters: Map<string, LiveCounter> = new Map();
  readonly #overflow: Record<CallSource, LiveCallSeries | undefined> = { driver: undefined, kubelet: undefined };
  #overflowed = 0;

  constructor(maxSeries: number) {
    this.#maxSeries = maxSeries;
  }

  call(source: CallSource, sample: CallSample): void {
    const series = this.#callSeries(source, sample);
    series.latency.record(sample.latencyUs);
    series.intended.record(sample.intendedLatencyUs);
    series.requestBytes += sample.requestBytes;
    series.responseBytes += sample.responseBytes;
    series.attempts += sample.attempts;
    series.rejected += sample.rejected;
    series.lag.record(sample.lagUs);
  }

  observe<M extends MetricName>(metric: M, labels: LabelsOf<M>, valueUs: number): void {
    this.#histogram(metric, labels).record(valueUs);
  }

  count<M extends MetricName>(metric: M, labels: LabelsOf<M>, by = 1): void {
    this.#counter(metric, labels).value += by;
  }

  snapshot(): Snapshot {
    return {
      calls: this.#calls.map(callSnapshot),
      histograms: [...this.#histograms.values()].map(
        ({ metric, labels, histogram }): MetricHistogram => ({ metric, labels, histogram: histogram.data() }),
      ),
      counters: [...this.#counters.values()].map((series): MetricCounter => ({ ...series })),
      overflowed: this.#overflowed,
    };
  }

  #callSeries(source: CallSource, sample: CallSample): LiveCallSeries {
    const { verb, resource, subresource, scope, code } = sample;
    const known = this.#trees[source].get(verb)?.get(resource)?.get(subresource)?.get(scope)?.get(code);
    if (known !== undefined) return known;
    if (this.#full()) {
      this.#overflowed++;
      this.#overflow[source] ??= this.#newCallSeries({ source, ...overflowLabels });
      return this.#overflow[source];
    }
    const series = this.#newCallSeries({ source, verb, resource, subresource, scope, code });
    child(child(child(child(this.#trees[source], verb), resource), subresource), scope).set(code, series);
    return series;
  }

  #newCallSeries(labels: CallLabels): LiveCallSeries {
    const lag = this.#histogram("lag", { source: labels.source });
    const series = {
      labels,
      latency: new Histogram(),
      intended: new Histogram(),
      lag,
      requestBytes: 0,
      responseBytes: 0,
      attempts: 0,
      rejected: 0,
    };
    this.#calls.push(series);
    return series;
  }

  #histogram<M extends MetricName>(metric: M, labels: LabelsOf<M>): Histogram {
    const known = this.#histograms.get(keyOf(metric, labels));
    if (known !== undefined) return known.histogram;
    const kept = this.#admitted(metric, labels);
    const key = keyOf(metric, kept);
    const series = this.#histograms.get(key) ?? { metric, labels: kept, histogram: new Histogram() };
    this.#histograms.set(key, series);
    return series.histogram;
  }

  #counter<M extends MetricName>(metric: M, labels: LabelsOf<M>): LiveCounter {
    const known = this.#counters.get(keyOf(metric, labels));
    if (known !== undefined) return known;
    const kept = this.#admitted(metric, labels);
    const key = keyOf(metric, kept);
    const series = this.#counters.get(key) ?? { metric, labels: kept, value: 0 };
    this.#counters.set(key, series);
    return series;
  }

  /** The labels under which a new series is kept: its own, or "other" once there are too many. */
  #admitted<M extends MetricName>(metric: M, labels: LabelsOf<M>): Labels {
    const names: readonly string[] = builtinMetrics[metric].labels;
    if (!this.#full()) return Object.fromEntries(names.map((name) => [name, (labels as Labels)[name] ?? ""]));
    // A metric without labels has one series only, which is not what the ceiling is for.
    if (names.length > 0) this.#overflowed++;
    return Object.fromEntries(names.map((name) => [name, other]));
  }

  #full(): boolean {
    return this.#calls.length + this.#histograms.size + this.#counters.size >= this.#maxSeries;
  }
}

function keyOf(metric: MetricName, labels: Labels): string {
  const names: readonly string[] = builtinMetrics[metric].labels;
  const [first] = names;
  if (first === undefined) return metric;
  let key = metric + separator + labels[first];
  for (let index = 1; index < names.length; index++) key += separator + labels[names[index] ?? ""];
  return key;
}

function child<V>(tree: Nested<Nested<V>>, key: string): Nested<V> {
  let next = tree.get(key);
  if (next === undefined) {
    next = new Map();
    tree.set(key, next);
  }
  return next;
}

function callSnapshot(series: LiveCallSeries): CallSeries {
  const { labels, latency, intended, requestBytes, responseBytes, attempts, rejected } = series;
  return {
    ...labels,
    latency: latency.data(),
    intended: intended.data(),
    requestBytes,
    responseBytes,
    attempts,
    rejected,
  };
}
