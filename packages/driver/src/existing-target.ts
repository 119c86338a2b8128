import { homedir, networkInterfaces } from "node:os";
import {
  type ApiClient,
  type CallObserver,
  type ConnectionConfig,
  createApiClient,
  createCredentialSource,
  createHttp2Transport,
  credentialHeaders,
  findConnection,
  impersonationHeaders,
  openProxyTunnel,
} from "@hollowfleet/client";
import { checkOptIn, checkServerVersion, parseServerVersion, type ServerVersion } from "@hollowfleet/controlplane";
import { type Clock, systemClock } from "@hollowfleet/core";
import { DriverError } from "./driver-error.ts";
import type { RunOptions, TargetChoice } from "./run-options.ts";
import type { RunTarget } from "./target.ts";

/** A way into a cluster that we did not start. */
export interface ExistingConnection {
  readonly connection: ConnectionConfig;
  readonly version: ServerVersion;
  connect(observer?: CallObserver): ApiClient;
  close(): void;
}

type KubeconfigChoice = Extract<TargetChoice, { kind: "kubeconfig" }>;

/**
 * Connects to the cluster of a kubeconfig. Nothing is sent before the user's opt-in was found good. Throws
 * KubeconfigError, ControlPlaneError "not-opted-in" or "unsupported-version", and DriverError "unreachable".
 */
export async function connectExisting(choice: KubeconfigChoice): Promise<ExistingConnection> {
  const connection = findConnection({
    env: process.env,
    home: homedir(),
    ...(choice.path !== undefined && { explicitPath: choice.path }),
    ...(choice.context !== undefined && { context: choice.context }),
  });
  checkOptIn(connection.context ?? connection.server, { namedContext: choice.context, allowed: choice.allowed });
  const { connect, close } = clientFactory(connection, systemClock);
  try {
    const version = parseServerVersion(JSON.parse(await connect().text("/version", { timeoutMs: 10_000 })));
    checkServerVersion(version);
    return { connection, version, connect, close };
  } catch (thrown) {
    close();
    if (thrown instanceof Error && thrown.name === "ControlPlaneError") throw thrown;
    throw new DriverError("unreachable", `${connection.server} (context ${connection.context}) does not answer`, {
      cause: thrown,
      remedy: "Check that kubectl reaches it with the same kubeconfig and context.",
    });
  }
}

/** The run's view of such a cluster: its CA is not ours, so nodes impersonate, and their names carry the run's id. */
export async function openExisting(options: RunOptions, choice: KubeconfigChoice, runId: string): Promise<RunTarget> {
  const { identity } = options.scenario.fleet;
  if (identity !== "impersonate") {
    throw new DriverError("config", `fleet.identity: ${identity} needs a cluster that was started here`, {
      remedy: "Use --identity impersonate; the kubeconfig's user must be allowed to impersonate users and groups.",
    });
  }
  const { connection, version, connect, close } = await connectExisting(choice);
  const { server, caPem, serverName, insecureSkipVerify } = connection;
  return {
    plane: {
      target: "existing",
      settings: { "kubernetes version": version.gitVersion, context: connection.context ?? connection.server },
      kubeconfigPath: choice.path ?? process.env["KUBECONFIG"] ?? "~/.kube/config",
      processes: () => [],
      onDeath: () => () => undefined,
    },
    facts: {
      kind: "kubeconfig",
      real: true,
      version: version.gitVersion,
      ...(connection.context !== undefined && { context: connection.context }),
    },
    versions: { kubernetes: version.gitVersion },
    fleetTarget: {
      server,
      ...(caPem !== undefined && { caPem }),
      ...(serverName !== undefined && { serverName }),
      insecureSkipVerify,
      ...(connection.proxyUrl !== undefined && { proxyUrl: connection.proxyUrl }),
      version: [version.major, version.minor],
    },
    fleetCredentials: { kind: "impersonate", base: connection.auth },
    nodeAddress: { kind: "shared", ip: ownAddress() },
    logsDir: undefined,
    namePrefix: `${runId}-`,
    connect,
    close: () => {
      close();
      return Promise.resolve();
    },
  };
}

function clientFactory(
  connection: ConnectionConfig,
  clock: Clock,
): { connect(observer?: CallObserver): ApiClient; close(): void } {
  const { server, caPem, serverName, insecureSkipVerify, proxyUrl, impersonate } = connection;
  const source = createCredentialSource(connection.auth, { clock });
  const roots = caPem === undefined ? {} : { caPem };
  const tunnel = (proxy: string) => (host: string, port: number) =>
    openProxyTunnel(proxy, host, port, { ...roots, insecureSkipVerify });
  const transports: { close(): void }[] = [];
  return {
    connect(observer) {
      const transport = createHttp2Transport({
        server,
        insecureSkipVerify,
        clock,
        ...roots,
        clientCertificate: () => source.tls(),
        ...(serverName !== undefined && { serverName }),
        ...(proxyUrl !== undefined && { dialSocket: tunnel(proxyUrl) }),
      });
      transports.push(transport);
      return createApiClient({
        transport,
        ...credentialHeaders(source, impersonate === undefined ? [] : impersonationHeaders(impersonate)),
        settings: { userAgent: "hollow-driver", timeoutMs: 60_000 },
        clock,
        ...(observer !== undefined && { observer }),
      });
    },
    close: () => {
      for (const transport of transports) transport.close();
    },
  };
}

/** Where a node's endpoint would be: the first address of this machine that others can reach. */
function ownAddress(): string {
  const external = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === "IPv4" && !address.internal);
  return external?.address ?? "127.0.0.1";
}
