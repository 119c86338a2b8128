import { resources } from "@hollowfleet/client";
import { constantArrivalRate } from "../executors/constant-arrival-rate.ts";
import type { RunContext } from "../run-context.ts";
import { totalPods, type WorkloadPart } from "../scenario.ts";
import { until } from "../until.ts";
import { deploymentObject } from "../workload.ts";

/** Creates the Deployments at an open-loop rate and waits until our own watch has seen every pod started. */
export async function createPods(run: RunContext, workload: WorkloadPart): Promise<void> {
  const pods = totalPods(run.scenario);
  const ratePerS = workload.podRatePerS / workload.podsPerDeployment;
  await run.phases.run("create pods", (pods / workload.podRatePerS) * 1000, async (phase) => {
    const { deployments } = run.workload;
    phase.arrivals = await constantArrivalRate(
      {
        ratePerS,
        count: deployments.length,
        maxInFlight: run.scenario.maxInFlight,
        signal: run.signal,
        start: async (index, dueUs) => {
          const slot = deployments[index];
          if (slot === undefined) return;
          const body = deploymentObject(slot, run.scenario, workload, run.runId);
          await run.api.create(resources.deployments, body, { namespace: slot.namespace, dueUs });
        },
      },
      run.clock,
    );
    const counts = () => run.observers.pods.groupCounts("saturation");
    await until(run.clock, () => counts().started >= pods, {
      timeoutMs: run.scenario.timeouts.podsRunningMs,
      signal: run.signal,
      intervalMs: 500,
      goal: `${pods} pods Running`,
      reached: () => {
        phase.shortfall = `${counts().started} of ${pods} pods Running`;
        return `${counts().seen} created, ${counts().started} Running`;
      },
    });
  });
}
