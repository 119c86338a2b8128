import type { Credentials, Endpoint } from "./control-plane.ts";

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

/** A kubeconfig with one context, as JSON, which every reader of kubeconfig files takes for YAML. */
export function kubeconfig(endpoint: Endpoint, user: string, credentials: Credentials): string {
  const identity =
    credentials.kind === "token"
      ? { token: credentials.token }
      : {
          "client-certificate-data": base64(credentials.certPem),
          "client-key-data": base64(credentials.keyPem),
        };
  const cluster = {
    server: endpoint.server,
    "certificate-authority-data": base64(endpoint.caPem),
    ...(endpoint.serverName === undefined ? {} : { "tls-server-name": endpoint.serverName }),
  };
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "hollowfleet", cluster }],
    users: [{ name: user, user: identity }],
    contexts: [{ name: "hollowfleet", context: { cluster: "hollowfleet", user } }],
    "current-context": "hollowfleet",
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
