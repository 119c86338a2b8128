import { ControlPlaneError } from "./control-plane-error.ts";

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
