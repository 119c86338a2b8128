import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import { type Clock, seededRandom, systemClock, type Timer } from "@hollowfleet/core";
import { type Fleet, type FleetListener, type FleetPlan, InProcessFleet, ThreadedFleet } from "@hollowfleet/fleet";
import { createRecorder } from "@hollowfleet/metrics";
import { DriverCalls } from "./driver-calls.ts";
import { DriverError } from "./driver-error.ts";
import { aborted } from "./ending-with.ts";
import { Observers } from "./observers.ts";
import { PhaseLog } from "./phase-log.ts";
import { Churn } from "./probes/churn.ts";
import { ProcessMeter } from "./process-usage.ts";
import { ProgressMeter } from "./progress-meter.ts";
import type { RunContext } from "./run-context.ts";
import type { RunOptions } from "./run-options.ts";
import { ServerMetrics } from "./server-metrics.ts";
import { openTarget, type RunTarget } from "./target.ts";
import { UsageMeter } from "./usage-meter.ts";
import { planWorkload } from "./workload.ts";

/** A run that was begun, with everything that has to be ended again. */
export interface OpenRun {
  readonly options: RunOptions;
  readonly context: RunContext;
  readonly target: RunTarget;
  readonly calls: DriverCalls;
  readonly churn: Churn;
  readonly serverMetrics: ServerMetrics;
  readonly processes: ProcessMeter;
  readonly usage: UsageMeter;
  readonly startedMs: number;
  readonly startedUs: number;
  /** Ends the once-a-second work. */
  stopTicking(): void;
}

/** Brings up what the phases work with: the control plane, our own client, the observers, and the fleet, not yet started. */
export async function openRun(options: RunOptions): Promise<OpenRun> {
  const clock = systemClock;
  const runId = randomBytes(4).toString("hex");
  const startedMs = clock.nowMs();
  const startedUs = clock.nowUs();
  const recorder = createRecorder();
  const churn = new Churn();
  const calls = new DriverCalls(recorder, churn);
  const abort = new AbortController();
  // Every probe, wait and phase listens to it.
  setMaxListeners(0, abort.signal);
  const random = seededRandom(options.scenario.seed);
  const target = await openTarget(options, runId);
  try {
    const api = target.connect(calls);
    const observers = new Observers({
      api: target.connect(),
      clock,
      random: random.fork("observers"),
      recorder,
      churn,
      runId,
    });
    const fleet = createFleet(fleetPlan(options, target, runId), {
      onNews: (news) => observers.onNews(news),
      onDeath: (death) => {
        const what = `worker thread ${death.shard} with ${death.nodes.length} nodes (${death.nodes[0]} …) died: ${death.cause}`;
        abort.abort(new DriverError("fleet-died", what));
      },
    });
    const context: RunContext = {
      runId,
      namePrefix: target.namePrefix,
      scenario: options.scenario,
      workload: planWorkload(options.scenario, runId),
      clock,
      random,
      logger: options.logger,
      api,
      fleet,
      observers,
      recorder,
      phases: new PhaseLog(clock),
      signal: abort.signal,
    };
    abortOn(options, target, abort);
    // A server that dies now would be waited for without end; the phases see the abort and leave.
    await Promise.race([observers.start(), aborted(abort.signal)]);
    const open = { options, context, target, calls, churn, startedMs, startedUs };
    return { ...open, ...startTicking(open, clock) };
  } catch (thrown) {
    await target.close();
    throw thrown;
  }
}

/** What ends a run before its time: the user, or the death of a component that we started. */
function abortOn(options: RunOptions, target: RunTarget, abort: AbortController): void {
  const interrupt = (): void => abort.abort(new DriverError("interrupted", "stopped by the user"));
  if (options.signal.aborted) interrupt();
  else options.signal.addEventListener("abort", interrupt, { once: true });
  target.plane.onDeath((death) => {
    const tail = death.logTail.slice(-5).map((line) => `\n  ${line}`);
    const logs = target.logsDir === undefined ? "" : `\nIts whole log is in ${target.logsDir}.`;
    const what = `${death.component} ended (${death.cause}); its last lines:${tail.join("")}${logs}`;
    abort.abort(new DriverError("component-died", what));
  });
}

type Ticking = Pick<OpenRun, "serverMetrics" | "processes" | "usage" | "stopTicking">;

/** Once a second: the live display and what processes use; every minute: the server's own metrics. */
function startTicking(
  open: Pick<OpenRun, "options" | "context" | "target" | "calls" | "startedUs">,
  clock: Clock,
): Ticking {
  const { options, context, target, calls } = open;
  const { scenario, fleet, observers, phases } = context;
  const processes = new ProcessMeter();
  const usage = new UsageMeter(clock);
  const serverMetrics = new ServerMetrics(target.connect(), clock);
  const progress = new ProgressMeter({ clock, scenario, fleet, observers, calls, phases });
  let timer: Timer | undefined;
  const tick = (): void => {
    processes.sample(target.plane.processes());
    usage.sample();
    serverMetrics.tick();
    options.onProgress?.(progress.sample());
    timer = clock.setTimer(1000, tick);
  };
  tick();
  return { processes, usage, serverMetrics, stopTicking: () => timer?.cancel() };
}

function createFleet(plan: FleetPlan, listener: FleetListener): Fleet {
  return plan.threads === 0 ? new InProcessFleet(plan, listener) : new ThreadedFleet(plan, listener);
}

function fleetPlan(options: RunOptions, target: RunTarget, runId: string): FleetPlan {
  const { fleet, seed } = options.scenario;
  return {
    pools: fleet.pools,
    identity: {
      runId,
      namePrefix: target.namePrefix,
      kubeletVersion: fleet.kubeletVersion,
      address: target.nodeAddress,
      kubeletPort: 10250,
    },
    target: target.fleetTarget,
    credentials: target.fleetCredentials,
    connections: fleet.connections,
    profile: fleet.profile,
    watches: fleet.watches,
    delays: fleet.delays,
    seed,
    threads: fleet.threads,
    ...(fleet.threadHeapMb > 0 && { threadHeapMb: fleet.threadHeapMb }),
    nodeRatePerS: fleet.nodeRatePerS,
  };
}
