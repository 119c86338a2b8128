import type { json } from "@hollowfleet/wire";
import type { KubeObject } from "../object.ts";
import { validateProtocol } from "./pod/validate-containers.ts";
import { semanticEqual } from "./semantic-equal.ts";
import type { Strategy } from "./strategy.ts";
import { validateDnsLabel, validateQualifiedName } from "./validation/common.ts";
import { type FieldErrors, invalidEach, required } from "./validation/field-error.ts";
import { validateEndpointIp, validateIp } from "./validation/ip.ts";
import { dnsSubdomainFaults, portNumberFaults } from "./validation/names.ts";
import { as } from "./views.ts";

// pkg/registry/core/endpoint/strategy.go; core/validation/validation.go, ValidateEndpoints

function defaults(object: KubeObject): void {
  for (const { ports } of as<json.Endpoints>(object).subsets ?? []) {
    for (const port of ports ?? []) port.protocol ||= "TCP";
  }
}

function validate(object: KubeObject): FieldErrors {
  return (as<json.Endpoints>(object).subsets ?? []).flatMap((subset, index) => {
    const path = `subsets[${index}]`;
    const { addresses = [], notReadyAddresses = [], ports = [] } = subset;
    const isEmpty = addresses.length === 0 && notReadyAddresses.length === 0;
    return [
      ...(isEmpty ? [required(path, "must specify `addresses` or `notReadyAddresses`")] : []),
      ...addresses.flatMap((address, at) => validateAddress(`${path}.addresses[${at}]`, address)),
      ...notReadyAddresses.flatMap((address, at) => validateAddress(`${path}.notReadyAddresses[${at}]`, address)),
      ...ports.flatMap((port, at) => validatePort(`${path}.ports[${at}]`, port, ports.length > 1)),
    ];
  });
}

function validateAddress(field: string, { ip = "", hostname = "", nodeName }: json.EndpointAddress): FieldErrors {
  return [
    ...validateIp(`${field}.ip`, ip),
    ...(hostname === "" ? [] : validateDnsLabel(`${field}.hostname`, hostname)),
    ...(nodeName === undefined ? [] : invalidEach(`${field}.nodeName`, nodeName, dnsSubdomainFaults(nodeName))),
    ...validateEndpointIp(`${field}.ip`, ip),
  ];
}

/** An EndpointPort of the core group. */
type Port = NonNullable<NonNullable<json.Endpoints["subsets"]>[number]["ports"]>[number];

function validatePort(
  field: string,
  { name = "", port = 0, protocol = "", appProtocol }: Port,
  needsName: boolean,
): FieldErrors {
  return [
    ...(name === "" && needsName ? [required(`${field}.name`)] : []),
    ...(name === "" ? [] : validateDnsLabel(`${field}.name`, name)),
    ...invalidEach(`${field}.port`, port, portNumberFaults(port)),
    ...validateProtocol(`${field}.protocol`, protocol),
    ...(appProtocol === undefined ? [] : validateQualifiedName(`${field}.appProtocol`, appProtocol)),
  ];
}

export const endpointsStrategy: Strategy = {
  defaults,
  validate,
  // What was right under older rules stays as long as it is not touched.
  validateUpdate: (object, old) => (semanticEqual(object["subsets"], old["subsets"]) ? [] : validate(object)),
  allowCreateOnUpdate: true,
};
