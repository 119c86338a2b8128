import { describe, expect, it } from "vitest";
import { PodIps } from "./pod-ips.ts";

describe("PodIps", () => {
  it("gives each address once, without network, gateway and broadcast", () => {
    const ips = new PodIps("10.64.3.0/29");
    expect(Array.from({ length: 6 }, () => ips.allocate())).toEqual([
      "10.64.3.2",
      "10.64.3.3",
      "10.64.3.4",
      "10.64.3.5",
      "10.64.3.6",
      undefined,
    ]);
  });

  it("gives a free address again as late as possible", () => {
    const ips = new PodIps("10.64.3.0/29");
    ips.release(ips.allocate() ?? "");
    expect(ips.allocate()).toBe("10.64.3.3");
    ips.reserve("10.64.3.4");
    expect([ips.allocate(), ips.allocate(), ips.allocate()]).toEqual(["10.64.3.5", "10.64.3.6", "10.64.3.2"]);
  });

  it("takes the Node's own range once there is one, and never loopback", () => {
    const ips = new PodIps("10.64.3.0/24");
    expect(ips.allocate()).toBe("10.64.3.2");
    ips.setCidr("10.200.128.0/17");
    expect(ips.allocate()).toBe("10.200.128.2");
    ips.setCidr("fd00::/64");
    expect(ips.allocate()).toBe("10.64.3.3");
    expect(new PodIps("127.0.0.0/8").allocate()).toBe(undefined);
    expect(new PodIps("192.168.255.252/30").allocate()).toBe("192.168.255.254");
  });
});
