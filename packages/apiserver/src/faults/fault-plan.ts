import type { Clock, Distribution } from "@hollowfleet/core";

/**
 * What goes wrong. All spans in milliseconds.
 * - delay: the request waits this long before it is carried out
 * - stall: from `atMs` after the injector's start every request waits for the end of the window
 * - error: answered with this code, not carried out (429 and 410 are errors, too)
 * - clock-offset: the server's wall clock is wrong by this; it is about no request, so it has neither match nor share
 */
export type Fault =
  | { readonly kind: "delay"; readonly delay: Distribution }
  | { readonly kind: "stall"; readonly atMs: number; readonly forMs: number }
  | { readonly kind: "error"; readonly code: number; readonly reason: string; readonly retryAfterS?: number }
  | { readonly kind: "reset"; readonly when: "before-commit" | "after-commit" }
  | { readonly kind: "half-open" }
  | { readonly kind: "goaway" }
  | { readonly kind: "slow-watch"; readonly eventDelayMs: number }
  | { readonly kind: "stalled-watch"; readonly afterMs: number; readonly forMs: number }
  | { readonly kind: "clock-offset"; readonly offsetMs: number };

/** Which requests; each list that is given must have the request's value. A `*` at the end stands for any rest. */
export interface FaultMatch {
  /** Verbs of the API ("update") or of the SLI metrics ("PUT"); see `apiVerbs`. */
  readonly verbs?: readonly string[];
  /** Plural, e.g. "leases". */
  readonly resources?: readonly string[];
  /** "" is the object itself. */
  readonly subresources?: readonly string[];
  /** e.g. "system:node:*" */
  readonly users?: readonly string[];
  readonly namespaces?: readonly string[];
}

/** One line of a plan. */
export interface FaultRule {
  /** Default: every request; for the two faults of watches, every watch. */
  readonly match?: FaultMatch;
  /** Share of the matching requests, above 0 and at most 1; drawn for each by itself. Default 1. */
  readonly share?: number;
  /** Instead of `share`: exactly the n-th, 2n-th, 3n-th … matching request. */
  readonly every?: number;
  readonly fault: Fault;
}

/** What goes wrong in a run. When more than one rule hits a request, the first of them happens. */
export interface FaultPlan {
  readonly rules: readonly FaultRule[];
}

/** The verbs of the API by the words of the server's metrics, which reports and flags use. */
export const apiVerbs: Readonly<Record<string, string>> = {
  GET: "get",
  LIST: "list",
  WATCH: "watch",
  POST: "create",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
  DELETECOLLECTION: "deletecollection",
};

/** Reasons of Status objects by code, for faults that name a code only (apimachinery/pkg/api/errors/errors.go). */
export const reasonsByCode: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  409: "Conflict",
  410: "Expired",
  413: "RequestEntityTooLarge",
  422: "Invalid",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout",
};

/** The clock as the server sees it: wall time moved by the plan's offsets; durations and timers stay true. */
export function offsetClock(plan: FaultPlan, clock: Clock): Clock {
  let offsetMs = 0;
  for (const { fault } of plan.rules) if (fault.kind === "clock-offset") offsetMs += fault.offsetMs;
  if (offsetMs === 0) return clock;
  return {
    nowMs: () => clock.nowMs() + offsetMs,
    nowUs: () => clock.nowUs(),
    setTimer: (delayMs, fire) => clock.setTimer(delayMs, fire),
  };
}
