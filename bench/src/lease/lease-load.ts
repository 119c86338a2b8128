import type { Lease } from "@hollowfleet/wire";

export const leaseNamespace = "kube-node-lease";
const leaseDurationSeconds = 40;

/** Both peers send it, so that the entries in managedFields, and with them the bodies, are the same. */
export const userAgent = "kubelet/v1.36.3 (linux/amd64) kubernetes/hollow";

/** Begins the names of the leases and of the nodes that they would belong to. */
export const leasePrefix = "lease-cost";

export function leaseName(prefix: string, index: number): string {
  return `${prefix}-${String(index).padStart(5, "0")}`;
}

/** One file per connection's certificate, all with one key, as the peers look for them. */
export function certificateFile(index: number): string {
  return `${String(index).padStart(5, "0")}.crt`;
}

export const keyFile = "key.pem";

/** An object that owns leases, for the size of a kubelet's: its lease names its Node as owner. */
export interface LeaseOwner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

export function newBenchLease(name: string, owner: LeaseOwner): Lease {
  return {
    metadata: { name, namespace: leaseNamespace, ownerReferences: [owner] },
    spec: { holderIdentity: name, leaseDurationSeconds },
  };
}
