import type { CertificateFiles, Flags } from "./component.ts";

export interface EtcdOptions {
  readonly dataDir: string;
  readonly clientPort: number;
  readonly peerPort: number;
  readonly ca: string;
  readonly serving: CertificateFiles;
}

/**
 * One member with fsync, as in production. Client certificates on both ports: whoever may write to etcd owns the
 * cluster, and loopback is open to every user of the machine.
 */
export function etcdFlags(options: EtcdOptions): Flags {
  const client = `https://127.0.0.1:${options.clientPort}`;
  const peer = `https://127.0.0.1:${options.peerPort}`;
  return {
    name: "hollowfleet",
    "data-dir": options.dataDir,
    "listen-client-urls": client,
    "advertise-client-urls": client,
    "listen-peer-urls": peer,
    "initial-advertise-peer-urls": peer,
    "initial-cluster": `hollowfleet=${peer}`,
    "initial-cluster-state": "new",
    "cert-file": options.serving.cert,
    "key-file": options.serving.key,
    "client-cert-auth": "true",
    "trusted-ca-file": options.ca,
    "peer-cert-file": options.serving.cert,
    "peer-key-file": options.serving.key,
    "peer-client-cert-auth": "true",
    "peer-trusted-ca-file": options.ca,
    // 8 GiB, the most that etcd recommends: its default of 2 GiB is full at 150,000 pods.
    "quota-backend-bytes": String(8 * 1024 ** 3),
    // kube-apiserver compacts (--etcd-compaction-interval); said here so that no other default applies.
    "auto-compaction-mode": "periodic",
    "auto-compaction-retention": "0",
    logger: "zap",
  };
}
