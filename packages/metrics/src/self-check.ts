/** Why a run says nothing of the server. */
export type InvalidCode = "lag" | "dropped-starts" | "thread-busy" | "worker-died" | "heartbeats";

/** One broken rule: its figure, its limit, and a sentence for people. */
export interface InvalidReason {
  readonly code: InvalidCode;
  readonly figure: number;
  readonly limit: number;
  readonly unit: "us" | "share" | "count";
  readonly sentence: string;
}

/** What the rules look at. Shares are between 0 and 1, spans in µs. */
export interface SelfCheckFigures {
  readonly lagP99Us: number;
  /** The smallest limit that is judged; 1 s for the official SLOs. */
  readonly smallestLimitUs: number;
  readonly startsDue: number;
  readonly startsDropped: number;
  /** The busiest 10 seconds of each worker thread: time not idle in its event loop, over time. */
  readonly threads: readonly { readonly name: string; readonly busyMax10s: number }[];
  readonly deadWorkers: readonly { readonly name: string; readonly cause: string }[];
  /** Lease renewals due while the server answered; those of an API server outage are not counted. */
  readonly heartbeatsPlanned: number;
  /** Of those, the ones that a watch outside the fleet saw. */
  readonly heartbeatsSeen: number;
  /** The largest share of a thread's time that it was ready to run and no CPU was free (schedstat). */
  readonly runQueueWaitShare: number;
}

export interface SelfCheckResult {
  readonly valid: boolean;
  readonly reasons: readonly InvalidReason[];
  /** The machine itself was full. Shown apart: it explains figures, and makes nothing invalid alone. */
  readonly machineFull: boolean;
  readonly figures: SelfCheckFigures;
}
