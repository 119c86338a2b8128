/** Which labels a node may set on itself, and which somebody with more rights must. */
export interface SplitLabels {
  readonly own: Readonly<Record<string, string>>;
  readonly forbidden: Readonly<Record<string, string>>;
}

/** Single keys below kubernetes.io that a kubelet owns (k8s.io/kubelet/pkg/apis/well_known_labels.go). */
const kubeletLabels: ReadonlySet<string> = new Set([
  "kubernetes.io/hostname",
  "kubernetes.io/os",
  "kubernetes.io/arch",
  "beta.kubernetes.io/os",
  "beta.kubernetes.io/arch",
  "beta.kubernetes.io/instance-type",
  "node.kubernetes.io/instance-type",
  "topology.kubernetes.io/zone",
  "topology.kubernetes.io/region",
  "failure-domain.beta.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region",
]);

/** Domains that are a kubelet's own, with their subdomains (same file). */
const kubeletDomains = ["kubelet.kubernetes.io", "node.kubernetes.io"];
const kubernetesDomains = ["kubernetes.io", "k8s.io"];
const restrictedDomain = "node-restriction.kubernetes.io";

function lies(domain: string, within: string): boolean {
  return domain === within || domain.endsWith(`.${within}`);
}

/** Whether the admission plugin NodeRestriction lets a node set this label on its own Node. */
export function mayNodeSetLabel(key: string): boolean {
  const slash = key.indexOf("/");
  const domain = slash < 0 ? "" : key.slice(0, slash);
  if (lies(domain, restrictedDomain)) return false;
  if (!kubernetesDomains.some((within) => lies(domain, within))) return true;
  return kubeletLabels.has(key) || kubeletDomains.some((within) => lies(domain, within));
}

/**
 * Splits labels by what NodeRestriction allows (plugin/pkg/admission/noderestriction/admission.go). A node that sends one
 * of the forbidden ones is refused as a whole, so the driver sets those afterwards, as an administrator would.
 */
export function splitLabels(labels: Readonly<Record<string, string>>): SplitLabels {
  const own: Record<string, string> = {};
  const forbidden: Record<string, string> = {};
  for (const [key, value] of Object.entries(labels)) (mayNodeSetLabel(key) ? own : forbidden)[key] = value;
  return { own, forbidden };
}
