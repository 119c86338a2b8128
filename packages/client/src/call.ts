/** The API server's own verbs, as its metrics label them. */
export type Verb = "GET" | "LIST" | "WATCH" | "POST" | "PUT" | "PATCH" | "DELETE" | "DELETECOLLECTION";

/** As the API server labels its metrics: a named object or a create is `resource`, else `namespace` or `cluster`. */
export type Scope = "resource" | "namespace" | "cluster" | "";

/**
 * One logical call, told once, when its final outcome is known: retries and Retry-After waits lie inside it. Times are
 * `Clock.nowUs()`. A watch is told when its headers came (endUs = firstByteUs) and again never: its end goes to its sink.
 */
export interface CallRecord {
  readonly verb: Verb;
  readonly resource: string;
  readonly subresource: string;
  readonly scope: Scope;
  /** HTTP status of the final answer, or the ClientErrorCode when there was none. */
  readonly code: string;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** When it should have started (open loop), else when the caller asked. */
  readonly dueUs: number;
  /** When our own rate limiter let it go. */
  readonly startedUs: number;
  /** When a connection with room took the attempt that was first written; 0 if none did. */
  readonly carriedUs: number;
  /** When the last byte of the first attempt was handed to the socket; 0 if that never happened. */
  readonly writtenUs: number;
  /** When the headers of the final answer came; 0 if none came. */
  readonly firstByteUs: number;
  readonly endUs: number;
  readonly attempts: number;
  /** How many of the attempts were answered 429. */
  readonly rejected: number;
}

/** Told of every call. Must not throw and must be cheap. */
export interface CallObserver {
  onCall(record: CallRecord): void;
}

/**
 * How late we were with a call: from when it was due until it was asked for, and from when a connection took it until
 * its last byte was written. What lies between, waiting for a connection or for the server's stream limit, is the
 * server's; a call that was never written is not our lag at all.
 * @param fromUs when it was due; a kubelet's own rate limit is part of what is simulated, so its calls are due when that lets them go
 */
export function callLagUs(record: CallRecord, fromUs: number = record.dueUs): number {
  if (record.writtenUs === 0) return 0;
  return Math.max(0, record.startedUs - fromUs) + Math.max(0, record.writtenUs - record.carriedUs);
}
