import { network } from "../network.ts";
import { type CertificateFiles, type Flags, featureGatesFlag } from "./component.ts";
import type { ClientLimits } from "./kube-scheduler.ts";

export interface KubeControllerManagerOptions {
  readonly port: number;
  readonly kubeconfig: string;
  readonly clusterCa: CertificateFiles;
  readonly frontProxyCa: string;
  readonly serving: CertificateFiles;
  readonly serviceAccountKey: CertificateFiles;
  /** Undefined: the controller manager's own defaults, 20 and 30. */
  readonly limits?: ClientLimits | undefined;
  readonly featureGates?: Readonly<Record<string, boolean>>;
}

/** Node lifecycle, garbage collection and worker counts stay at their defaults. */
export function kubeControllerManagerFlags(options: KubeControllerManagerOptions): Flags {
  return {
    kubeconfig: options.kubeconfig,
    "authentication-kubeconfig": options.kubeconfig,
    "authorization-kubeconfig": options.kubeconfig,
    "bind-address": "127.0.0.1",
    "secure-port": String(options.port),
    "tls-cert-file": options.serving.cert,
    "tls-private-key-file": options.serving.key,
    "client-ca-file": options.clusterCa.cert,
    "requestheader-client-ca-file": options.frontProxyCa,
    "requestheader-allowed-names": "front-proxy-client",
    // With leader election it exits when the API server stays away longer than the renew deadline.
    "leader-elect": "false",
    // Each controller under its own service account, as kubeadm runs it: RBAC and Priority & Fairness tell them apart.
    "use-service-account-credentials": "true",
    "root-ca-file": options.clusterCa.cert,
    "service-account-private-key-file": options.serviceAccountKey.key,
    "cluster-signing-cert-file": options.clusterCa.cert,
    "cluster-signing-key-file": options.clusterCa.key,
    "allocate-node-cidrs": "true",
    "cluster-cidr": network.clusterCidr,
    "node-cidr-mask-size": String(network.nodeCidrMaskSize),
    "service-cluster-ip-range": network.serviceCidr,
    ...(options.limits === undefined
      ? {}
      : { "kube-api-qps": String(options.limits.qps), "kube-api-burst": String(options.limits.burst) }),
    ...featureGatesFlag(options.featureGates),
  };
}
