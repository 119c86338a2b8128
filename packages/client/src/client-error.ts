import { errorText, HollowError } from "@hollowfleet/core";

/** Why a call did not succeed. The first group is the server's word, the second the connection's, the third our own. */
export const clientErrorCodes = [
  "bad-request",
  "unauthorized",
  "forbidden",
  "not-found",
  "already-exists",
  "conflict",
  "expired",
  "invalid",
  "unsupported",
  "too-many-requests",
  "server-timeout",
  "unavailable",
  "server-error",

  "connect-failed",
  "tls-failed",
  "reset",
  "refused-stream",
  "deadline",

  "codec",
  "closed",
  "aborted",
  "config",
] as const;
export type ClientErrorCode = (typeof clientErrorCodes)[number];

/**
 * What is known of the request's effect.
 * - failed: the server said no; the same request will fail again
 * - retryable: it certainly had no effect, and may be sent again
 * - unknown: it was sent and no answer came; a write may have happened
 */
export type Outcome = "failed" | "retryable" | "unknown";

/** A Kubernetes Status, as far as anybody here reads it. */
export interface StatusFacts {
  readonly httpStatus: number;
  readonly reason: string;
  readonly message: string;
  readonly retryAfterMs?: number;
  /** `field: message` of each cause. */
  readonly causes?: readonly string[];
}

/** Everything that a call can fail with. */
export class ClientError extends HollowError<ClientErrorCode> {
  readonly outcome: Outcome;
  readonly status: StatusFacts | undefined;

  constructor(
    code: ClientErrorCode,
    message: string,
    options: {
      readonly outcome: Outcome;
      readonly status?: StatusFacts;
      readonly cause?: unknown;
      readonly remedy?: string;
    },
  ) {
    super(code, message, options);
    this.outcome = options.outcome;
    this.status = options.status;
  }

  /** What was thrown, as a ClientError: itself, or a `codec` error around it, since only codecs throw other things here. */
  static from(thrown: unknown): ClientError {
    if (thrown instanceof ClientError) return thrown;
    return new ClientError("codec", `the server's answer cannot be read: ${errorText(thrown)}`, {
      outcome: "failed",
      cause: thrown,
    });
  }
}
