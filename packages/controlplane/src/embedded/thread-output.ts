import type { FaultLedger } from "@hollowfleet/apiserver";

/** Messages from the thread of the API server. */
export type ThreadOutput =
  /** It listens; `threadId` is the system's, under which /proc tells of its CPU. */
  | { readonly type: "listening"; readonly port: number; readonly threadId: number }
  /** One line of its log. */
  | { readonly type: "log"; readonly line: string }
  | { readonly type: "ledger"; readonly ledger: FaultLedger }
  /** All is closed; the thread can be ended. */
  | { readonly type: "stopped" };
