import type { ClientError } from "./client-error.ts";

/** What an attempt came to. */
export type AttemptResult =
  | { readonly t: "answer"; readonly status: number; readonly retryAfterMs: number | undefined }
  | { readonly t: "error"; readonly error: ClientError };

/** What was tried so far, this attempt included. */
export interface AttemptCounts {
  /** Attempts that the server answered, or that failed in a way that client-go itself looks at. */
  readonly answered: number;
  /** Attempts that certainly never reached the server. */
  readonly unsent: number;
}

/** golang.org/x/net/http2 Transport.RoundTripOpt: at most six more, the first at once, then 1, 2, 4 … s. */
const maxUnsent = 6;

/** client-go waits as if the server had said Retry-After: 1 (k8s.io/client-go/rest/with_retry.go). */
const lostReadWaitMs = 1000;

/**
 * Whether to send a request again, and after how many milliseconds; undefined: this was final.
 * As k8s.io/client-go/rest/request.go and with_retry.go: 429 and 5xx with Retry-After for all methods, lost connections for
 * GET only, so that no write whose outcome is unknown is ever repeated. What never reached the server goes again, as in
 * golang.org/x/net/http2.
 */
export function retryWaitMs(
  result: AttemptResult,
  method: string,
  counts: AttemptCounts,
  maxRetries: number,
): number | undefined {
  if (result.t === "answer") {
    if (result.status !== 429 && result.status < 500) return undefined;
    return counts.answered > maxRetries ? undefined : result.retryAfterMs;
  }
  const { code, outcome } = result.error;
  if (isUnsent(result.error)) {
    if (counts.unsent > maxUnsent) return undefined;
    return counts.unsent === 1 ? 0 : 1000 * 2 ** (counts.unsent - 2);
  }
  if (code === "reset" && outcome === "unknown" && method === "GET" && counts.answered <= maxRetries)
    return lostReadWaitMs;
  return undefined;
}

/** It had a connection, but the server did not take it. */
export function isUnsent({ code, outcome }: ClientError): boolean {
  return outcome === "retryable" && (code === "refused-stream" || code === "reset");
}
