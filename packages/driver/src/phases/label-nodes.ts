import { resources } from "@hollowfleet/client";
import { nodeName, poolLabels } from "@hollowfleet/fleet";
import { splitLabels } from "@hollowfleet/kubelet";
import { constantArrivalRate } from "../executors/constant-arrival-rate.ts";
import type { RunContext } from "../run-context.ts";

/** Labels that NodeRestriction forbids a node to set on itself are set by the driver, as an administrator would. */
export async function labelNodes(run: RunContext): Promise<void> {
  const { pools, nodeRatePerS } = run.scenario.fleet;
  for (const pool of pools) {
    const { forbidden } = splitLabels(poolLabels(pool, run.runId));
    if (Object.keys(forbidden).length === 0) continue;
    const body = JSON.stringify({ metadata: { labels: forbidden } });
    await constantArrivalRate(
      {
        ratePerS: nodeRatePerS,
        count: pool.count,
        maxInFlight: run.scenario.maxInFlight,
        signal: run.signal,
        start: async (ordinal, dueUs) => {
          const name = nodeName(pool, ordinal, run.namePrefix);
          await run.api.patch(resources.nodes, { name }, "merge", body, { dueUs });
        },
      },
      run.clock,
    );
  }
}
