import type { Node } from "@hollowfleet/wire";
import { compareQuantities, parseQuantity } from "@hollowfleet/wire";
import { attachDetachAnnotation } from "./node-object.ts";
import type { StatusMembers } from "./status-patch.ts";

type Quantities = NonNullable<NonNullable<Node["status"]>["capacity"]>;

/** Labels that a kubelet mends on a Node that it finds (kubelet_node_status.go updateDefaultLabels). */
const mendedLabels = [
  "kubernetes.io/hostname",
  "topology.kubernetes.io/zone",
  "topology.kubernetes.io/region",
  "failure-domain.beta.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region",
  "node.kubernetes.io/instance-type",
  "beta.kubernetes.io/instance-type",
  "kubernetes.io/os",
  "kubernetes.io/arch",
];

/**
 * The patch of a Node that was there before its kubelet came back: annotation and default labels. Undefined when all is
 * as it should be, and then nothing is sent.
 */
export function metadataPatch(existing: Node, desired: Node): string | undefined {
  const labels = differing(existing.metadata?.labels ?? {}, pick(desired.metadata?.labels ?? {}, mendedLabels));
  const annotations = differing(
    existing.metadata?.annotations ?? {},
    pick(desired.metadata?.annotations ?? {}, [attachDetachAnnotation]),
  );
  if (labels === undefined && annotations === undefined) return undefined;
  return JSON.stringify({ metadata: { ...(annotations && { annotations }), ...(labels && { labels }) } });
}

/** The members of status, beside the conditions, that the first status patch after a restart has to set right. */
export function statusMembers(existing: Node, desired: Node): StatusMembers {
  const [old, next] = [existing.status ?? {}, desired.status ?? {}];
  const members: Record<string, StatusMembers[string]> = {};
  const oldAddresses = old.addresses ?? [];
  const addresses = (next.addresses ?? []).map(({ address = "", type = "" }) => ({ address, type }));
  if (JSON.stringify(addresses) !== JSON.stringify(oldAddresses.map(({ address, type }) => ({ address, type }))))
    members["addresses"] = [...addresses, { $patch: "replace" }];
  const allocatable = differingQuantities(old.allocatable ?? {}, next.allocatable ?? {});
  if (allocatable !== undefined) members["allocatable"] = allocatable;
  const capacity = differingQuantities(old.capacity ?? {}, next.capacity ?? {});
  if (capacity !== undefined) members["capacity"] = capacity;
  const port = next.daemonEndpoints?.kubeletEndpoint?.Port ?? 0;
  if (port !== (old.daemonEndpoints?.kubeletEndpoint?.Port ?? 0))
    members["daemonEndpoints"] = { kubeletEndpoint: { Port: port } };
  const info = differing(infoTexts(old), infoTexts(next));
  if (info !== undefined) members["nodeInfo"] = info;
  return members;
}

function infoTexts(status: NonNullable<Node["status"]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(status.nodeInfo ?? {}).flatMap(([key, value]) => (typeof value === "string" ? [[key, value]] : [])),
  );
}

function pick(texts: Readonly<Record<string, string>>, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(keys.flatMap((key) => (texts[key] === undefined ? [] : [[key, texts[key]]])));
}

/** Entries of `next` that `old` lacks or holds otherwise. */
function differing(
  old: Readonly<Record<string, string>>,
  next: Readonly<Record<string, string>>,
): Record<string, string> | undefined {
  const entries = Object.entries(next).filter(([key, value]) => (old[key] ?? "") !== value);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** By value, since the API server writes quantities in its own form. */
function differingQuantities(old: Quantities, next: Quantities): Record<string, string> | undefined {
  const entries = Object.entries(next).flatMap(([key, value]): [string, string][] => {
    const [before, after] = [old[key]?.string, value.string ?? "0"];
    const same = before !== undefined && compareQuantities(parseQuantity(before), parseQuantity(after)) === 0;
    return same ? [] : [[key, after]];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
