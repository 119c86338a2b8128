import { network } from "../network.ts";
import { type CertificateFiles, type Flags, featureGatesFlag } from "./component.ts";

export interface KubeApiserverOptions {
  readonly port: number;
  readonly etcdPort: number;
  readonly etcdCa: string;
  readonly etcdClient: CertificateFiles;
  readonly clusterCa: string;
  readonly serving: CertificateFiles;
  readonly kubeletClient: CertificateFiles;
  readonly frontProxyCa: string;
  readonly frontProxyClient: CertificateFiles;
  readonly serviceAccountKey: CertificateFiles;
  readonly featureGates?: Readonly<Record<string, boolean>>;
  /** Static bearer tokens; default none. */
  readonly tokenFile?: string;
  /** Default no audit log. */
  readonly audit?: { readonly policyFile: string; readonly logFile: string };
}

/** RBAC, Node authorizer, NodeRestriction, Priority & Fairness and the aggregation layer, as kubeadm sets them up. */
export function kubeApiserverFlags(options: KubeApiserverOptions): Flags {
  return {
    "bind-address": "127.0.0.1",
    "secure-port": String(options.port),
    "advertise-address": network.advertiseAddress,
    // Nobody connects to the advertised address, so no Endpoints for it.
    "endpoint-reconciler-type": "none",
    "etcd-servers": `https://127.0.0.1:${options.etcdPort}`,
    "etcd-cafile": options.etcdCa,
    "etcd-certfile": options.etcdClient.cert,
    "etcd-keyfile": options.etcdClient.key,
    "etcd-compaction-interval": "5m0s",
    "client-ca-file": options.clusterCa,
    "tls-cert-file": options.serving.cert,
    "tls-private-key-file": options.serving.key,
    "authorization-mode": "Node,RBAC",
    "enable-admission-plugins": "NodeRestriction",
    "enable-bootstrap-token-auth": "true",
    "enable-priority-and-fairness": "true",
    "allow-privileged": "true",
    "service-cluster-ip-range": network.serviceCidr,
    "service-account-issuer": `https://kubernetes.default.svc.${network.clusterDomain}`,
    "service-account-key-file": options.serviceAccountKey.cert,
    "service-account-signing-key-file": options.serviceAccountKey.key,
    // A hollow node's name resolves nowhere; its address answers.
    "kubelet-preferred-address-types": "InternalIP",
    "kubelet-certificate-authority": options.clusterCa,
    "kubelet-client-certificate": options.kubeletClient.cert,
    "kubelet-client-key": options.kubeletClient.key,
    "requestheader-client-ca-file": options.frontProxyCa,
    "requestheader-allowed-names": "front-proxy-client",
    "requestheader-extra-headers-prefix": "X-Remote-Extra-",
    "requestheader-group-headers": "X-Remote-Group",
    "requestheader-username-headers": "X-Remote-User",
    "proxy-client-cert-file": options.frontProxyClient.cert,
    "proxy-client-key-file": options.frontProxyClient.key,
    ...featureGatesFlag(options.featureGates),
    ...(options.tokenFile === undefined ? {} : { "token-auth-file": options.tokenFile }),
    ...(options.audit === undefined ? {} : auditFlags(options.audit)),
  };
}

/** Blocking, so that a request that was answered is in the file; never rotated, so that one file has them all. */
function auditFlags(audit: { readonly policyFile: string; readonly logFile: string }): Flags {
  return {
    "audit-policy-file": audit.policyFile,
    "audit-log-path": audit.logFile,
    "audit-log-mode": "blocking",
    "audit-log-maxsize": "0",
  };
}
