import { resources } from "@hollowfleet/client";
import type { LocalControlPlane } from "@hollowfleet/controlplane";
import { forEachBelow, withAdmin } from "../shared/control-plane.ts";
import { leaseName, leaseNamespace, leasePrefix, newBenchLease, userAgent } from "./lease-load.ts";

/** RBAC's built-in role of a node: may create, get and update leases. */
const nodeRole = "system:node";

/** The leases that all peers renew in turn, and the right of `user` to renew all of them. */
export async function createLeases(plane: LocalControlPlane, count: number, user: string): Promise<void> {
  await withAdmin(plane, async (admin) => {
    const api = admin.derive({ userAgent });
    await api.create(resources.clusterrolebindings, {
      metadata: { name: user },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: nodeRole },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }],
    });
    // The garbage collector deletes a lease whose owner does not exist. There are no Nodes here, so the namespace owns them.
    const namespace = await api.get(resources.namespaces, { name: leaseNamespace });
    const uid = namespace.object.metadata?.uid ?? "";
    const owner = { apiVersion: "v1", kind: "Namespace", name: leaseNamespace, uid };
    await forEachBelow(count, 50, (index) =>
      api.create(resources.leases, newBenchLease(leaseName(leasePrefix, index), owner), { namespace: leaseNamespace }),
    );
  });
}
