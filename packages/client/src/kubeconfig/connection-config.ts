import type { ExecInteractiveMode } from "./kubeconfig.ts";

/** A certificate to show to the server, and its key. */
export interface ClientCertificate {
  /** PEM, followed by its intermediates if there are any. */
  readonly certPem: string;
  readonly keyPem: string;
}

/** What an exec plugin is told of the cluster, in the words of client.authentication.k8s.io. */
export interface ExecCluster {
  readonly server: string;
  readonly "tls-server-name"?: string;
  readonly "insecure-skip-tls-verify"?: boolean;
  /** Base64. */
  readonly "certificate-authority-data"?: string;
  readonly "proxy-url"?: string;
  readonly "disable-compression"?: boolean;
  readonly config?: unknown;
}

/** A command that prints credentials, ready to run. */
export interface ExecPlugin {
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the environment of this process. */
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly apiVersion: string;
  readonly interactiveMode: ExecInteractiveMode;
  /** How to install the command; free of control characters. */
  readonly installHint?: string;
  /** Present if the plugin asked for it with `provideClusterInfo`. */
  readonly cluster?: ExecCluster;
  /** Where the plugin is configured, for errors. */
  readonly file: string;
  readonly field: string;
}

/**
 * How to authenticate. A token or a password may come with a certificate, and both are then sent; an exec plugin comes
 * alone, since client-go does not run it when there is anything else (k8s.io/client-go/plugin/pkg/client/auth/exec).
 */
export type AuthConfig =
  | { readonly kind: "none" }
  | ({ readonly kind: "cert" } & ClientCertificate)
  | { readonly kind: "token"; readonly token: string; readonly certificate?: ClientCertificate }
  | {
      readonly kind: "token-file";
      readonly path: string;
      /** Used while the file cannot be read. */
      readonly token?: string;
      readonly certificate?: ClientCertificate;
    }
  | {
      readonly kind: "basic";
      readonly username: string;
      readonly password: string;
      readonly certificate?: ClientCertificate;
    }
  | { readonly kind: "exec"; readonly plugin: ExecPlugin };

/** Whom to act as (Kubernetes user impersonation). */
export interface Impersonation {
  readonly user: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra: ReadonlyMap<string, readonly string[]>;
}

/** Everything needed to reach one cluster as one user. */
export interface ConnectionConfig {
  /** Name of the context; absent inside a cluster, or where only a server was named. */
  readonly context?: string;
  /** `https://host:port`, with a path if the file has one. */
  readonly server: string;
  /** Trusted roots; default: the machine's. */
  readonly caPem?: string;
  readonly insecureSkipVerify: boolean;
  /** Name to verify instead of the host. */
  readonly serverName?: string;
  /** `http://` or `https://` proxy to tunnel through, with its credentials if there are any. */
  readonly proxyUrl?: string;
  /** Default `default`. */
  readonly namespace: string;
  readonly auth: AuthConfig;
  readonly impersonate?: Impersonation;
}
