/** Nodes have their own addresses in 127.0.0.0/8, all of which is local on Linux; below 127.64.0.0 is left to servers. */
const firstAddress = 0x7f400000;

/** Hosts per /24 that are used: .0 and .255 are left out, since tools take them for a network and a broadcast. */
const hostsPer24 = 254;

/** How many nodes have an address of their own. */
export const maxAddresses: number = 192 * 256 * hostsPer24;

/** The loopback address of the node with this number, counted over the whole fleet. */
export function loopbackAddress(index: number): string {
  if (index < 0 || index >= maxAddresses) throw new RangeError(`node ${index}: there are ${maxAddresses} addresses`);
  return dotted(firstAddress + Math.floor(index / hostsPer24) * 256 + (index % hostsPer24) + 1);
}

/**
/**
 * A /24 of 10.0.0.0/9 for pods of a node that was given no podCIDR. EndpointSlices refuse
 * loopback addresses, so these are not loopback; nothing is ever sent to them.
 */
export function fallbackPodCidr(index: number): string {
  return `${dotted(0x0a000000 + (index % 32_768) * 256)}/24`;
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join(".");
}
