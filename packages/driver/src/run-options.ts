import type { Logger } from "@hollowfleet/core";
import type { Progress } from "./progress.ts";
import type { Scenario } from "./scenario.ts";
import type { EmbeddedTargetOptions, LocalTargetOptions } from "./target.ts";

/** Which API server a run talks to. */
export type TargetChoice =
  /** etcd, kube-apiserver, scheduler and controller-manager as child processes. */
  | ({ readonly kind: "local" } & LocalTargetOptions)
  /** The API server and controllers of our own, in a thread of this process. */
  | ({ readonly kind: "embedded" } & EmbeddedTargetOptions)
  /** A cluster that was there before; only after an explicit opt-in that names its context. */
  | {
      readonly kind: "kubeconfig";
      readonly path: string | undefined;
      readonly context: string | undefined;
      /** The user said that load may go there. */
      readonly allowed: boolean;
    };

/** Everything that one run needs. */
export interface RunOptions {
  readonly scenario: Scenario;
  readonly target: TargetChoice;
  readonly logger: Logger;
  /** The command line as given, for the manifest. */
  readonly flags: readonly string[];
  readonly version: string;
  /** About once a second. */
  readonly onProgress?: (progress: Progress) => void;
  /** Aborted by the first Ctrl-C: ends the load, cleans up, and still gives a result. */
  readonly signal: AbortSignal;
}
