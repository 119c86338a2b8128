import type { AuthConfig, ConnectionConfig, ExecCluster } from "./connection-config.ts";
import type { Kubeconfig, KubeconfigCluster, KubeconfigContext, KubeconfigUser } from "./kubeconfig.ts";
import { KubeconfigError } from "./kubeconfig-error.ts";
import type { Environment } from "./load-kubeconfig.ts";
import { checkRoots, readPem } from "./pem-material.ts";
import { checkProxyUrl, proxyFromEnvironment } from "./proxy-url.ts";
import { type NamedUser, resolveAuth, resolveImpersonation } from "./resolve-auth.ts";

/** What the caller decides instead of the file; the names are kubectl's flags. */
export interface ContextOverrides {
  /** Default: the file's current context. */
  readonly context?: string;
  /** Default: the context's. */
  readonly cluster?: string;
  /** Default: the context's. */
  readonly user?: string;
  /** Default: the cluster's; an override also clears the cluster's `tls-server-name`, as kubectl's does. */
  readonly server?: string;
  /** Default: the context's. */
  readonly namespace?: string;
  /** Where the proxy variables are looked up; default: nowhere. */
  readonly env?: Environment;
}

/**
 * Picks one context out of a kubeconfig, checks it and reads the files that it refers to.
 * Over plain http no credentials are used, as kubectl does (clientcmd/client_config.go, ClientConfig).
 *
 * @throws KubeconfigError for everything that would make the first request fail on our side
 */
export function resolveContext(kubeconfig: Kubeconfig, overrides: ContextOverrides = {}): ConnectionConfig {
  const name = overrides.context ?? kubeconfig.currentContext;
  const context = selectContext(kubeconfig, name, overrides);
  const cluster = selectCluster(kubeconfig, context, overrides);
  const user = selectUser(kubeconfig, context, overrides);
  const server = checkServer(cluster, overrides.server);
  const reached = reachCluster(cluster, server, overrides);
  const secure = new URL(server).protocol === "https:";
  const auth: AuthConfig =
    user === undefined || !secure ? { kind: "none" } : resolveAuth(user, execCluster(cluster, reached));
  const impersonate = user === undefined ? undefined : resolveImpersonation(user);
  const proxyUrl =
    reached.proxyUrl ?? (overrides.env === undefined ? undefined : proxyFromEnvironment(overrides.env, server));
  return {
    ...(context === undefined || name === undefined ? {} : { context: name }),
    ...reached,
    ...(proxyUrl === undefined ? {} : { proxyUrl }),
    namespace: overrides.namespace ?? context?.namespace ?? "default",
    auth,
    ...(impersonate === undefined ? {} : { impersonate }),
  };
}

interface NamedCluster {
  readonly cluster: KubeconfigCluster | undefined;
  /** Path in the file, as `clusters[kind].cluster`. */
  readonly field: string;
}

function selectContext(
  kubeconfig: Kubeconfig,
  name: string | undefined,
  overrides: ContextOverrides,
): KubeconfigContext | undefined {
  if (name !== undefined) return lookUp(kubeconfig, "contexts", kubeconfig.contexts, name, kubeconfig.files[0]);
  if (overrides.cluster !== undefined || overrides.server !== undefined) return undefined;
  throw kubeconfig.contexts.size === 0 ? noKubeconfig(kubeconfig) : noContext(kubeconfig);
}

function selectCluster(
  kubeconfig: Kubeconfig,
  context: KubeconfigContext | undefined,
  overrides: ContextOverrides,
): NamedCluster {
  const name = overrides.cluster ?? context?.cluster;
  if (name === undefined) return { cluster: undefined, field: "cluster" };
  const cluster = lookUp(kubeconfig, "clusters", kubeconfig.clusters, name, context?.file);
  return { cluster, field: `clusters[${name}].cluster` };
}

function selectUser(
  kubeconfig: Kubeconfig,
  context: KubeconfigContext | undefined,
  overrides: ContextOverrides,
): NamedUser | undefined {
  const name = overrides.user ?? context?.user;
  if (name === undefined) return undefined;
  const user: KubeconfigUser = lookUp(kubeconfig, "users", kubeconfig.users, name, context?.file);
  return { user, field: `users[${name}].user` };
}

function lookUp<Entry>(
  kubeconfig: Kubeconfig,
  list: "contexts" | "clusters" | "users",
  entries: ReadonlyMap<string, Entry>,
  name: string,
  file: string | undefined,
): Entry {
  const entry = entries.get(name);
  if (entry !== undefined) return entry;
  const known = entries.size === 0 ? "There are none" : `There are: ${[...entries.keys()].sort().join(", ")}`;
  const place = { file: file ?? kubeconfig.files[0], field: list, value: name };
  throw new KubeconfigError("not-found", place, "is not the name of any entry", { remedy: `${known}.` });
}

function noKubeconfig({ files, missingFiles }: Kubeconfig): KubeconfigError {
  const looked = [...files, ...missingFiles].join(", ");
  return new KubeconfigError(
    "no-kubeconfig",
    { file: looked === "" ? undefined : looked },
    "no context is configured",
    {
      remedy: "Name a file with --kubeconfig or in KUBECONFIG, or create ~/.kube/config.",
    },
  );
}

function noContext({ files, contexts }: Kubeconfig): KubeconfigError {
  const place = { file: files.join(", "), field: "current-context" };
  return new KubeconfigError("no-kubeconfig", place, "is not set", {
    remedy: `Name one with --context: ${[...contexts.keys()].sort().join(", ")}.`,
  });
}

function checkServer({ cluster, field }: NamedCluster, override: string | undefined): string {
  const server = override ?? cluster?.server;
  const place = override === undefined ? { file: cluster?.file, field: `${field}.server` } : { field: "server" };
  if (server === undefined) {
    throw new KubeconfigError("bad-field", place, "is missing", { remedy: "Set it to https://host:port." });
  }
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (url?.protocol === "https:" || url?.protocol === "http:") return server;
  throw new KubeconfigError("bad-field", { ...place, value: server }, "is not the URL of an API server", {
    remedy: "Write it as https://host:port.",
  });
}

type ReachedCluster = Pick<ConnectionConfig, "server" | "caPem" | "insecureSkipVerify" | "serverName" | "proxyUrl">;

function reachCluster({ cluster, field }: NamedCluster, server: string, overrides: ContextOverrides): ReachedCluster {
  if (cluster === undefined) return { server, insecureSkipVerify: false };
  const { file, certificateAuthorityData, certificateAuthority, insecureSkipTlsVerify } = cluster;
  const roots = readPem(certificateAuthorityData, certificateAuthority, {
    file,
    field: `${field}.certificate-authority`,
  });
  if (roots !== undefined && insecureSkipTlsVerify) {
    throw new KubeconfigError("conflict", roots.place, "is set together with insecure-skip-tls-verify", {
      remedy: "Remove one of the two.",
    });
  }
  // The name belongs to the file's server, not to the one that replaces it.
  const serverName = overrides.server === undefined ? cluster.tlsServerName : undefined;
  const { proxyUrl } = cluster;
  return {
    server,
    ...(roots === undefined ? {} : { caPem: checkRoots(roots) }),
    insecureSkipVerify: insecureSkipTlsVerify,
    ...(serverName === undefined ? {} : { serverName }),
    ...(proxyUrl === undefined ? {} : { proxyUrl: checkProxyUrl(proxyUrl, { file, field: `${field}.proxy-url` }) }),
  };
}

function execCluster({ cluster }: NamedCluster, reached: ReachedCluster): ExecCluster {
  const { server, caPem, serverName, insecureSkipVerify, proxyUrl } = reached;
  return {
    server,
    ...(serverName === undefined ? {} : { "tls-server-name": serverName }),
    ...(insecureSkipVerify ? { "insecure-skip-tls-verify": true } : {}),
    ...(caPem === undefined ? {} : { "certificate-authority-data": Buffer.from(caPem).toString("base64") }),
    ...(proxyUrl === undefined ? {} : { "proxy-url": proxyUrl }),
    ...(cluster?.disableCompression ? { "disable-compression": true } : {}),
    ...(cluster?.execConfig === undefined ? {} : { config: cluster.execConfig }),
  };
}
