import { HollowError } from "@hollowfleet/core";

/** What can go wrong while making a certificate. */
export type PkiErrorCode =
  /** A certificate or key handed in is not what it must be (PEM, DER, P-256). */
  | "invalid-material"
  /** A name, address or validity that a certificate cannot hold. */
  | "invalid-request";

/** Thrown by this package. */
export class PkiError extends HollowError<PkiErrorCode> {}
