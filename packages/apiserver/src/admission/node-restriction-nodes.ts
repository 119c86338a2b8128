import { isDeepStrictEqual } from "node:util";
import type { KubeObject } from "../object.ts";
import type { AdmissionRequest } from "./admission.ts";
import { refused, requestName } from "./admission-request.ts";

/** Labels of Kubernetes' own that a kubelet may set on its node (k8s.io/kubelet/pkg/apis/well_known_labels.go). */
const kubeletLabels = new Set([
  "kubernetes.io/hostname",
  "topology.kubernetes.io/zone",
  "topology.kubernetes.io/region",
  "failure-domain.beta.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region",
  "beta.kubernetes.io/instance-type",
  "node.kubernetes.io/instance-type",
  "kubernetes.io/os",
  "kubernetes.io/arch",
  "beta.kubernetes.io/os",
  "beta.kubernetes.io/arch",
]);
const kubeletDomains = ["kubelet.kubernetes.io", "node.kubernetes.io"];
const kubernetesDomains = ["kubernetes.io", "k8s.io"];
const restrictionDomains = ["node-restriction.kubernetes.io"];

/** Whether a label's prefix is one of the domains or below it. */
function isIn(label: string, domains: readonly string[]): boolean {
  const slash = label.indexOf("/");
  const prefix = slash === -1 ? "" : label.slice(0, slash);
  return domains.some((domain) => prefix === domain || prefix.endsWith(`.${domain}`));
}

function isForbidden(label: string): boolean {
  if (isIn(label, restrictionDomains)) return true;
  return isIn(label, kubernetesDomains) && !kubeletLabels.has(label) && !isIn(label, kubeletDomains);
}

/** Labels that differ and that a node may not touch, sorted. */
export function forbiddenLabels(
  labels: Readonly<Record<string, string>> = {},
  old: Readonly<Record<string, string>> = {},
): readonly string[] {
  const names = new Set([...Object.keys(labels), ...Object.keys(old)]);
  return [...names].filter((name) => labels[name] !== old[name] && isForbidden(name)).sort();
}

interface NodeSpec {
  readonly taints?: readonly object[];
  readonly configSource?: object | null;
}

const specOf = (node: KubeObject): NodeSpec => (node["spec"] ?? {}) as NodeSpec;

function admitCreate(request: AdmissionRequest, node: string, object: KubeObject): void {
  if ((specOf(object).configSource ?? null) !== null) {
    throw refused(request, `node "${node}" is not allowed to create pods with a non-nil configSource`);
  }
  const labels = forbiddenLabels(object.metadata.labels);
  if (labels.length > 0) {
    throw refused(request, `node "${node}" is not allowed to set the following labels: ${labels.join(", ")}`);
  }
}

function admitUpdate(request: AdmissionRequest, node: string, object: KubeObject, old: KubeObject): void {
  const [spec, oldSpec] = [specOf(object), specOf(old)];
  if ((spec.configSource ?? null) !== null && !isDeepStrictEqual(spec.configSource, oldSpec.configSource)) {
    throw refused(request, `node "${node}" is not allowed to update configSource to a new non-nil configSource`);
  }
  if (!isDeepStrictEqual(spec.taints ?? [], oldSpec.taints ?? [])) {
    throw refused(request, `node "${node}" is not allowed to modify taints`);
  }
  if (!isDeepStrictEqual(object.metadata.ownerReferences ?? [], old.metadata.ownerReferences ?? [])) {
    throw refused(request, `node "${node}" is not allowed to modify ownerReferences`);
  }
  const labels = forbiddenLabels(object.metadata.labels, old.metadata.labels);
  if (labels.length > 0) throw refused(request, `is not allowed to modify labels: ${labels.join(", ")}`);
}

/** A node writes its own Node only, and nothing in it that would draw pods to it. */
export function admitNode(request: AdmissionRequest, node: string): void {
  const { operation, object, old } = request;
  const name = requestName(request);
  if (name !== node) throw refused(request, `node "${node}" is not allowed to modify node "${name}"`);
  if (object === undefined) return;
  if (operation === "CREATE") admitCreate(request, node, object);
  else if (old !== undefined) admitUpdate(request, node, object, old);
}
