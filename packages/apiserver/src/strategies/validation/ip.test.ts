import { describe, expect, it } from "vitest";
import { isDualStack, validateCidr, validateEndpointIp, validateIp } from "./ip.ts";

const messages = (faults: readonly { readonly message?: string }[]) => faults.map(({ message }) => message);

describe("addresses", () => {
  it.each(["10.1.2.3", "::1", "fe80::1", "2001:db8::ffff"])("takes %s", (text) => {
    expect(validateIp("f", text)).toEqual([]);
  });

  it.each([
    ["x", "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"],
    ["010.1.2.3", "must not have leading 0s"],
    ["::ffff:1.2.3.4", "must not be an IPv4-mapped IPv6 address"],
  ])("refuses %s", (text, why) => {
    expect(messages(validateIp("f", text))).toEqual([`Invalid value: ${JSON.stringify(text)}: ${why}`]);
    expect(validateIp("f", text, [text])).toEqual([]);
  });

  it.each(["10.0.0.0/24", "10.1.2.3/32", "2001:db8::/32", "::/0"])("takes the CIDR %s", (text) => {
    expect(validateCidr("f", text)).toEqual([]);
  });

  it.each([
    ["10.0.0.0", "must be a valid CIDR value"],
    ["10.0.0.0/33", "must be a valid CIDR value"],
    ["10.0.0.0/08", "must not have leading 0s"],
    ["10.0.0.1/24", "must not have bits set beyond the prefix length"],
    ["2001:db8::1/32", "must not have bits set beyond the prefix length"],
  ])("refuses the CIDR %s", (text, why) => {
    expect(messages(validateCidr("f", text))[0]).toContain(why);
  });

  it.each([
    ["0.0.0.0", "unspecified"],
    ["127.0.0.1", "loopback"],
    ["::1", "loopback"],
    ["169.254.1.1", "link-local range"],
    ["fe80::1", "link-local range"],
    ["224.0.0.5", "link-local multicast"],
  ])("sends no traffic to %s", (text, why) => {
    expect(messages(validateEndpointIp("f", text)).join()).toContain(why);
  });

  it("sends traffic to the rest", () => {
    expect(["10.1.2.3", "225.0.0.1", "2001:db8::1"].flatMap((text) => validateEndpointIp("f", text))).toEqual([]);
  });

  it("knows a pair of families", () => {
    expect(isDualStack(["10.0.0.1", "::1"])).toBe(true);
    expect(isDualStack(["10.0.0.1", "10.0.0.2"])).toBe(false);
  });
});
