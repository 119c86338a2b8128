import { resources } from "@hollowfleet/client";
import { constantArrivalRate } from "../executors/constant-arrival-rate.ts";
import type { RunContext } from "../run-context.ts";
import type { WorkloadPart } from "../scenario.ts";
import { until } from "../until.ts";
import { latencyPod } from "../workload.ts";

/** How long a latency pod may take before it counts as never started: six times the SLO. */
const graceMs = 30_000;

/** Creates bare pods one by one on the saturated cluster: their startup is what the SLO is judged by. */
export async function latencyPods(run: RunContext, workload: WorkloadPart): Promise<void> {
  const { count, ratePerS } = workload.latencyPods;
  if (count === 0) return;
  await run.phases.run("latency pods", (count / ratePerS) * 1000, async (phase) => {
    phase.arrivals = await constantArrivalRate(
      {
        ratePerS,
        count,
        maxInFlight: run.scenario.maxInFlight,
        signal: run.signal,
        start: async (index, dueUs) => {
          const slot = run.workload.latency[index];
          if (slot === undefined) return;
          // The pod's startup counts from when it was due: waiting in our own queue would otherwise vanish.
          run.observers.pods.expect(slot.namespace, slot.name, dueUs);
          const body = latencyPod(slot, run.scenario, workload, run.runId);
          await run.api.create(resources.pods, body, { namespace: slot.namespace, dueUs });
        },
      },
      run.clock,
    );
    const started = () => run.observers.pods.groupCounts("latency").started;
    const endUs = run.clock.nowUs() + graceMs * 1000;
    // Pods that never start are not waited for: they are failures of the SLI, not of the run.
    await until(run.clock, () => started() >= count || run.clock.nowUs() >= endUs, {
      timeoutMs: graceMs + 1000,
      signal: run.signal,
      goal: `${count} latency pods started`,
      reached: () => `${started()} started`,
    });
    if (started() < count) phase.shortfall = `${started()} of ${count} latency pods started`;
  });
}
