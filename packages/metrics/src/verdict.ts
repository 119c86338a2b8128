import type { VerdictStatus } from "./outcome.ts";

/** What one row of a verdict is about. */
export interface SloKey {
  /** API group, "" for the core group or where it is not known. */
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  /** The verb; for read-only official rows GET and LIST are one, as the SLI is per (resource, scope): "GET|LIST". */
  readonly verb: string;
  readonly scope: string;
}

/** One judged row. Spans in µs. */
export interface SloRow extends SloKey {
  readonly status: VerdictStatus;
  readonly limitUs: number;
  /** Judged calls, of the reading that decided. */
  readonly count: number;
  /** Of them, those over the limit. */
  readonly overLimit: number;
  /** Undefined without samples. */
  readonly p99Us?: number;
}

/** A row from the server's SLI histograms, whose p99 is interpolated inside a bucket. */
export interface OfficialRow extends SloRow {
  /** The upper bound of the bucket in which the p99 lies: the server's buckets know no more. `null`: above the last. */
  readonly p99BoundUs?: number | null;
  /** What decided: the worst 5-minute window, or the whole run where no window held enough samples. */
  readonly basis: "window" | "whole-run";
  readonly windows: number;
  /** Requests that never reached the SLI histogram: 429, terminated, 5xx. */
  readonly outside: number;
}

/** A limit of the thresholds file that the run left. */
export interface EnvelopeBreach {
  readonly limit: string;
  readonly observed: number;
  readonly allowed: number;
  readonly sentence: string;
}

/** Whether the load was inside what the SLOs promise to hold for. */
export interface EnvelopeVerdict {
  readonly inside: boolean;
  readonly left: readonly EnvelopeBreach[];
}

/** The Kubernetes SLOs for API calls, as the server measures itself. */
export interface OfficialVerdict {
  readonly status: VerdictStatus;
  /** "windows" from 5 minutes on; "whole-run" has no official window; "none" without two scrapes. */
  readonly reading: "windows" | "whole-run" | "none";
  /** The reading in words, as reports print it. */
  readonly note: string;
  readonly rows: readonly OfficialRow[];
  readonly envelope: EnvelopeVerdict;
  /** Requests of the covered rows that never reached the SLI histogram. */
  readonly outside: OutsideRequests;
  /** Of all requests of those rows, 0 to 1. */
  readonly outsideShare: number;
}

/** Requests that the server refused, cut off or failed. */
export interface OutsideRequests {
  /** 429. */
  readonly rejected: number;
  /** Ended by the server before their handler was done. */
  readonly terminated: number;
  /** 5xx that were not terminations. */
  readonly serverErrors: number;
  /** Rejections as Priority & Fairness counts them, of all requests: shown, not judged. */
  readonly flowControlRejected: number;
}

/** A row of the driver's own calls, from when each was due. */
export interface ClientSideRow extends SloRow {
  /** Of `overLimit`, those that ended with 5xx, reset, timeout or a final 429. */
  readonly failed: number;
  /** Of `overLimit`, starts that were dropped at the cap of calls in flight. */
  readonly dropped: number;
}

/** What users felt. */
export interface ClientSideVerdict {
  readonly status: VerdictStatus;
  readonly rows: readonly ClientSideRow[];
}

/** Pod startup of one load, created → observed. */
export interface PodStartupVerdict {
  readonly status: VerdictStatus;
  readonly limitUs: number;
  readonly count: number;
  /** Pods over the limit, those that never became ready included. */
  readonly overLimit: number;
  readonly neverReady: number;
  readonly p99Us?: number;
}
