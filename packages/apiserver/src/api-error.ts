import { HollowError } from "@hollowfleet/core";

/** metav1.StatusReason: the closed set of reasons that this server gives (apimachinery/pkg/apis/meta/v1/types.go). */
export type StatusReason =
  | "Unauthorized"
  | "Forbidden"
  | "NotFound"
  | "AlreadyExists"
  | "Conflict"
  | "Gone"
  | "Invalid"
  | "Timeout"
  | "TooManyRequests"
  | "BadRequest"
  | "MethodNotAllowed"
  | "NotAcceptable"
  | "RequestEntityTooLarge"
  | "UnsupportedMediaType"
  | "InternalError"
  | "Expired"
  | "ServiceUnavailable"
  /** An error that the real server does not expect: it has no reason, and code 500 (responsewriters/status.go). */
  | "";

/** metav1.StatusCause: one fault of one field. */
export interface StatusCause {
  /** e.g. FieldValueInvalid, FieldValueRequired, DisruptionBudget */
  readonly reason?: string;
  readonly message?: string;
  /** Path of the field, e.g. spec.containers[0].name */
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** A Status object in its JSON form. */
export interface StatusObject {
  readonly kind: "Status";
  readonly apiVersion: "v1";
  /** `continue` with an Expired list: where to go on in the latest state. */
  readonly metadata: { readonly continue?: string };
  readonly status: "Success" | "Failure";
  readonly message?: string;
  readonly reason?: StatusReason;
  readonly details?: StatusDetails;
  readonly code?: number;
}

/** HTTP status codes by reason (apimachinery/pkg/api/errors/errors.go). */
export const statusCodes: Readonly<Record<StatusReason, number>> = {
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  AlreadyExists: 409,
  Conflict: 409,
  Gone: 410,
  Invalid: 422,
  Timeout: 504,
  TooManyRequests: 429,
  BadRequest: 400,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  RequestEntityTooLarge: 413,
  UnsupportedMediaType: 415,
  InternalError: 500,
  Expired: 410,
  ServiceUnavailable: 503,
  "": 500,
};

/** What a request ends with when it does not succeed; carried to the caller as a Status object. */
export class ApiError extends HollowError<StatusReason> {
  readonly details: StatusDetails | undefined;
  readonly httpCode: number;
  /** Of an Expired list: the token with which it can go on in the latest state. */
  readonly continueToken: string | undefined;
  /** What the client is warned of beside the error. */
  warnings: readonly string[] = [];

  constructor(
    reason: StatusReason,
    message: string,
    details?: StatusDetails,
    httpCode: number = statusCodes[reason],
    continueToken?: string,
  ) {
    super(reason, message);
    this.details = details;
    this.httpCode = httpCode;
    this.continueToken = continueToken;
  }

  status(): StatusObject {
    return {
      kind: "Status",
      apiVersion: "v1",
      metadata: this.continueToken === undefined ? {} : { continue: this.continueToken },
      status: "Failure",
      message: this.message,
      ...(this.code !== "" && { reason: this.code }),
      ...(this.details !== undefined && { details: this.details }),
      code: this.httpCode,
    };
  }
}
