import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Authority, type CertificateAndKey, createAuthority, generateKeyPair } from "@hollowfleet/pki";
import type { CertificateFiles } from "./components/component.ts";
import { network } from "./network.ts";

/** Everything that a control plane proves itself with. */
export interface Certificates {
  readonly clusterAuthority: Authority;
  readonly files: {
    readonly clusterCa: CertificateFiles;
    readonly frontProxyCa: CertificateFiles;
    readonly etcdCa: CertificateFiles;
    readonly etcd: CertificateFiles;
    readonly etcdClient: CertificateFiles;
    readonly apiserver: CertificateFiles;
    readonly kubeletClient: CertificateFiles;
    readonly frontProxyClient: CertificateFiles;
    readonly scheduler: CertificateFiles;
    readonly controllerManager: CertificateFiles;
    /** `cert` holds the public key. */
    readonly serviceAccountKey: CertificateFiles;
  };
  readonly etcdCaPem: string;
  /** What reads etcd's health. */
  readonly etcdClient: CertificateAndKey;
}

const localNames = { dnsNames: ["localhost"], ipAddresses: ["127.0.0.1"] } as const;

const apiserverNames = {
  dnsNames: [
    "localhost",
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    `kubernetes.default.svc.${network.clusterDomain}`,
  ],
  ipAddresses: ["127.0.0.1", network.kubernetesServiceIp, network.advertiseAddress],
};

/**
 * Makes three authorities, as kubeadm does (a front proxy may name any user, so its authority must not be the one that
 * signs users), and a certificate for each component, and writes them into `dir`.
 */
export function createCertificates(dir: string): Certificates {
  const write = (name: string, material: { readonly certPem: string; readonly keyPem: string }): CertificateFiles => {
    const files = { cert: join(dir, `${name}.crt`), key: join(dir, `${name}.key`) };
    writeFileSync(files.cert, material.certPem, { mode: 0o600 });
    writeFileSync(files.key, material.keyPem, { mode: 0o600 });
    return files;
  };
  const cluster = createAuthority({ commonName: "kubernetes" });
  const frontProxy = createAuthority({ commonName: "front-proxy-ca" });
  const etcd = createAuthority({ commonName: "etcd-ca" });
  const etcdClient = etcd.issue({ commonName: "kube-apiserver-etcd-client", usage: "client" });
  const serviceAccount = generateKeyPair();
  const serving = (commonName: string) => cluster.issue({ commonName, usage: "server", ...localNames });
  return {
    clusterAuthority: cluster,
    etcdCaPem: etcd.certPem,
    etcdClient,
    files: {
      clusterCa: write("ca", cluster),
      frontProxyCa: write("front-proxy-ca", frontProxy),
      etcdCa: write("etcd-ca", etcd),
      etcd: write("etcd", etcd.issue({ commonName: "etcd", usage: "both", ...localNames })),
      etcdClient: write("etcd-client", etcdClient),
      apiserver: write("apiserver", serverCertificate(cluster)),
      kubeletClient: write(
        "apiserver-kubelet-client",
        cluster.issue({ commonName: "kube-apiserver-kubelet-client", usage: "client" }),
      ),
      frontProxyClient: write(
        "front-proxy-client",
        frontProxy.issue({ commonName: "front-proxy-client", usage: "client" }),
      ),
      scheduler: write("scheduler", serving("kube-scheduler")),
      controllerManager: write("controller-manager", serving("kube-controller-manager")),
      serviceAccountKey: write("service-account", {
        certPem: serviceAccount.publicKeyPem,
        keyPem: serviceAccount.keyPem,
      }),
    },
  };
}

/** What the API server shows its clients. */
export function serverCertificate(authority: Authority): CertificateAndKey {
  return authority.issue({ commonName: "kube-apiserver", usage: "server", ...apiserverNames });
}

/** A client certificate of the cluster's authority as credentials. */
export function clientCredentials(
  authority: Authority,
  commonName: string,
  organizations: readonly string[] = [],
): { readonly kind: "certificate"; readonly certPem: string; readonly keyPem: string } {
  const { certPem, keyPem } = authority.issue({ commonName, organizations, usage: "client" });
  return { kind: "certificate", certPem, keyPem };
}
