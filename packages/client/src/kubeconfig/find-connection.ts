import type { ConnectionConfig } from "./connection-config.ts";
import { inClusterConnection } from "./in-cluster.ts";
import { KubeconfigError } from "./kubeconfig-error.ts";
import { type LoadOptions, loadKubeconfig } from "./load-kubeconfig.ts";
import { proxyFromEnvironment } from "./proxy-url.ts";
import { type ContextOverrides, resolveContext } from "./resolve-context.ts";

export interface FindConnectionOptions extends LoadOptions, Omit<ContextOverrides, "env"> {
  /** Where a pod's service account is mounted; default: where the kubelet mounts it. */
  readonly serviceAccountFolder?: string;
}

/**
 * The connection that kubectl would take with the same flags and environment: the kubeconfig's context, and if no context
 * is chosen there, the service account of the pod that this process runs in.
 */
export function findConnection(options: FindConnectionOptions): ConnectionConfig {
  const kubeconfig = loadKubeconfig(options);
  try {
    return resolveContext(kubeconfig, options);
  } catch (error) {
    if (!(error instanceof KubeconfigError) || error.code !== "no-kubeconfig") throw error;
    const connection = inClusterConnection(options.env, options.serviceAccountFolder);
    if (connection === undefined) throw error;
    const proxyUrl = proxyFromEnvironment(options.env, connection.server);
    return {
      ...connection,
      ...(proxyUrl === undefined ? {} : { proxyUrl }),
      ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
    };
  }
}
