import type { ControlPlane, Credentials, Endpoint } from "./control-plane.ts";
import { ControlPlaneError } from "./control-plane-error.ts";
import { checkServerVersion, type ServerVersion } from "./server-version.ts";

/** A cluster that was there before, as its owner's kubeconfig describes it. */
export interface ExistingCluster {
  /** The kubeconfig's context. */
  readonly context: string;
  readonly endpoint: Endpoint;
  readonly version: ServerVersion;
  readonly kubeconfigPath: string;
  /** Sets up and cleans. */
  readonly admin: Credentials;
  /** Runs the load; default: the same. */
  readonly driver?: Credentials;
}

/** What the user said about touching a cluster. */
export interface OptIn {
  /** The context that the user named; undefined when the kubeconfig's current one was taken. */
  readonly namedContext: string | undefined;
  /** The user said that load may go there. */
  readonly allowed: boolean;
}

/**
 * Throws ControlPlaneError "not-opted-in" unless the user named this very context and allowed load on it. The current
 * context of a kubeconfig is no consent: it is whatever was used last.
 */
export function checkOptIn(context: string, optIn: OptIn): void {
  if (optIn.allowed && optIn.namedContext === context) return;
  throw new ControlPlaneError("not-opted-in", `cluster "${context}" was not started here and will not be touched`, {
    remedy: `if you may put load on it, add --context ${context} --allow-existing`,
  });
}

/** A cluster that was not started here behind the same interface. Stopping it does nothing to it. */
export function connectExisting(cluster: ExistingCluster, optIn: OptIn): ControlPlane {
  checkOptIn(cluster.context, optIn);
  checkServerVersion(cluster.version);
  return {
    target: "existing",
    endpoint: cluster.endpoint,
    version: cluster.version,
    admin: cluster.admin,
    driver: cluster.driver ?? cluster.admin,
    nodeAuthority: undefined,
    settings: { "kubernetes version": cluster.version.gitVersion, context: cluster.context },
    kubeconfigPath: cluster.kubeconfigPath,
    processes: () => [],
    logTail: () => [],
    onDeath: () => () => undefined,
    stop: async () => undefined,
  };
}
