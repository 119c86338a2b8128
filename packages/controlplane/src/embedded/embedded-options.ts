import type { FaultPlan } from "@hollowfleet/apiserver";
import type { StaticToken } from "../local-options.ts";

/** How the API server in our own process is started. */
export interface EmbeddedOptions {
  /** The run's own folder is made below this; default: the system's folder for temporary files. */
  readonly runDir?: string;
  /** Default none. */
  readonly staticTokens?: readonly StaticToken[];
  /** Of names and of the scheduler's choice among equal nodes; default 1. */
  readonly seed?: number;
  /** What goes wrong, drawn from the seed; default nothing. */
  readonly faults?: FaultPlan;
  /** Must be ready within this; default 30,000. */
  readonly startTimeoutMs?: number;
  /** Gives up the start. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (waitingFor: string) => void;
}
