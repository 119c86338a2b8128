import { HollowError } from "@hollowfleet/core";

/**
 * - config: the scenario or its flags are wrong; `message` lists every fault
 * - unreachable: the target does not answer
 * - timeout: a phase did not reach its goal in its time
 * - interrupted: the user asked to stop
 * - component-died: a process of the control plane that we started ended
 * - fleet-died: a worker thread ended
 */
export type DriverErrorCode = "config" | "unreachable" | "timeout" | "interrupted" | "component-died" | "fleet-died";

export class DriverError extends HollowError<DriverErrorCode> {}
