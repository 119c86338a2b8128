/** How to reach one cluster. Fields as in `clusters[].cluster` of a kubeconfig; paths are absolute. */
export interface KubeconfigCluster {
  /** The file that this entry comes from. */
  readonly file: string;
  readonly server: string | undefined;
  readonly tlsServerName: string | undefined;
  readonly insecureSkipTlsVerify: boolean;
  readonly certificateAuthority: string | undefined;
  /** Decoded. */
  readonly certificateAuthorityData: string | undefined;
  readonly proxyUrl: string | undefined;
  /** Read only to be passed on to exec plugins. */
  readonly disableCompression: boolean;
  /** The extension `client.authentication.k8s.io/exec`, passed on to exec plugins. */
  readonly execConfig: unknown;
}

/** When an exec plugin may read from standard input. */
export type ExecInteractiveMode = "Never" | "IfAvailable" | "Always";

/** A command that prints credentials, as in `users[].user.exec`. */
export interface KubeconfigExec {
  /** Absolute if the file's value contains a slash, else looked up in PATH. */
  readonly command: string | undefined;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly apiVersion: string | undefined;
  readonly installHint: string | undefined;
  readonly provideClusterInfo: boolean;
  /** As written; one of `ExecInteractiveMode` if it is valid. */
  readonly interactiveMode: string | undefined;
}

/** Who we are. Fields as in `users[].user`; paths are absolute. */
export interface KubeconfigUser {
  /** The file that this entry comes from. */
  readonly file: string;
  readonly clientCertificate: string | undefined;
  /** Decoded. */
  readonly clientCertificateData: string | undefined;
  readonly clientKey: string | undefined;
  /** Decoded. */
  readonly clientKeyData: string | undefined;
  readonly token: string | undefined;
  readonly tokenFile: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly as: string | undefined;
  readonly asUid: string | undefined;
  readonly asGroups: readonly string[];
  readonly asUserExtra: ReadonlyMap<string, readonly string[]>;
  /** Name of the auth-provider, if there is one. */
  readonly authProvider: string | undefined;
  readonly exec: KubeconfigExec | undefined;
}

/** A cluster, a user and a namespace under one name. */
export interface KubeconfigContext {
  /** The file that this entry comes from. */
  readonly file: string;
  readonly cluster: string | undefined;
  readonly user: string | undefined;
  readonly namespace: string | undefined;
}

/** What one kubeconfig file says, or several merged. */
export interface Kubeconfig {
  /** Paths of the files, the first one first. */
  readonly files: readonly string[];
  /** Paths that were looked at and are not there. */
  readonly missingFiles: readonly string[];
  readonly currentContext: string | undefined;
  readonly clusters: ReadonlyMap<string, KubeconfigCluster>;
  readonly users: ReadonlyMap<string, KubeconfigUser>;
  readonly contexts: ReadonlyMap<string, KubeconfigContext>;
}

/**
 * Merges files as kubectl does: the first one to name an entry has it whole, fields are never mixed; the first one that
 * sets a current context sets it (k8s.io/client-go/tools/clientcmd/loader.go, Load).
 */
export function mergeKubeconfigs(files: readonly Kubeconfig[]): Kubeconfig {
  return {
    files: files.flatMap((file) => file.files),
    missingFiles: files.flatMap((file) => file.missingFiles),
    currentContext: files.find((file) => file.currentContext !== undefined)?.currentContext,
    clusters: firstOfEach(files.map((file) => file.clusters)),
    users: firstOfEach(files.map((file) => file.users)),
    contexts: firstOfEach(files.map((file) => file.contexts)),
  };
}

function firstOfEach<Entry>(maps: readonly ReadonlyMap<string, Entry>[]): ReadonlyMap<string, Entry> {
  const merged = new Map<string, Entry>();
  for (const map of maps) {
    for (const [name, entry] of map) if (!merged.has(name)) merged.set(name, entry);
  }
  return merged;
}
