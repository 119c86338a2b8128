/** One moment of a run, for the live display. Told about once a second. */
export interface Progress {
  /** "start control plane", "register nodes", "create pods", "latency pods", "probe", "delete", "clean up" */
  readonly phase: string;
  /** Since the run began. */
  readonly elapsedMs: number;
  /** Until the current phase should be over at its planned rate; undefined when nobody knows. */
  readonly leftMs: number | undefined;
  readonly nodes: { readonly total: number; readonly registered: number; readonly ready: number };
  readonly pods: { readonly total: number; readonly pending: number; readonly running: number };
  /** Over the last second, hollow kubelets and driver together. */
  readonly callsPerS: number;
  /** Of the driver's own calls so far; undefined before the first. */
  readonly p50Us: number | undefined;
  readonly p99Us: number | undefined;
  readonly errors: number;
  readonly rejected: number;
  /** p99 of due to written of the driver's own calls so far. */
  readonly lagP99Us: number | undefined;
}
