import type { ComponentName } from "./components/component.ts";
import type { ServerVersion } from "./server-version.ts";

/** Where the API server is and how its certificate is checked. */
export interface Endpoint {
  /** https://host:port */
  readonly server: string;
  /** PEM of the authorities that sign the server's certificate. */
  readonly caPem: string;
  /** Name to verify the certificate against; default: the host. */
  readonly serverName?: string;
}

/** How a client proves who it is. */
export type Credentials =
  | { readonly kind: "certificate"; readonly certPem: string; readonly keyPem: string }
  | { readonly kind: "token"; readonly token: string };

/** A process of its own, or `embedded`: the API server and controllers in a thread of ours. */
export type PlanePart = ComponentName | "embedded";

/** A component that ended although nobody asked it to. */
export interface ComponentDeath {
  readonly component: PlanePart;
  /** e.g. "exit code 1", "signal SIGKILL". */
  readonly cause: string;
  /** Its last lines of log, oldest first. */
  readonly logTail: readonly string[];
}

/** One process or thread of a control plane, for resource use. */
export interface ControlPlaneProcess {
  readonly name: PlanePart;
  readonly pid: number;
  /** Only this thread of the process belongs to the control plane. */
  readonly threadId?: number;
}

/** What the fleet talks to. */
export interface ControlPlane {
  /** Started here from assets or in our own process, or a cluster that was there before. */
  readonly target: "local" | "embedded" | "existing";
  readonly endpoint: Endpoint;
  readonly version: ServerVersion;
  /**
   * On `local` and `embedded` in group system:masters, which skips Priority & Fairness: only for setting up and cleaning, never for load.
   */
  readonly admin: Credentials;
  /** User hollow-driver, bound by RBAC: what the load and the probes run as. */
  readonly driver: Credentials;
  /** Issues node client certificates; undefined where we do not hold the cluster's CA. */
  readonly nodeAuthority: { readonly certPem: string; readonly keyPem: string } | undefined;
  /** Versions and fixed settings, without ports and paths: equal for two runs that may be compared. */
  readonly settings: Readonly<Record<string, string>>;
  /** A file that kubectl reads. */
  readonly kubeconfigPath: string;
  /** The running components; none for a cluster that we did not start. */
  processes(): readonly ControlPlaneProcess[];
  /** The last lines of a component's log, oldest first; empty where we have none. */
  logTail(component: PlanePart): readonly string[];
  /** Tells of every death from now on. Returns what ends the subscription. */
  onDeath(listener: (death: ComponentDeath) => void): () => void;
  /** Stops what was started here and removes its data. Safe to call twice. */
  stop(): Promise<void>;
}
