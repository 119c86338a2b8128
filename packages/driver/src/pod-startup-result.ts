import {
  histogramOf,
  type PodPhase,
  type PodPhaseResult,
  type PodStartupResult,
  podPhases,
  quantiles,
  type Recorder,
} from "@hollowfleet/metrics";
import { type PodStartupTracker, type PodTimes, type StartupPhase, startupSpans } from "./probes/pod-startup.ts";

type Load = PodStartupResult["load"];
type Histogram = ReturnType<typeof histogramOf>;

/** The startup of one load, with the histogram that its verdict is made from. */
export interface PodStartupOutcome {
  readonly load: Load;
  readonly result: PodStartupResult;
  readonly total: Histogram;
}

/** Which of our spans each phase is made from: our own watch, and the API's one-second stamps where it has them. */
const sources: Readonly<Record<PodPhase, { readonly watch: StartupPhase; readonly api?: StartupPhase }>> = {
  "created-to-scheduled": { watch: "create_to_schedule", api: "api_create_to_schedule" },
  "scheduled-to-started": { watch: "schedule_to_start", api: "api_schedule_to_start" },
  "started-to-observed": { watch: "start_to_observe" },
  "created-to-observed": { watch: "total", api: "api_total" },
};

/** Records every pod's spans and sums them up per load. To be called once, at the end of a run. */
export function podStartupResults(tracker: PodStartupTracker, recorder: Recorder): PodStartupOutcome[] {
  const pods = [...tracker.pods];
  const loads = (["latency", "saturation"] as const).filter((load) => pods.some((pod) => pod.group === load));
  for (const pod of pods) record(pod, recorder);
  const snapshot = recorder.snapshot();
  return loads.map((load) => {
    const mine = pods.filter((pod) => pod.group === load);
    const ready = mine.filter((pod) => pod.observedUs !== undefined).length;
    const of = (phase: PodPhase, clock: "watch" | "api"): Histogram =>
      histogramOf(snapshot, "pod_startup", { load, phase, clock });
    const phases = podPhases.map((phase): PodPhaseResult => {
      const api = of(phase, "api");
      return { phase, watch: quantiles(of(phase, "watch")), ...(api.count > 0 && { api: quantiles(api) }) };
    });
    const total = of("created-to-observed", "watch");
    const simulated = quantiles(histogramOf(snapshot, "pod_simulated", { load }));
    const mean = quantiles(total).mean;
    return {
      load,
      total,
      result: {
        load,
        created: mine.length,
        ready,
        neverReady: mine.length - ready,
        phases,
        simulated: { meanUs: simulated.mean, share: mean > 0 ? Math.min(1, simulated.mean / mean) : 0 },
      },
    };
  });
}

function record(pod: PodTimes, recorder: Recorder): void {
  const spans = startupSpans(pod);
  const load = pod.group;
  for (const phase of podPhases) {
    const { watch, api } = sources[phase];
    const own = spans[watch];
    const stamped = api === undefined ? undefined : spans[api];
    if (own !== undefined) recorder.observe("pod_startup", { load, phase, clock: "watch" }, own);
    if (stamped !== undefined) recorder.observe("pod_startup", { load, phase, clock: "api" }, stamped);
  }
  if (spans.simulated !== undefined) recorder.observe("pod_simulated", { load }, spans.simulated);
}
