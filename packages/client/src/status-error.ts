import { isEnvelope, kinds, type Status, unwrap } from "@hollowfleet/wire";
import { ClientError, type ClientErrorCode, type Outcome, type StatusFacts } from "./client-error.ts";

/** k8s.io/apimachinery/pkg/apis/meta/v1/types.go, StatusReason. */
const byReason: Readonly<Record<string, ClientErrorCode>> = {
  BadRequest: "bad-request",
  Unauthorized: "unauthorized",
  Forbidden: "forbidden",
  NotFound: "not-found",
  AlreadyExists: "already-exists",
  Conflict: "conflict",
  Gone: "expired",
  Expired: "expired",
  Invalid: "invalid",
  MethodNotAllowed: "unsupported",
  NotAcceptable: "unsupported",
  UnsupportedMediaType: "unsupported",
  RequestEntityTooLarge: "bad-request",
  TooManyRequests: "too-many-requests",
  Timeout: "server-timeout",
  ServerTimeout: "server-timeout",
  ServiceUnavailable: "unavailable",
  InternalError: "server-error",
};

const byHttpStatus: Readonly<Record<number, ClientErrorCode>> = {
  400: "bad-request",
  401: "unauthorized",
  403: "forbidden",
  404: "not-found",
  405: "unsupported",
  406: "unsupported",
  409: "conflict",
  410: "expired",
  413: "bad-request",
  415: "unsupported",
  422: "invalid",
  429: "too-many-requests",
  503: "unavailable",
  504: "server-timeout",
};

/** The error that an answer of 400 or above stands for, whatever its body is. */
export function responseError(httpStatus: number, body: Uint8Array, retryAfterMs: number | undefined): ClientError {
  return statusError(readStatus(body), httpStatus, retryAfterMs);
}

/** The error that the Status of a watch's ERROR event stands for. */
export function statusEventError(raw: Uint8Array): ClientError {
  const status = kinds.Status.decode(raw);
  return statusError(status, status.code ?? 0, undefined);
}

function statusError(status: Status, httpStatus: number, retryAfterMs: number | undefined): ClientError {
  const reason = status.reason ?? "";
  const code = byReason[reason] ?? byHttpStatus[httpStatus] ?? (httpStatus >= 500 ? "server-error" : "bad-request");
  const waitMs =
    retryAfterMs ?? (status.details?.retryAfterSeconds ? status.details.retryAfterSeconds * 1000 : undefined);
  const facts: StatusFacts = {
    httpStatus,
    reason,
    message: status.message ?? "",
    ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
    ...(status.details?.causes?.length
      ? { causes: status.details.causes.map((cause) => `${cause.field ?? ""}: ${cause.message ?? ""}`) }
      : {}),
  };
  const text = facts.message === "" ? `the server answered ${httpStatus}` : facts.message;
  return new ClientError(code, text, { outcome: outcomeOf(code, httpStatus), status: facts });
}

/**
 * A 429 is said before the request is looked at. A server that ran out of time, or failed within, may have written
 * (k8s.io/apiserver/pkg/server/filters/timeout.go answers 504 while the handler runs on).
 */
function outcomeOf(code: ClientErrorCode, httpStatus: number): Outcome {
  if (code === "too-many-requests") return "retryable";
  if (code === "server-timeout" || httpStatus >= 500) return "unknown";
  return "failed";
}

function readStatus(body: Uint8Array): Status {
  try {
    if (isEnvelope(body)) return kinds.Status.decode(unwrap(body).raw);
    const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
    if (!text.startsWith("{")) return { message: text.trim().slice(0, 1000) };
    const parsed = JSON.parse(text) as Status;
    return parsed !== null && typeof parsed === "object" ? parsed : {};
  } catch {
    // A proxy in between may answer with anything at all; the HTTP status stands.
    return {};
  }
}
