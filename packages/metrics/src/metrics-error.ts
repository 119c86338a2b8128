import { HollowError } from "@hollowfleet/core";

/** What this package refuses. */
export type MetricsErrorCode =
  /** A histogram that is not base64 of an HDR V2 compressed histogram. */
  | "bad-histogram"
  /** A scrape that does not follow the Prometheus text format. */
  | "bad-exposition"
  /** A run result that is not one, or of another schema version. */
  | "bad-result";

export class MetricsError extends HollowError<MetricsErrorCode> {}
