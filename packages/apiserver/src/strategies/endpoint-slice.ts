import { isIPv4, isIPv6 } from "node:net";
import type { json } from "@hollowfleet/wire";
import type { KubeObject } from "../object.ts";
import { validateProtocol } from "./pod/validate-containers.ts";
import { semanticEqual } from "./semantic-equal.ts";
import type { Strategy } from "./strategy.ts";
import { validateDnsLabel, validateImmutable, validateQualifiedName } from "./validation/common.ts";
import {
  duplicate,
  type FieldErrors,
  invalid,
  invalidEach,
  notSupported,
  required,
  tooMany,
} from "./validation/field-error.ts";
import { validateEndpointIp, validateIp } from "./validation/ip.ts";
import { validateLabels } from "./validation/labels.ts";
import { dnsSubdomainFaults, labelValueFaults } from "./validation/names.ts";
import { as, countGeneration, startGeneration } from "./views.ts";

// pkg/registry/discovery/endpointslice/strategy.go; discovery/v1/defaults.go; discovery/validation/validation.go

const addressTypes = ["FQDN", "IPv4", "IPv6"];
const maxima = { topology: 16, addresses: 100, ports: 20000, endpoints: 1000, hints: 8 } as const;

function defaults(object: KubeObject): void {
  for (const port of as<json.EndpointSlice>(object).ports ?? []) {
    port.name ??= "";
    port.protocol ??= "TCP";
  }
}

function validate(object: KubeObject, old?: KubeObject): FieldErrors {
  const slice = as<json.EndpointSlice>(object);
  const { addressType: type = "" } = slice;
  // Go writes null for an empty list.
  const [ports, endpoints] = [slice.ports ?? [], slice.endpoints ?? []];
  const before = old && as<json.EndpointSlice>(old);
  const isUntouched = before !== undefined && semanticEqual(before.endpoints, endpoints);
  const typeFaults: FieldErrors =
    type === ""
      ? [required("addressType")]
      : addressTypes.includes(type)
        ? []
        : [notSupported("addressType", type, addressTypes)];
  return [...typeFaults, ...validatePorts(ports), ...(isUntouched ? [] : validateEndpoints(endpoints, type))];
}

/** An EndpointPort of discovery.k8s.io. */
type Port = NonNullable<json.EndpointSlice["ports"]>[number];

function validatePorts(ports: readonly Port[]): FieldErrors {
  if (ports.length > maxima.ports) return [tooMany("ports", ports.length, maxima.ports)];
  const names = new Set<string>();
  return ports.flatMap(({ name = "", protocol = "", appProtocol }, index) => {
    const path = `ports[${index}]`;
    const isRepeated = names.has(name);
    names.add(name);
    return [
      ...(name === "" ? [] : validateDnsLabel(`${path}.name`, name)),
      ...(isRepeated ? [duplicate(`${path}.name`, name)] : []),
      ...validateProtocol(`${path}.protocol`, protocol),
      ...(appProtocol === undefined ? [] : validateQualifiedName(`${path}.appProtocol`, appProtocol)),
    ];
  });
}

function validateEndpoints(endpoints: readonly json.Endpoint[], type: string): FieldErrors {
  if (endpoints.length > maxima.endpoints) return [tooMany("endpoints", endpoints.length, maxima.endpoints)];
  return endpoints.flatMap((endpoint, index) => {
    const path = `endpoints[${index}]`;
    const { addresses, nodeName, hostname, hints, deprecatedTopology: topology = {} } = endpoint;
    const labelCount = Object.keys(topology).length;
    return [
      ...validateAddresses(`${path}.addresses`, addresses ?? [], type),
      ...(nodeName === undefined ? [] : invalidEach(`${path}.nodeName`, nodeName, dnsSubdomainFaults(nodeName))),
      ...(labelCount > maxima.topology ? [tooMany(`${path}.deprecatedTopology`, labelCount, maxima.topology)] : []),
      ...validateLabels(`${path}.deprecatedTopology`, topology),
      ...(hostname === undefined ? [] : validateDnsLabel(`${path}.hostname`, hostname)),
      ...(hints ? validateHints(`${path}.hints`, hints) : []),
    ];
  });
}

function validateAddresses(field: string, addresses: readonly string[], type: string): FieldErrors {
  const count = addresses.length;
  return [
    ...(count === 0 ? [required(field, "must contain at least 1 address")] : []),
    ...(count > maxima.addresses ? [tooMany(field, count, maxima.addresses)] : []),
    ...addresses.flatMap((address, index) => validateAddress(field, `${field}[${index}]`, address, type)),
  ];
}

function validateAddress(list: string, field: string, address: string, type: string): FieldErrors {
  if (type === "FQDN") return validateFqdn(field, address);
  if (type !== "IPv4" && type !== "IPv6") return [];
  const faults = validateIp(field, address);
  if (faults.length > 0) return faults;
  const isRight = type === "IPv4" ? isIPv4(address) : isIPv6(address);
  const wrong = isRight ? [] : [invalid(list, address, `must be an ${type} address`)];
  return [...wrong, ...validateEndpointIp(field, address)];
}

function validateFqdn(field: string, name: string): FieldErrors {
  if (name === "") return [required(field)];
  const faults = dnsSubdomainFaults(name);
  if (faults.length > 0) return [invalid(field, name, faults.join(","))];
  if (name.split(".").length >= 3) return [];
  return [invalid(field, name, "should be a domain with at least three segments separated by dots")];
}

function validateHints(field: string, { forZones = [], forNodes = [] }: json.EndpointHints): FieldErrors {
  const zones = `${field}.forZones`;
  const nodes = `${field}.forNodes`;
  if (forZones.length > maxima.hints) return [tooMany(zones, forZones.length, maxima.hints)];
  const zoneFaults = validateHintNames(zones, forZones, labelValueFaults);
  if (forNodes.length > maxima.hints) return [...zoneFaults, tooMany(nodes, forNodes.length, maxima.hints)];
  return [...zoneFaults, ...validateHintNames(nodes, forNodes, dnsSubdomainFaults)];
}

function validateHintNames(
  field: string,
  hints: readonly { readonly name?: string }[],
  faultsOf: (name: string) => string[],
): FieldErrors {
  const seen = new Set<string>();
  return hints.flatMap(({ name = "" }, index) => {
    const path = `${field}[${index}].name`;
    const isRepeated = seen.has(name);
    seen.add(name);
    return [...(isRepeated ? [duplicate(path, name)] : []), ...invalidEach(path, name, faultsOf(name))];
  });
}

/** Writes to it are dropped in v1. */
function dropTopology(object: KubeObject): void {
  for (const endpoint of as<json.EndpointSlice>(object).endpoints ?? []) delete endpoint.deprecatedTopology;
}

/** Everything but metadata, whose labels alone count. */
function isChanged(object: KubeObject, old: KubeObject): boolean {
  const { metadata, ...rest } = object;
  const { metadata: oldMetadata, ...oldRest } = old;
  return !semanticEqual(rest, oldRest) || !semanticEqual(metadata.labels, oldMetadata.labels);
}

export const endpointSliceStrategy: Strategy = {
  defaults,
  prepareForCreate(object) {
    startGeneration(object);
    dropTopology(object);
  },
  validate: (object) => validate(object),
  prepareForUpdate(object, old) {
    countGeneration(object, old, isChanged(object, old));
    if (!semanticEqual(object["endpoints"], old["endpoints"])) dropTopology(object);
  },
  validateUpdate: (object, old) => [
    ...validate(object, old),
    ...validateImmutable("addressType", object["addressType"], old["addressType"]),
  ],
};
