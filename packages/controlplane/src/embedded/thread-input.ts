import type { FaultPlan } from "@hollowfleet/apiserver";
import type { CertificateAndKey } from "@hollowfleet/pki";
import type { StaticToken } from "../local-options.ts";

/** What the API server's thread is started with: plain data. */
export interface ThreadStart {
  /** Signs users; its certificate is also what pods find as the cluster's root. */
  readonly caPem: string;
  readonly serving: CertificateAndKey;
  /** P-256, signs service-account tokens. */
  readonly serviceAccountKeyPem: string;
  readonly staticTokens: readonly StaticToken[];
  /** Users that may do everything their work needs, e.g. the driver. */
  readonly adminUsers: readonly string[];
  readonly clusterCidr: string;
  readonly serviceCidr: string;
  readonly seed: number;
  readonly faults: FaultPlan;
}

/** Messages to the thread of the API server. */
export type ThreadInput =
  /** From now on faults happen; before it, what is set up is spared. */
  | { readonly type: "begin-faults" }
  /** Answered with `ledger`. */
  | { readonly type: "ledger" }
  /** Ends all connections and the controllers, and the thread. */
  | { readonly type: "stop" };
