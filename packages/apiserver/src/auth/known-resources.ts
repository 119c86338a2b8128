import type { KubeObject } from "../object.ts";
import { findResource } from "../resources/all-resources.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import type { Store } from "../store/store.ts";

/** Resources that authorization, tokens and admission look things up in, by their group. */
const groups = {
  clusterrolebindings: "rbac.authorization.k8s.io",
  clusterroles: "rbac.authorization.k8s.io",
  csidrivers: "storage.k8s.io",
  limitranges: "",
  namespaces: "",
  nodes: "",
  persistentvolumeclaims: "",
  persistentvolumes: "",
  pods: "",
  priorityclasses: "scheduling.k8s.io",
  resourceslices: "resource.k8s.io",
  rolebindings: "rbac.authorization.k8s.io",
  roles: "rbac.authorization.k8s.io",
  runtimeclasses: "node.k8s.io",
  secrets: "",
  serviceaccounts: "",
  storageclasses: "storage.k8s.io",
  volumeattachments: "storage.k8s.io",
} as const;

export type KnownResource = keyof typeof groups;

/** All are of version v1; undefined if this server does not serve one. */
export const known: Readonly<Record<KnownResource, ResourceInfo | undefined>> = Object.fromEntries(
  Object.entries(groups).map(([resource, group]) => [resource, findResource(group, "v1", resource)]),
) as Record<KnownResource, ResourceInfo | undefined>;

export function findObject(
  store: Store,
  resource: ResourceInfo | undefined,
  namespace: string,
  name: string,
): KubeObject | undefined {
  return resource === undefined ? undefined : store.get(resource, namespace, name);
}

/** Across all namespaces for namespace "". */
export function listObjects(store: Store, resource: ResourceInfo | undefined, namespace = ""): readonly KubeObject[] {
  return resource === undefined ? [] : store.list(resource, namespace);
}
