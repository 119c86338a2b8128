import { HollowError } from "@hollowfleet/core";

/**
 * - usage: a flag or argument is wrong
 * - output: a result could not be written
 */
export type CliErrorCode = "usage" | "output";

export class CliError extends HollowError<CliErrorCode> {}
