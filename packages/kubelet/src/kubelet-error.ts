import { HollowError } from "@hollowfleet/core";

/** - node-template: a Node manifest cannot be made nodes from */
export type KubeletErrorCode = "node-template";

export class KubeletError extends HollowError<KubeletErrorCode> {}
