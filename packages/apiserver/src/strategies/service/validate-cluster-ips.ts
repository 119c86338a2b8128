import { isIPv6 } from "node:net";
import type { json } from "@hollowfleet/wire";
import { duplicate, type FieldErrors, invalid, notSupported, required } from "../validation/field-error.ts";
import { isDualStack, validateIp } from "../validation/ip.ts";
import { headless, isHeadless, needsClusterIp } from "./service-spec.ts";

// core/validation/validation.go, ValidateServiceClusterIPsRelatedFields and validateUpgradeDowngrade…

const field = "spec.clusterIPs";
const families = ["IPv4", "IPv6"];
const policies = ["PreferDualStack", "RequireDualStack", "SingleStack"];

export function validateClusterIps(spec: json.ServiceSpec, before: json.ServiceSpec | undefined): FieldErrors {
  if (!needsClusterIp(spec)) return [];
  const { clusterIPs = [], ipFamilyPolicy: policy } = spec;
  const addresses = validateAddresses(clusterIPs, before?.clusterIPs);
  const faults = [
    ...validateAlignment(spec),
    ...validateFamilies(spec),
    ...(policy === undefined || policies.includes(policy)
      ? []
      : [notSupported("spec.ipFamilyPolicy", policy, policies)]),
    ...addresses,
    ...(clusterIPs.length > 2 ? [invalid(field, clusterIPs, "may only hold up to 2 values")] : []),
  ];
  if (addresses.length > 0) return faults;
  const isTooMuch = clusterIPs.length > 1 && !isDualStack(clusterIPs);
  return [
    ...faults,
    ...(isTooMuch ? [invalid(field, clusterIPs, "may specify no more than one IP for each IP family")] : []),
    ...validateFamilyOfEach(spec),
  ];
}

function validateAlignment({ clusterIP = "", clusterIPs = [] }: json.ServiceSpec): FieldErrors {
  if (clusterIP === "") {
    if (clusterIPs.length === 0) return [];
    return [invalid(field, clusterIPs, "must be empty when `clusterIP` is not specified")];
  }
  if (clusterIPs.length === 0) return [required(field)];
  return clusterIPs[0] === clusterIP ? [] : [invalid(field, clusterIPs, "first value must match `clusterIP`")];
}

function validateFamilies({ ipFamilies = [] }: json.ServiceSpec): FieldErrors {
  return ipFamilies.flatMap((family, index) => {
    const path = `spec.ipFamilies[${index}]`;
    return [
      ...(families.includes(family) ? [] : [notSupported(path, family, families)]),
      ...(ipFamilies.indexOf(family) < index ? [duplicate(path, family)] : []),
    ];
  });
}

function validateAddresses(addresses: readonly string[], before: readonly string[] | undefined): FieldErrors {
  return addresses.flatMap((address, index) => {
    if (index > 0 || address !== headless) return validateIp(`${field}[${index}]`, address, before);
    return addresses.length > 1 ? [invalid(field, addresses, "'None' must be the first and only value")] : [];
  });
}

function validateFamilyOfEach(spec: json.ServiceSpec): FieldErrors {
  const { clusterIPs = [], ipFamilies = [] } = spec;
  if (isHeadless(spec)) return [];
  return clusterIPs.flatMap((address, index) => {
    const family = ipFamilies[index];
    if (family === undefined || (family === "IPv6") === isIPv6(address)) return [];
    const text = `expected an ${family} value as indicated by \`ipFamilies[${index}]\``;
    return [invalid(`${field}[${index}]`, address, text)];
  });
}

/** The first address and the first family never change, but to and from ExternalName and headless. */
export function validateClusterIpChange(spec: json.ServiceSpec, before: json.ServiceSpec): FieldErrors {
  if (!needsClusterIp(spec) || !needsClusterIp(before)) return [];
  if (isHeadless(spec) && isHeadless(before)) return [];
  return [...validateAddressChange(spec, before), ...validateFamilyChange(spec, before)];
}

function validateAddressChange(spec: json.ServiceSpec, before: json.ServiceSpec): FieldErrors {
  const { clusterIPs = [] } = spec;
  const old = before.clusterIPs ?? [];
  if (old.length > clusterIPs.length && clusterIPs.length === 0) {
    return [invalid(`${field}[0]`, clusterIPs, "primary clusterIP can not be unset")];
  }
  const compared = old.length === clusterIPs.length ? old : old.slice(0, 1);
  return compared.flatMap((address, index) =>
    address === clusterIPs[index] ? [] : [invalid(`${field}[${index}]`, clusterIPs, "may not change once set")],
  );
}

function validateFamilyChange(spec: json.ServiceSpec, before: json.ServiceSpec): FieldErrors {
  if (isHeadless(spec) !== isHeadless(before)) return [];
  const { ipFamilies = [] } = spec;
  const [first] = before.ipFamilies ?? [];
  if (first === undefined || ipFamilies[0] === first || ipFamilies.length === 0) return [];
  return [invalid("spec.ipFamilies[0]", ipFamilies, "may not change once set")];
}
