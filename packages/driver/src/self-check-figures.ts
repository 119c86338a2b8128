import {
  counterOf,
  histogramOf,
  quantiles,
  type SelfCheckResult,
  type Snapshot,
  selfCheck,
} from "@hollowfleet/metrics";
import type { OpenRun } from "./open-run.ts";
import type { FinalFigures } from "./result.ts";

/** The smallest limit of the official SLOs: single-object calls. */
const smallestLimitUs = 1_000_000;

/** Whether the simulator itself was good enough for its figures to mean anything. */
export function selfCheckOf(open: OpenRun, snapshot: Snapshot, final: FinalFigures): SelfCheckResult {
  const { phases } = open.context;
  const { main } = open.usage.figures();
  const threads = [{ name: "main", ...main }, ...final.fleet.stats.threads];
  const elapsedS = (open.context.clock.nowUs() - open.startedUs) / 1e6;
  return selfCheck({
    lagP99Us: quantiles(histogramOf(snapshot, "lag")).p99,
    smallestLimitUs,
    startsDue: phases.started + phases.dropped,
    startsDropped: Math.max(phases.dropped, counterOf(snapshot, "dropped_starts")),
    threads: threads.map((thread) => ({ name: thread.name, busyMax10s: thread.maxBusyShare })),
    deadWorkers: final.fleet.deaths.map((death) => ({
      name: `shard-${death.shard}`,
      cause: `${death.cause}; ${death.nodes.length} nodes were lost`,
    })),
    heartbeatsPlanned: final.leases.due,
    heartbeatsSeen: Math.min(final.leases.seen, final.leases.due),
    runQueueWaitShare: Math.max(0, ...threads.map((thread) => thread.runQueueWaitSeconds / elapsedS)),
  });
}
