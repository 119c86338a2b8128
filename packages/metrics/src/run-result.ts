import type { Labels, MetricName } from "./builtin.ts";
import type { HistogramData, Quantiles } from "./histogram.ts";
import type { Outcome } from "./outcome.ts";
import type { SelfCheckResult } from "./self-check.ts";
import type { CallLabels } from "./snapshot.ts";
import type { ClientSideVerdict, OfficialVerdict, PodStartupVerdict } from "./verdict.ts";

/** Raised with every change that an older reader would misread. Published as `schema/run.schema.json`. */
export const runSchemaVersion = "hollowfleet.run/v1";

/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** One execution of a scenario: all that reports and comparisons are made of. Times on the wall in RFC 3339, UTC. */
export interface RunResult {
  readonly schemaVersion: typeof runSchemaVersion;
  readonly outcome: Outcome;
  readonly exitCode: number;
  /** Why there is no verdict: what an error or an interruption said. */
  readonly message?: string;
  readonly manifest: Manifest;
  readonly phases: readonly PhaseResult[];
  /** API calls of driver and kubelets, over the whole run. */
  readonly series: readonly CallSeriesResult[];
  readonly histograms: readonly MetricHistogramResult[];
  readonly counters: readonly MetricCounterResult[];
  readonly podStartup: readonly PodStartupResult[];
  readonly nodes: NodesResult;
  readonly leases: LeasesResult;
  readonly verdicts: Verdicts;
  readonly selfCheck: SelfCheckResult;
  readonly resources: ResourcesResult;
  readonly cleanup: CleanupResult;
  /** What went wrong on purpose; absent without a fault plan. */
  readonly injected?: readonly InjectedFault[];
}

/** The injector's own ledger of one rule. Spans in ms. */
export interface InjectedFault {
  /** As a flag has it, e.g. `delay=1500ms,share=0.03,verb=PUT`. */
  readonly rule: string;
  /** Requests that it was about. */
  readonly seen: number;
  /** Requests that it changed. */
  readonly hit: number;
  readonly delaySumMs: number;
  readonly delayMsMax: number;
}

/** What has to be equal for two runs to be comparable, and where they ran. */
export interface Manifest {
  readonly runId: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly durationMs: number;
  /** hollowfleet and node; kubernetes, etcd where known. */
  readonly versions: Readonly<Record<string, string>>;
  readonly git?: { readonly commit: string; readonly dirty: boolean };
  readonly host: HostFacts;
  readonly target: TargetFacts;
  /** Flags of the components as set by us, e.g. `kube-scheduler.kube-api-qps`. */
  readonly targetSettings: Readonly<Record<string, string>>;
  readonly identity: string;
  readonly connections: string;
  readonly profile: string;
  readonly watches: string;
  readonly seed: number;
  /** The full scenario after defaults and overrides; at least its name. */
  readonly scenario: { readonly name: string; readonly [key: string]: Json };
  /** The command line as given. */
  readonly flags: readonly string[];
}

export interface HostFacts {
  readonly cpuModel: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly os: string;
}

export interface TargetFacts {
  readonly kind: "local" | "embedded" | "kind" | "kubeconfig";
  /** False for the embedded API server, which is no real control plane. */
  readonly real: boolean;
  readonly version?: string;
  readonly context?: string;
}

/** One phase of the scenario, from the run's start. */
export interface PhaseResult {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly ended: "done" | "interrupted" | "timeout" | "failed";
  /** What it did, e.g. `pods: 10000`. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Spans in µs. */
export interface CallSeriesResult extends CallLabels {
  readonly latency: HistogramResult;
  readonly intended: HistogramResult;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly attempts: number;
  readonly rejected: number;
}

/** A histogram with its quantiles written out, so that a reader needs no HDR library. µs. */
export interface HistogramResult extends HistogramData {
  readonly quantiles: Quantiles;
}

export interface MetricHistogramResult {
  readonly metric: MetricName;
  readonly labels: Labels;
  readonly histogram: HistogramResult;
}

export interface MetricCounterResult {
  readonly metric: MetricName;
  readonly labels: Labels;
  readonly value: number;
}

/** Startup of the pods of one load: `latency` (one by one, the gate) or `saturation` (while the cluster filled). */
export interface PodStartupResult {
  readonly load: "latency" | "saturation";
  readonly created: number;
  readonly ready: number;
  readonly neverReady: number;
  readonly phases: readonly PodPhaseResult[];
  /** What the hollow kubelet spent waiting on purpose, and its share of the whole startup. */
  readonly simulated: { readonly meanUs: number; readonly share: number };
}

export const podPhases = [
  "created-to-scheduled",
  "scheduled-to-started",
  "started-to-observed",
  "created-to-observed",
] as const;
export type PodPhase = (typeof podPhases)[number];

export interface PodPhaseResult {
  readonly phase: PodPhase;
  /** By our own watch, µs. */
  readonly watch: Quantiles;
  /** By the API's one-second timestamps, as ClusterLoader2 did, µs; absent where the API has none. */
  readonly api?: Quantiles;
}

export interface NodesResult {
  readonly planned: number;
  readonly registered: number;
  readonly ready: number;
  /** Times that a node left Ready after it had been Ready. */
  readonly notReadyOnceReady: number;
  /** From the start of a node's registration until it was seen Ready, µs. */
  readonly readyAfter: Quantiles;
}

export interface LeasesResult {
  /** Renewals due while the server answered, and those of them seen by a watch outside the fleet. */
  readonly due: number;
  readonly seen: number;
  /** Gaps above 15 s by arrival: `ours` where our own delay exceeded 1 s, else `server`. */
  readonly lateOurs: number;
  readonly lateServer: number;
  readonly gap: Quantiles;
  /** Due → written, µs. */
  readonly delay: Quantiles;
}

export interface Verdicts {
  readonly official: OfficialVerdict;
  readonly clientSide: ClientSideVerdict;
  /** By load; only `latency` is a gate, `saturation` stands beside it. */
  readonly podStartup: { readonly latency?: PodStartupVerdict; readonly saturation?: PodStartupVerdict };
}

export interface ResourcesResult {
  readonly simulator: {
    /** Of the process, all threads. */
    readonly cpuSeconds: number;
    readonly rssBytesMax: number;
    readonly threads: readonly ThreadUsage[];
  };
  readonly controlPlane: readonly ComponentUsage[];
}

export interface ThreadUsage {
  readonly name: string;
  readonly cpuSeconds: number;
  /** Ready to run, but no CPU was free. */
  readonly runQueueWaitSeconds: number;
  /** Share of the busiest 10 seconds in which its event loop was not idle. */
  readonly busyMax10s: number;
}

export interface ComponentUsage {
  readonly component: string;
  readonly cpuSeconds: number;
  /** Absent where it is a thread of our own process. */
  readonly rssBytesMax?: number;
}

/** What was left behind. */
export interface CleanupResult {
  readonly state: "clean" | "left-over" | "skipped";
  readonly left: readonly { readonly resource: string; readonly count: number }[];
}
