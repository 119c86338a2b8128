import type { ApiClient } from "@hollowfleet/client";
import type { Clock, Logger, Random } from "@hollowfleet/core";
import type { Fleet } from "@hollowfleet/fleet";
import type { Recorder } from "@hollowfleet/metrics";
import type { Observers } from "./observers.ts";
import type { PhaseLog } from "./phase-log.ts";
import type { Scenario } from "./scenario.ts";
import type { WorkloadPlan } from "./workload.ts";

/** What every phase of a run works with. */
export interface RunContext {
  readonly runId: string;
  readonly scenario: Scenario;
  readonly workload: WorkloadPlan;
  /** Put before each node name; "" on a cluster that is ours alone. */
  readonly namePrefix: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** The driver's own identity: its calls are recorded. */
  readonly api: ApiClient;
  readonly fleet: Fleet;
  readonly observers: Observers;
  readonly recorder: Recorder;
  readonly phases: PhaseLog;
  /** Aborted by the first Ctrl-C and by whatever makes going on pointless: no new load, but the result is written. */
  readonly signal: AbortSignal;
}
