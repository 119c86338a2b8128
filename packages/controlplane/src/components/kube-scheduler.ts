import { type CertificateFiles, type Flags, featureGatesFlag } from "./component.ts";

export interface KubeSchedulerOptions {
  readonly port: number;
  readonly kubeconfig: string;
  readonly configFile: string;
  readonly clusterCa: string;
  readonly frontProxyCa: string;
  readonly serving: CertificateFiles;
  readonly featureGates?: Readonly<Record<string, boolean>>;
}

export function kubeSchedulerFlags(options: KubeSchedulerOptions): Flags {
  return {
    config: options.configFile,
    "bind-address": "127.0.0.1",
    "secure-port": String(options.port),
    "authentication-kubeconfig": options.kubeconfig,
    "authorization-kubeconfig": options.kubeconfig,
    "client-ca-file": options.clusterCa,
    "requestheader-client-ca-file": options.frontProxyCa,
    "requestheader-allowed-names": "front-proxy-client",
    "tls-cert-file": options.serving.cert,
    "tls-private-key-file": options.serving.key,
    ...featureGatesFlag(options.featureGates),
  };
}

/** Requests per second that a component allows itself against the API server. */
export interface ClientLimits {
  readonly qps: number;
  readonly burst: number;
}

/**
 * The scheduler's configuration file: its flags for the same are deprecated.
 * @param limits undefined: the scheduler's own defaults, 50 and 100
 */
export function kubeSchedulerConfiguration(kubeconfig: string, limits: ClientLimits | undefined): object {
  return {
    apiVersion: "kubescheduler.config.k8s.io/v1",
    kind: "KubeSchedulerConfiguration",
    clientConnection: { kubeconfig, ...limits },
    // With leader election it exits when the API server stays away longer than the renew deadline.
    leaderElection: { leaderElect: false },
  };
}
