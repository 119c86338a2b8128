import { HollowError } from "@hollowfleet/core";

/**
 * - config: the fleet that was asked for cannot be
 * - thread-died: a worker thread ended before it was told to; its nodes are gone
 * - start-failed: a thread did not come up
 */
export type FleetErrorCode = "config" | "thread-died" | "start-failed";

export class FleetError extends HollowError<FleetErrorCode> {}
