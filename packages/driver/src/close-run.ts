import { delay } from "@hollowfleet/core";
import type { FleetSummary } from "@hollowfleet/fleet";
import {
  type CleanupResult,
  emptySnapshot,
  mergeHistograms,
  quantiles,
  type RunResult,
  type Snapshot,
} from "@hollowfleet/metrics";
import type { OpenRun } from "./open-run.ts";
import { cleanUp, isClean } from "./phases/clean-up.ts";
import { buildResult } from "./result.ts";
import type { RunEnd } from "./run-end.ts";

/** A run that was cut short waits no longer than this for the server's figures: the server may be what broke. */
const lastScrapeMs = 3000;

/** Deletions per second when a run is cleaned up. */
const cleanUpRatePerS = 50;

/** Ends everything that `openRun` began, in order, and gives the result. What fails here is logged, never thrown. */
export async function closeRun(open: OpenRun, end: RunEnd): Promise<RunResult> {
  const { context, target } = open;
  const { clock, observers, logger } = context;
  // The heartbeats are judged up to now: the fleet stops next.
  const endUs = clock.nowUs();
  const nodes = observers.nodes.figures();
  context.phases.close();
  open.churn.close();
  await Promise.race([open.serverMetrics.finish(), ...(end.kind === "done" ? [] : [delay(clock, lastScrapeMs)])]);
  const fleet = await context.fleet.stop().catch((reason: unknown): FleetSummary => {
    logger.error("the fleet did not stop in good order", { reason: String(reason) });
    return { stats: context.fleet.stats(), snapshot: emptySnapshot, deaths: [] };
  });
  const leases = observers.leases.figures(endUs, meanRenewalCallUs(fleet.snapshot));
  const cleanup = await cleanUpAfter(open, end);
  const injected = await target.injected?.();
  open.stopTicking();
  observers.stop();
  const result = buildResult(open, end, { nodes, leases, fleet, cleanup, injected: injected ?? [] });
  await target.close().catch((reason: unknown) => logger.error("the target did not close", { reason: String(reason) }));
  return result;
}

/** What the server took to answer a renewal, µs: it is part of the period, which a kubelet counts from the answer on. */
function meanRenewalCallUs(snapshot: Snapshot): number {
  const renewals = snapshot.calls.filter(
    ({ source, verb, resource, code }) =>
      source === "kubelet" && verb === "PUT" && resource === "leases" && code === "200",
  );
  return quantiles(mergeHistograms(renewals.map(({ latency }) => latency))).mean;
}

/**
 * Deletes what the run created. A control plane of our own that is thrown away next needs it only after a whole run,
 * where it shows that the deletion works; a cluster that we did not start is always cleaned.
 */
async function cleanUpAfter(open: OpenRun, end: RunEnd): Promise<CleanupResult> {
  const { context, target } = open;
  const { scenario, clock, runId, logger, phases } = context;
  const ours = target.plane.target !== "existing";
  if (ours && end.kind !== "done") return { state: "skipped", left: [] };
  let cleanup: CleanupResult = { state: "left-over", left: [] };
  await phases
    .run("clean up", undefined, async () => {
      const left = await cleanUp({
        api: context.api,
        clock,
        runId,
        ratePerS: Math.max(cleanUpRatePerS, scenario.workload?.podRatePerS ?? 0),
        timeoutMs: scenario.timeouts.deletedMs,
        // A plane of our own is thrown away next: whoever asks to stop need not wait for a tidy one.
        signal: ours ? context.signal : new AbortController().signal,
      });
      const rows = Object.entries(left).map(([resource, count]) => ({ resource, count }));
      cleanup = isClean(left)
        ? { state: "clean", left: [] }
        : { state: "left-over", left: rows.filter((row) => row.count > 0) };
    })
    .catch((reason: unknown) => logger.error("cleaning up failed; run `hollow cleanup`", { reason: String(reason) }));
  return cleanup;
}
