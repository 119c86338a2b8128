/** Labels of each metric, in the order in which a series is named. */
export interface MetricLabels {
  lag: "source";
  node_ready: never;
  lease_delay: never;
  lease_gap: never;
  pod_startup: "load" | "phase" | "clock";
  pod_simulated: "load";
  pod_deletion: never;
  event_loop_delay: never;
  dropped_starts: "verb" | "resource" | "subresource" | "scope";
  lease_renewals: "result";
  node_transitions: "to";
  kubelet_errors: "where" | "code";
}

export type MetricName = keyof MetricLabels;

/** The values of a metric's labels, all of them given. */
export type LabelsOf<M extends MetricName> = Readonly<Record<MetricLabels[M], string>>;

/** Labels of any metric. */
export type Labels = Readonly<Record<string, string>>;

export interface MetricInfo<M extends MetricName = MetricName> {
  readonly kind: "histogram" | "counter";
  /** Histograms hold µs; counters count things. */
  readonly unit: "us" | "1";
  readonly labels: readonly MetricLabels[M][];
  readonly meaning: string;
}

/** Every metric that is written by name, once. API calls have a series type of their own, `CallSeries`. */
export const builtinMetrics: { readonly [M in MetricName]: MetricInfo<M> } = {
  lag: histogram(["source"], "how late a call was written after it was due; the simulator's own delay, in no latency"),
  node_ready: histogram([], "from the start of a node's registration until a watch outside the fleet saw it Ready"),
  lease_delay: histogram([], "from when a lease renewal was due until its bytes were written"),
  lease_gap: histogram([], "between two renewals of one lease, by their arrival at a watch outside the fleet"),
  pod_startup: histogram(
    ["load", "phase", "clock"],
    "one phase of a pod's startup; load is latency or saturation, clock is watch (ours, µs) or api (one-second stamps)",
  ),
  pod_simulated: histogram(["load"], "the part of a pod's startup that the hollow kubelet spent waiting on purpose"),
  pod_deletion: histogram([], "from the request to delete a pod until a watch saw it gone"),
  event_loop_delay: histogram([], "how late a thread's event loop ran a timer"),
  dropped_starts: counter(
    ["verb", "resource", "subresource", "scope"],
    "calls that were due but not started, because the cap of calls in flight was reached",
  ),
  lease_renewals: counter(["result"], "lease renewals by result: ok or failed"),
  node_transitions: counter(["to"], "changes of a node's Ready condition, seen from outside"),
  kubelet_errors: counter(["where", "code"], "what a real kubelet would have logged as an error"),
};

function histogram<L extends string>(labels: readonly L[], meaning: string): Info<"histogram", "us", L> {
  return { kind: "histogram", unit: "us", labels, meaning };
}

function counter<L extends string>(labels: readonly L[], meaning: string): Info<"counter", "1", L> {
  return { kind: "counter", unit: "1", labels, meaning };
}

interface Info<Kind, Unit, L> {
  readonly kind: Kind;
  readonly unit: Unit;
  readonly labels: readonly L[];
  readonly meaning: string;
}
