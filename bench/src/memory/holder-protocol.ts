import type { HolderPlan } from "./part.ts";

/** From the bench to the process that is measured. */
export type HolderRequest =
  | { readonly type: "begin"; readonly plan: HolderPlan }
  /** Answered when so many are held. */
  | { readonly type: "grow"; readonly count: number }
  /** Answered when the garbage has been collected. */
  | { readonly type: "collect" }
  | { readonly type: "end" };

/** Its answer to each of them. */
export type HolderAnswer =
  | { readonly type: "done"; readonly held: number; readonly heapUsedBytes: number; readonly arrayBufferBytes: number }
  | { readonly type: "failed"; readonly message: string };
