import type { json } from "@hollowfleet/wire";
import { ageColumn, column, firstThree, labelsText, nameColumn, type Printer, wideColumn } from "./printer.ts";

// Columns and cells of services and their endpoints (pkg/printers/internalversion/printers.go).

/** printService */
export const servicePrinter: Printer<json.Service> = {
  columns: [
    nameColumn,
    column("Type", "How the service is reached."),
    column("Cluster-IP", "First address of the service inside the cluster."),
    column("External-IP", "Addresses of the service outside of the cluster."),
    column("Port(s)", "Ports of the service, with node ports and protocols."),
    ageColumn,
    wideColumn("Selector", "Labels by which the pods are found."),
  ],
  cells: (service, now) => {
    const { metadata = {}, spec } = service;
    return [
      metadata.name ?? "",
      spec?.type ?? "",
      spec?.clusterIPs?.[0] ?? "<none>",
      externalIps(service),
      (spec?.ports ?? []).map(portText).join(",") || "<none>",
      now.since(metadata.creationTimestamp),
      labelsText(spec?.selector),
    ];
  },
};

function portText({ port = 0, nodePort = 0, protocol = "" }: json.ServicePort): string {
  return nodePort > 0 ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`;
}

function externalIps({ spec = {}, status }: json.Service): string {
  const { type, externalIPs = [] } = spec;
  switch (type) {
    case "ClusterIP":
    case "NodePort":
      return externalIPs.join(",") || "<none>";
    case "LoadBalancer": {
      const balancers = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || "");
      const addresses = [...new Set(balancers.filter((address) => address !== ""))].sort();
      return [...addresses, ...externalIPs].join(",") || "<pending>";
    }
    case "ExternalName":
      return spec.externalName ?? "";
    default:
      return "<unknown>";
  }
}

/** printEndpoints */
export const endpointsPrinter: Printer<json.Endpoints> = {
  columns: [nameColumn, column("Endpoints", "Addresses with their ports."), ageColumn],
  cells: ({ metadata = {}, subsets = [] }, now) => [
    metadata.name ?? "",
    subsets.length === 0 ? "<none>" : firstThree(subsets.flatMap(subsetAddresses)),
    now.since(metadata.creationTimestamp),
  ],
};

function subsetAddresses({ addresses = [], ports = [] }: json.EndpointSubset): string[] {
  const ips = addresses.map(({ ip = "" }) => ip);
  if (ports.length === 0) return ips;
  return ports.flatMap(({ port = 0 }) => ips.map((ip) => (ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`)));
}

/** printEndpointSlice */
export const endpointSlicePrinter: Printer<json.EndpointSlice> = {
  columns: [
    nameColumn,
    column("AddressType", "What the addresses are: IPv4, IPv6 or FQDN."),
    column("Ports", "Ports of every endpoint."),
    column("Endpoints", "Addresses of the endpoints."),
    ageColumn,
  ],
  cells: ({ metadata = {}, addressType, ports, endpoints }, now) => [
    metadata.name ?? "",
    addressType ?? "",
    firstThree((ports ?? []).map(({ port, name }) => (port !== undefined ? String(port) : (name ?? "*")))) || "<unset>",
    firstThree((endpoints ?? []).flatMap(({ addresses }) => addresses ?? [])) || "<unset>",
    now.since(metadata.creationTimestamp),
  ],
};
