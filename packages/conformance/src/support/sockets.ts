import { readFileSync } from "node:fs";

const established = "01";

/** How many established TCP connections to a port there are from each local address, as the kernel counts them. */
export function connectionsTo(port: number): Map<string, number> {
  const found = new Map<string, number>();
  for (const line of readFileSync("/proc/net/tcp", "utf8").split("\n").slice(1)) {
    const [, local = "", remote = "", state] = line.trim().split(/\s+/);
    if (state !== established || Number.parseInt(remote.split(":")[1] ?? "", 16) !== port) continue;
    const address = dotted(local);
    found.set(address, (found.get(address) ?? 0) + 1);
  }
  return found;
}

/** "0100007F:1F90" is 127.0.0.1: the address is in the machine's byte order, which is little-endian. */
function dotted(hex: string): string {
  return (hex.slice(0, 8).match(/../g) ?? [])
    .map((byte) => Number.parseInt(byte, 16))
    .reverse()
    .join(".");
}
