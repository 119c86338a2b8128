import { isIPv4, isIPv6 } from "node:net";
import { type FieldErrors, invalid } from "./field-error.ts";

// apimachinery/pkg/util/validation/ip.go, strict since 1.36 (StrictIPCIDRValidation)

const octetsWithZeros = /^\d+(\.\d+){3}$/;
const mappedAddress = /^::ffff:/i;

/** Those of an old object that were right under older rules stay right. */
export function validateIp(field: string, text: string, before: readonly string[] = []): FieldErrors {
  if (before.includes(text)) return [];
  if (!isIPv4(text) && !isIPv6(text)) {
    if (octetsWithZeros.test(text) && text.split(".").every((octet) => Number(octet) <= 255)) {
      return [invalid(field, text, "must not have leading 0s")];
    }
    return [invalid(field, text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")];
  }
  return mappedAddress.test(text) ? [invalid(field, text, "must not be an IPv4-mapped IPv6 address")] : [];
}

export function validateCidr(field: string, text: string, before: readonly string[] = []): FieldErrors {
  if (before.includes(text)) return [];
  const [address = "", length = ""] = text.split("/");
  const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
  if (text.split("/").length !== 2 || bits < 0 || !/^\d{1,3}$/.test(length) || Number(length) > bits) {
    return [invalid(field, text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")];
  }
  if (String(Number(length)) !== length)
    return [invalid(field, text, "must not have leading 0s in IP or prefix length")];
  if (mappedAddress.test(address)) return [invalid(field, text, "must not have an IPv4-mapped IPv6 address")];
  if (hasHostBits(address, Number(length), bits)) {
    return [invalid(field, text, "must not have bits set beyond the prefix length")];
  }
  return [];
}

function hasHostBits(address: string, length: number, bits: number): boolean {
  const hostBits = BigInt(bits - length);
  return (addressValue(address) & ((1n << hostBits) - 1n)) !== 0n;
}

/** The address as a number; it is a valid one. */
function addressValue(address: string): bigint {
  if (isIPv4(address)) return address.split(".").reduce((value, octet) => value * 256n + BigInt(octet), 0n);
  const [head = "", tail] = address.split("::");
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0n);
  return [...before, ...zeros, ...after].reduce((value, group) => value * 65536n + group, 0n);
}

function groups(text: string): bigint[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    if (!group.includes(".")) return [BigInt(`0x${group}`)];
    const value = addressValue(group);
    return [value >> 16n, value & 0xffffn];
  });
}

/** Addresses to which traffic may be sent: core/validation ValidateEndpointIP. */
export function validateEndpointIp(field: string, text: string): FieldErrors {
  if (!isIPv4(text) && !isIPv6(text)) return [invalid(field, text, "must be a valid IP address")];
  const faults = [];
  if (isUnspecified(text)) faults.push(`may not be unspecified (${text})`);
  if (isLoopback(text)) faults.push("may not be in the loopback range (127.0.0.0/8, ::1/128)");
  if (isInRange(text, "169.254.0.0", 16, "fe80::", 10)) {
    faults.push("may not be in the link-local range (169.254.0.0/16, fe80::/10)");
  }
  if (isInRange(text, "224.0.0.0", 24, "ff02::", 16)) {
    faults.push("may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
  }
  return faults.map((fault) => invalid(field, text, fault));
}

function isUnspecified(text: string): boolean {
  return addressValue(text) === 0n;
}

function isLoopback(text: string): boolean {
  return isIPv4(text) ? text.startsWith("127.") : addressValue(text) === 1n;
}

function isInRange(text: string, network4: string, length4: number, network6: string, length6: number): boolean {
  const [network, length, bits] = isIPv4(text) ? [network4, length4, 32] : [network6, length6, 128];
  const hostBits = BigInt(bits - length);
  return addressValue(text) >> hostBits === addressValue(network) >> hostBits;
}

/** Of at least two addresses: one of each family, no more. */
export function isDualStack(addresses: readonly string[]): boolean {
  return addresses.length === 2 && addresses.some(isIPv6) && addresses.some((address) => isIPv4(address));
}
