import type { RunContext } from "../run-context.ts";
import { totalNodes } from "../scenario.ts";
import { until } from "../until.ts";
import { labelNodes } from "./label-nodes.ts";

/** Brings the fleet up and waits until our own watch has seen every node Ready. */
export async function registerNodes(run: RunContext): Promise<void> {
  const nodes = totalNodes(run.scenario);
  const { nodeRatePerS } = run.scenario.fleet;
  await run.phases.run("register nodes", (nodes / nodeRatePerS) * 1000, async (phase) => {
    await run.fleet.start();
    await until(run.clock, () => run.observers.nodes.figures().ready >= nodes, {
      timeoutMs: run.scenario.timeouts.nodesReadyMs + (nodes / nodeRatePerS) * 1000,
      signal: run.signal,
      goal: `${nodes} nodes Ready`,
      reached: () => {
        const { seen, ready } = run.observers.nodes.figures();
        phase.shortfall = `${ready} of ${nodes} nodes Ready`;
        return `${seen} registered, ${ready} Ready${errorsOf(run)}`;
      },
    });
    await labelNodes(run);
  });
}

/** What the hollow kubelets complained of most, for the reader of a timeout. */
function errorsOf(run: RunContext): string {
  const worst = Object.entries(run.fleet.stats().errors).sort((a, b) => b[1] - a[1]);
  return worst.length === 0
    ? ""
    : `; the hollow kubelets met ${worst
        .slice(0, 3)
        .map(([what, n]) => `${what} (${n})`)
        .join(", ")}`;
}
