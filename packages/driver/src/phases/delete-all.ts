import { ClientError, resources } from "@hollowfleet/client";
import { constantArrivalRate } from "../executors/constant-arrival-rate.ts";
import type { RunContext } from "../run-context.ts";
import { totalPods, type WorkloadPart } from "../scenario.ts";
import { until } from "../until.ts";

/** Deletes the workload at the rate at which it was created and waits until our own watch has seen every pod gone. */
export async function deletePods(run: RunContext, workload: WorkloadPart): Promise<void> {
  const { deployments, latency } = run.workload;
  const plannedMs = ((totalPods(run.scenario) + latency.length) / workload.podRatePerS) * 1000;
  await run.phases.run("delete pods", plannedMs, async (phase) => {
    const { clock, signal } = run;
    const { maxInFlight } = run.scenario;
    const latencyDone = await constantArrivalRate(
      {
        ratePerS: workload.podRatePerS,
        count: latency.length,
        maxInFlight,
        signal,
        start: async (index, dueUs) => {
          const slot = latency[index];
          if (slot !== undefined) await absent(run.api.delete(resources.pods, slot, { dueUs }));
        },
      },
      clock,
    );
    const deploymentsDone = await constantArrivalRate(
      {
        ratePerS: workload.podRatePerS / workload.podsPerDeployment,
        count: deployments.length,
        maxInFlight,
        signal,
        start: async (index, dueUs) => {
          const slot = deployments[index];
          if (slot === undefined) return;
          await absent(run.api.delete(resources.deployments, slot, { dueUs, propagationPolicy: "Background" }));
        },
      },
      clock,
    );
    phase.arrivals = {
      started: latencyDone.started + deploymentsDone.started,
      dropped: latencyDone.dropped + deploymentsDone.dropped,
      cut: latencyDone.cut + deploymentsDone.cut,
    };
    await until(clock, () => run.observers.pods.counts.present === 0, {
      timeoutMs: run.scenario.timeouts.deletedMs,
      signal,
      intervalMs: 500,
      goal: "all pods gone",
      reached: () => {
        phase.shortfall = `${run.observers.pods.counts.present} pods left`;
        return phase.shortfall;
      },
    });
  });
}

/** Deleting what is gone already is no failure. */
export async function absent(deletion: Promise<void>): Promise<void> {
  try {
    await deletion;
  } catch (thrown) {
    if (!(thrown instanceof ClientError && thrown.code === "not-found")) throw thrown;
  }
}
