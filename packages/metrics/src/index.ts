export { builtinMetrics, type Labels, type LabelsOf, type MetricInfo, type MetricName } from "./builtin.ts";
export {
  countAbove,
  emptyHistogram,
  Histogram,
  type HistogramData,
  highestUs,
  mergeHistograms,
  type Quantiles,
  quantiles,
  subtractHistogram,
} from "./histogram.ts";
export { MetricsError, type MetricsErrorCode } from "./metrics-error.ts";
export {
  combinedStatus,
  exitCodeOf,
  type Outcome,
  type OutcomeInfo,
  outcomeOf,
  outcomes,
  type RunEnding,
  type VerdictStatus,
} from "./outcome.ts";
export { type ExpositionSample, escapeLabelValue, parseExposition } from "./prometheus-text.ts";
export { type CallSample, createRecorder, type Recorder, type RecorderOptions } from "./recorder.ts";
export {
  type CallSeriesResult,
  type CleanupResult,
  type ComponentUsage,
  type HistogramResult,
  type HostFacts,
  type InjectedFault,
  type Json,
  type LeasesResult,
  type Manifest,
  type MetricCounterResult,
  type MetricHistogramResult,
  type NodesResult,
  type PhaseResult,
  type PodPhase,
  type PodPhaseResult,
  type PodStartupResult,
  podPhases,
  type ResourcesResult,
  type RunResult,
  runSchemaVersion,
  type TargetFacts,
  type ThreadUsage,
  type Verdicts,
} from "./run-result.ts";
export {
  type InvalidCode,
  type InvalidReason,
  type SelfCheckFigures,
  type SelfCheckResult,
  selfCheck,
} from "./self-check.ts";
export { histogramResult, type SeriesResults, seriesResults } from "./series-result.ts";
export { apiLimitsUs, apiSloRow, minSamples, podStartupLimitUs } from "./slo/api-slo.ts";
export { type CallOutcome, callOutcome } from "./slo/call-outcome.ts";
export { judgeClientSide } from "./slo/client-side.ts";
export { judgeEnvelope, type LoadFacts } from "./slo/envelope.ts";
export { judgeOfficial } from "./slo/official.ts";
export { judgePodStartup, type PodStartupFacts } from "./slo/pod-startup.ts";
export {
  type RequestCount,
  type RequestKey,
  readServerScrape,
  type ServerScrape,
  type SliSeries,
} from "./slo/server-scrape.ts";
export {
  type CallLabels,
  type CallSeries,
  type CallSource,
  callKey,
  counterOf,
  emptySnapshot,
  histogramOf,
  type MetricCounter,
  type MetricHistogram,
  mergeCallSeries,
  mergeSnapshots,
  type Snapshot,
  snapshotDelta,
} from "./snapshot.ts";
export { parseRunResult, runSchemaUrl, validateRunResult } from "./validate-run-result.ts";
export type {
  ClientSideRow,
  ClientSideVerdict,
  EnvelopeBreach,
  EnvelopeVerdict,
  OfficialRow,
  OfficialVerdict,
  OutsideRequests,
  PodStartupVerdict,
  SloKey,
  SloRow,
} from "./verdict.ts";
