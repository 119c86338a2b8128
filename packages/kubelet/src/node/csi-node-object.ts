import type { CSINode } from "@hollowfleet/wire";
import { type NodeIdentity, ownedBy } from "./lease-object.ts";

const migratedPluginsAnnotation = "storage.alpha.kubernetes.io/migrated-plugins";
/** In-tree plugins whose volumes CSI drivers serve (kubelet-audit §1.4). */
const migratedPlugins = ["aws-ebs", "azure-disk", "azure-file", "cinder", "gce-pd", "portworx-volume", "vsphere-volume"]
  .map((name) => `kubernetes.io/${name}`)
  .join(",");

/** The CSINode of the POST; a node without CSI drivers, which real kubelets send just so. */
export function newCsiNode(node: NodeIdentity): CSINode {
  return {
    metadata: {
      name: node.name,
      annotations: { [migratedPluginsAnnotation]: migratedPlugins },
      ownerReferences: [ownedBy(node)],
    },
    spec: { drivers: [] },
  };
}
