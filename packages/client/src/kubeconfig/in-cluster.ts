import { readFileSync } from "node:fs";
import { isIPv6 } from "node:net";
import { join } from "node:path";
import type { ConnectionConfig } from "./connection-config.ts";
import type { Environment } from "./load-kubeconfig.ts";
import { checkRoots } from "./pem-material.ts";

/** Where a pod finds its service account. */
const serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

/**
 * The connection that a pod has by its service account (k8s.io/client-go/rest/config.go, InClusterConfig), or undefined
 * outside a cluster.
 *
 * @param folder with `token`, `ca.crt` and `namespace`; default: where the kubelet mounts them
 */
export function inClusterConnection(
  env: Environment,
  folder: string = serviceAccountFolder,
): ConnectionConfig | undefined {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  const path = join(folder, "token");
  if (host === undefined || host === "" || port === undefined || port === "") return undefined;
  if (readIfThere(path) === undefined) return undefined;
  const caFile = join(folder, "ca.crt");
  const caPem = readIfThere(caFile);
  const podNamespace = env["POD_NAMESPACE"] ?? "";
  return {
    server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
    ...(caPem === undefined ? {} : { caPem: checkRoots({ pem: caPem, place: { file: caFile } }) }),
    insecureSkipVerify: false,
    namespace: podNamespace || readIfThere(join(folder, "namespace"))?.trim() || "default",
    auth: { kind: "token-file", path },
  };
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
