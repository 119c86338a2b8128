import { HollowError } from "@hollowfleet/core";

/** - invalid-fault: a flag or a plan says what no fault is; `message` lists every fault of it */
export type FaultErrorCode = "invalid-fault";

export class FaultError extends HollowError<FaultErrorCode> {}
