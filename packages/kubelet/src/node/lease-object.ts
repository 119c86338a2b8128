import { type Lease, microTimeFromMs, splice } from "@hollowfleet/wire";

export const leaseNamespace = "kube-node-lease";
const leaseDurationSeconds = 40;

/** What the ownerReference of a Lease or CSINode needs of its Node. */
export interface NodeIdentity {
  readonly name: string;
  readonly uid: string;
}

/** Neither controller nor blockOwnerDeletion is set (pkg/kubelet/util/nodelease.go). */
export function ownedBy(node: NodeIdentity): { apiVersion: string; kind: string; name: string; uid: string } {
  return { apiVersion: "v1", kind: "Node", name: node.name, uid: node.uid };
}

/** The Lease of the POST. */
export function newLease(node: NodeIdentity, nowMs: number): Lease {
  return {
    metadata: { name: node.name, namespace: leaseNamespace, ownerReferences: [ownedBy(node)] },
    spec: { holderIdentity: node.name, leaseDurationSeconds, renewTime: microTimeFromMs(nowMs) },
  };
}

/** LeaseSpec.renewTime: field 4 of field 2. */
const renewTimePath = [2, 4];

/** The Lease of the PUT: the bytes of the last answer, managedFields and all, with a new renewTime. */
export function renewedLease(raw: Uint8Array, nowMs: number): Uint8Array {
  return splice(raw, [{ path: renewTimePath, value: { wire: "bytes", value: microTimeBytes(nowMs) } }]);
}

/** MicroTime as protobuf: 1 seconds, 2 nanos (whole microseconds). */
function microTimeBytes(ms: number): Uint8Array {
  const { seconds = 0, nanos = 0 } = microTimeFromMs(ms);
  const bytes: number[] = [0x08];
  pushVarint(bytes, seconds);
  bytes.push(0x10);
  pushVarint(bytes, nanos);
  return Uint8Array.from(bytes);
}

/** Seconds exceed 32 bits from 2106 on, so this divides instead of shifting. */
function pushVarint(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
}
