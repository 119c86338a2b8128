import { isIPv4, isIPv6 } from "node:net";
import { PkiError } from "./pki-error.ts";

/** The 4 or 16 bytes of an address, as a certificate's iPAddress name holds them (RFC 5280 §4.2.1.6). */
export function ipAddressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split(".").map(Number));
  if (!isIPv6(address) || address.includes("%")) {
    throw new PkiError("invalid-request", `"${address}" is not an IP address`);
  }
  // A tail in dotted form (::ffff:10.0.0.1) stands for two groups.
  const groups = address.replace(/\d+\.\d+\.\d+\.\d+$/, (tail) =>
    Buffer.from(tail.split(".").map(Number))
      .toString("hex")
      .replace(/(.{4})/, "$1:"),
  );
  const [head = "", tail] = groups.split("::");
  const split = (part: string) => (part === "" ? [] : part.split(":"));
  const [before, after] = [split(head), split(tail ?? "")];
  const zeros = tail === undefined ? [] : new Array<string>(8 - before.length - after.length).fill("0");
  return Buffer.from([...before, ...zeros, ...after].map((group) => group.padStart(4, "0")).join(""), "hex");
}
