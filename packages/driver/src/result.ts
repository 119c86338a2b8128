import { execFileSync } from "node:child_process";
import { cpus, release, totalmem, type } from "node:os";
import type { FleetSummary } from "@hollowfleet/fleet";
import {
  type CleanupResult,
  exitCodeOf,
  histogramOf,
  type InjectedFault,
  type Json,
  type Manifest,
  mergeSnapshots,
  type NodesResult,
  type Outcome,
  outcomeOf,
  type PhaseResult,
  quantiles,
  type ResourcesResult,
  type RunResult,
  runSchemaVersion,
  type Snapshot,
  seriesResults,
} from "@hollowfleet/metrics";
import type { OpenRun } from "./open-run.ts";
import { podStartupResults } from "./pod-startup-result.ts";
import type { LeaseFigures } from "./probes/lease-gaps.ts";
import type { NodeFigures } from "./probes/node-readiness.ts";
import type { RunEnd } from "./run-end.ts";
import { totalNodes } from "./scenario.ts";
import { selfCheckOf } from "./self-check-figures.ts";
import { verdictsOf } from "./verdicts.ts";

/** What was seen when the load had ended, before the fleet was stopped. */
export interface FinalFigures {
  readonly nodes: NodeFigures;
  readonly leases: LeaseFigures;
  readonly fleet: FleetSummary;
  readonly cleanup: CleanupResult;
  readonly injected: readonly InjectedFault[];
}

/** Puts the result together. Reports are made from it and from nothing else. */
export function buildResult(open: OpenRun, end: RunEnd, final: FinalFigures): RunResult {
  const { context } = open;
  // Pods first: their spans are recorded into the same recorder that the snapshot is taken of.
  const podStartup = podStartupResults(context.observers.pods, context.recorder);
  const snapshot = mergeSnapshots([context.recorder.snapshot(), final.fleet.snapshot]);
  const verdicts = verdictsOf(open, snapshot, podStartup);
  const selfCheck = selfCheckOf(open, snapshot, final);
  const outcome = outcomeOfRun(end, selfCheck.valid, [
    verdicts.official.status,
    verdicts.clientSide.status,
    ...(verdicts.podStartup.latency === undefined ? [] : [verdicts.podStartup.latency.status]),
  ]);
  return {
    schemaVersion: runSchemaVersion,
    outcome,
    exitCode: exitCodeOf(outcome),
    ...(end.kind === "broken" && { message: end.message }),
    manifest: manifestOf(open),
    phases: phasesOf(open, end),
    ...seriesResults(snapshot),
    podStartup: podStartup.map((each) => each.result),
    nodes: nodesOf(open, final, snapshot),
    leases: {
      due: final.leases.due,
      seen: final.leases.seen,
      lateOurs: final.leases.lateOurs,
      lateServer: final.leases.late - final.leases.lateOurs,
      gap: quantiles(histogramOf(snapshot, "lease_gap")),
      delay: quantiles(histogramOf(snapshot, "lease_delay")),
    },
    verdicts,
    selfCheck,
    resources: resourcesOf(open, final),
    cleanup: final.cleanup,
    ...(final.injected.length > 0 && { injected: final.injected }),
  };
}

type Statuses = Parameters<typeof outcomeOf>[0]["verdicts"];

function outcomeOfRun(end: RunEnd, valid: boolean, verdicts: Statuses): Outcome {
  // A broken run keeps its cause, unless the simulator itself was at fault: then the figures say nothing of the server.
  if (end.kind === "broken") return end.outcome === "failed" && !valid ? "invalid" : end.outcome;
  return outcomeOf({ interrupted: end.kind === "interrupted", valid, verdicts });
}

function nodesOf(open: OpenRun, final: FinalFigures, snapshot: Snapshot): NodesResult {
  return {
    planned: totalNodes(open.options.scenario),
    registered: final.nodes.seen,
    ready: final.nodes.ready,
    notReadyOnceReady: final.nodes.lost,
    readyAfter: quantiles(histogramOf(snapshot, "node_ready")),
  };
}

function phasesOf(open: OpenRun, end: RunEnd): PhaseResult[] {
  const { records } = open.context.phases;
  return records.map((record, index) => {
    const last = index === records.length - 1;
    return {
      name: record.name,
      startMs: Math.round(record.startMs - open.startedMs),
      endMs: Math.round(record.endMs - open.startedMs),
      ended: last ? lastPhaseEnd(end) : "done",
      counts: { ...record.arrivals },
    };
  });
}

function lastPhaseEnd(end: RunEnd): PhaseResult["ended"] {
  if (end.kind === "done") return "done";
  if (end.kind === "interrupted") return "interrupted";
  return end.outcome === "failed" ? "timeout" : "failed";
}

function resourcesOf(open: OpenRun, final: FinalFigures): ResourcesResult {
  const { cpuSeconds, rssBytesMax, main } = open.usage.figures();
  const threads = [{ name: "main", ...main }, ...final.fleet.stats.threads];
  return {
    simulator: {
      // What runs in a thread of ours as the control plane stands with the control plane.
      cpuSeconds: cpuSeconds - open.processes.cpuSecondsInOurs(),
      rssBytesMax,
      threads: threads.map((thread) => ({
        name: thread.name,
        cpuSeconds: thread.cpuSeconds,
        runQueueWaitSeconds: thread.runQueueWaitSeconds,
        busyMax10s: thread.maxBusyShare,
      })),
    },
    controlPlane: open.processes.figures(),
  };
}

function manifestOf(open: OpenRun): Manifest {
  const { options, target, context } = open;
  const { scenario } = options;
  const endedMs = context.clock.nowMs();
  const git = gitFacts();
  return {
    runId: context.runId,
    startedAt: new Date(open.startedMs).toISOString(),
    endedAt: new Date(endedMs).toISOString(),
    durationMs: Math.round(endedMs - open.startedMs),
    versions: { hollowfleet: options.version, node: process.version, ...target.versions },
    ...(git !== undefined && { git }),
    host: {
      cpuModel: cpus()[0]?.model ?? "unknown",
      cpus: cpus().length,
      memoryBytes: totalmem(),
      os: `${type()} ${release()}`,
    },
    target: target.facts,
    targetSettings: target.plane.settings,
    identity: scenario.fleet.identity,
    connections: scenario.fleet.connections,
    profile: scenario.fleet.profile,
    watches: scenario.fleet.watches,
    seed: scenario.seed,
    scenario: scenario as unknown as { readonly name: string; readonly [key: string]: Json },
    flags: options.flags,
  };
}

/** Of the checkout that this program runs from; undefined where it is none. */
function gitFacts(): { commit: string; dirty: boolean } | undefined {
  const git = (...args: string[]): string =>
    execFileSync("git", args, {
      cwd: import.meta.dirname,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  try {
    return { commit: git("rev-parse", "HEAD"), dirty: git("status", "--porcelain", "--untracked-files=no") !== "" };
  } catch {
    return undefined;
  }
}
