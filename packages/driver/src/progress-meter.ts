import type { Clock } from "@hollowfleet/core";
import type { Fleet } from "@hollowfleet/fleet";
import type { DriverCalls } from "./driver-calls.ts";
import type { Observers } from "./observers.ts";
import type { PhaseLog } from "./phase-log.ts";
import type { Progress } from "./progress.ts";
import { type Scenario, totalNodes, totalPods } from "./scenario.ts";

/** Where a live display gets its figures. */
export interface ProgressSources {
  readonly clock: Clock;
  readonly scenario: Scenario;
  readonly fleet: Fleet;
  readonly observers: Observers;
  readonly calls: DriverCalls;
  readonly phases: PhaseLog;
}

/** Puts together what the live display shows, once a second. */
export class ProgressMeter {
  readonly #sources: ProgressSources;
  readonly #startUs: number;
  #lastUs: number;
  #lastCalls = 0;

  constructor(sources: ProgressSources) {
    this.#sources = sources;
    this.#startUs = sources.clock.nowUs();
    this.#lastUs = this.#startUs;
  }

  sample(): Progress {
    const { clock, scenario, fleet, observers, calls, phases } = this.#sources;
    const nowUs = clock.nowUs();
    const stats = fleet.stats();
    const total = stats.calls.total + calls.total;
    const seconds = Math.max(0.001, (nowUs - this.#lastUs) / 1e6);
    const callsPerS = Math.max(0, total - this.#lastCalls) / seconds;
    this.#lastUs = nowUs;
    this.#lastCalls = total;
    const { present, running } = observers.pods.counts;
    const nodes = observers.nodes.figures();
    return {
      phase: phases.current === "" ? "begin" : phases.current,
      elapsedMs: (nowUs - this.#startUs) / 1000,
      leftMs: phases.plannedEndUs === undefined ? undefined : Math.max(0, (phases.plannedEndUs - nowUs) / 1000),
      nodes: { total: totalNodes(scenario), registered: nodes.seen, ready: nodes.ready },
      pods: {
        total: totalPods(scenario) + observers.pods.groupCounts("latency").seen,
        pending: present - running,
        running,
      },
      callsPerS,
      ...calls.live(),
      errors: calls.errors + stats.calls.failed,
      rejected: calls.rejected + stats.calls.rejected,
    };
  }
}
