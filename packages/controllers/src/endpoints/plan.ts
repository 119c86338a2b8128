import { sameValue } from "../objects/canonical.ts";
import { controllerReference, nameOf, namespaceOf } from "../objects/meta.ts";
import type { Endpoint, EndpointSlice, Service } from "../objects/types.ts";

type Port = NonNullable<EndpointSlice["ports"]>[number];

export const serviceNameLabel = "kubernetes.io/service-name";
export const managedByLabel = "endpointslice.kubernetes.io/managed-by";
export const managedBy = "endpointslice-controller.k8s.io";

/** Endpoints in one slice (--max-endpoints-per-slice). */
const endpointsPerSlice = 100;

export interface SlicePlan {
  readonly creates: readonly EndpointSlice[];
  readonly updates: readonly EndpointSlice[];
  readonly deletes: readonly EndpointSlice[];
}

/**
 * Slices of a Service: endpoints stay in the slice they are in, so that a pod's change rewrites one slice; new ones fill
 * the gaps (endpointslice/reconciler.go, without dual stack).
 */
export function planSlices(
  service: Service,
  endpoints: readonly Endpoint[],
  ports: readonly Port[],
  slices: readonly EndpointSlice[],
): SlicePlan {
  const wanted = new Map(endpoints.map((endpoint) => [endpoint.targetRef?.uid ?? "", endpoint]));
  const placed = slices.map((slice) => {
    const kept = (slice.endpoints ?? []).flatMap(({ targetRef }) => {
      const endpoint = wanted.get(targetRef?.uid ?? "");
      wanted.delete(targetRef?.uid ?? "");
      return endpoint ?? [];
    });
    return { slice, kept };
  });
  const added = [...wanted.values()];
  for (const { kept } of placed) kept.push(...added.splice(0, Math.max(0, endpointsPerSlice - kept.length)));

  const creates: EndpointSlice[] = [];
  while (added.length > 0) creates.push(newSlice(service, added.splice(0, endpointsPerSlice), ports));
  // A Service without endpoints keeps one empty slice.
  const emptied = placed.filter(({ kept }) => kept.length === 0);
  const isAllEmpty = emptied.length === placed.length && creates.length === 0;
  if (isAllEmpty && placed.length === 0) creates.push(newSlice(service, [], ports));
  const deletes = emptied.slice(isAllEmpty ? 1 : 0).map(({ slice }) => slice);
  const updates = placed.flatMap(({ slice, kept }) => {
    if (deletes.includes(slice)) return [];
    const isSame = sameValue(slice.endpoints, kept) && sameValue(slice.ports, ports);
    return isSame ? [] : [{ ...slice, endpoints: kept, ports: [...ports] }];
  });
  return { creates, updates, deletes };
}

function newSlice(service: Service, endpoints: Endpoint[], ports: readonly Port[]): EndpointSlice {
  const { clusterIP, ipFamilies } = service.spec ?? {};
  const isHeadless = clusterIP === undefined || clusterIP === "" || clusterIP === "None";
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      generateName: `${nameOf(service)}-`,
      namespace: namespaceOf(service),
      labels: {
        ...service.metadata?.labels,
        [serviceNameLabel]: nameOf(service),
        [managedByLabel]: managedBy,
        ...(isHeadless && { "service.kubernetes.io/headless": "" }),
      },
      ownerReferences: [controllerReference(service, "v1", "Service")],
    },
    addressType: ipFamilies?.[0] === "IPv6" ? "IPv6" : "IPv4",
    endpoints,
    ports: [...ports],
  };
}
