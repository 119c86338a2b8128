import type { RunResult } from "@hollowfleet/metrics";
import { closeRun } from "./close-run.ts";
import { endingWith } from "./ending-with.ts";
import { openRun } from "./open-run.ts";
import { createNamespaces } from "./phases/create-namespaces.ts";
import { createPods } from "./phases/create-pods.ts";
import { deletePods } from "./phases/delete-all.ts";
import { latencyPods } from "./phases/latency-pods.ts";
import { probe } from "./phases/probe.ts";
import { registerNodes } from "./phases/register-nodes.ts";
import type { RunContext } from "./run-context.ts";
import { endingOf, type RunEnd } from "./run-end.ts";
import type { RunOptions } from "./run-options.ts";

/**
 * One experiment, from nothing to a result: control plane → fleet → load → probes → deletion → verdict. A run that was
 * begun always ends in a result, whatever went wrong; only what is wrong before the first node throws (DriverError).
 */
export async function runScenario(options: RunOptions): Promise<RunResult> {
  const open = await openRun(options);
  let end: RunEnd = { kind: "done" };
  try {
    await endingWith(open.context, experiment(open.context));
  } catch (thrown) {
    end = endingOf(thrown, open.context.signal);
  }
  return closeRun(open, end);
}

/** The phases in their order. Each leaves early when the run is aborted, and the next is not begun. */
async function experiment(run: RunContext): Promise<void> {
  const { workload } = run.scenario;
  const phases: (() => Promise<void>)[] = [
    () => registerNodes(run),
    () => createNamespaces(run),
    ...(workload === null ? [] : [() => createPods(run, workload), () => latencyPods(run, workload)]),
    () => probe(run),
    ...(workload === null ? [] : [() => deletePods(run, workload)]),
  ];
  for (const phase of phases) {
    run.signal.throwIfAborted();
    await phase();
  }
  run.signal.throwIfAborted();
}
