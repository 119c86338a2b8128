/** How a run ended, as one word. */
export type Outcome = "passed" | "failed" | "invalid" | "bad-configuration" | "unreachable" | "interrupted" | "error";

export interface OutcomeInfo {
  readonly exitCode: number;
  readonly meaning: string;
}

/** The exit code of each outcome, and of `hollow`. */
export const outcomes: Readonly<Record<Outcome, OutcomeInfo>> = {
  passed: { exitCode: 0, meaning: "the run is valid and no threshold or SLO failed" },
  error: { exitCode: 1, meaning: "an internal error: a bug in Hollowfleet" },
  "bad-configuration": { exitCode: 2, meaning: "a flag, scenario or environment cannot work; nothing was started" },
  unreachable: { exitCode: 3, meaning: "the control plane could not be reached, started or spoken to" },
  failed: { exitCode: 4, meaning: "a threshold or SLO failed, or could not be judged because requests were refused" },
  invalid: {
    exitCode: 5,
    meaning: "the simulator itself was too slow or broke: the figures say nothing of the server",
  },
  interrupted: { exitCode: 130, meaning: "stopped by the user; the result covers the time until then" },
};

export function exitCodeOf(outcome: Outcome): number {
  return outcomes[outcome].exitCode;
}

/** What is known when a run ends by itself. */
export interface RunEnding {
  readonly interrupted: boolean;
  readonly valid: boolean;
  /** The status of every verdict and threshold. */
  readonly verdicts: readonly VerdictStatus[];
}

/**
 * - passed, failed: judged
 * - no-data: too few samples to judge; never a pass
 * - not-judgeable: too many requests never reached the measurement
 */
export type VerdictStatus = "passed" | "failed" | "no-data" | "not-judgeable";

/**
 * The outcome of a run that came to its end. Interruption comes first, since such a run proves nothing, then validity,
 * since an invalid run must not be read as a slow server.
 */
export function outcomeOf(ending: RunEnding): Outcome {
  if (ending.interrupted) return "interrupted";
  if (!ending.valid) return "invalid";
  return ending.verdicts.some((status) => status === "failed" || status === "not-judgeable") ? "failed" : "passed";
}

/** One status of many: a failure wins, then what could not be judged; a pass needs at least one part that passed. */
export function combinedStatus(statuses: readonly VerdictStatus[]): VerdictStatus {
  for (const status of ["failed", "not-judgeable", "passed"] as const) {
    if (statuses.includes(status)) return status;
  }
  return "no-data";
}
