import type { json } from "@hollowfleet/wire";
import type { KubeObject } from "../../object.ts";
import { as } from "../views.ts";

/** Addresses and ports of Services. Nothing is taken by asking: what Services have is what is taken. */
export interface ServiceAllocator {
  /** An address that no Service has; undefined when all are taken. */
  nextClusterIp(): string | undefined;
  /** Why a Service may not have this address; undefined when it may. */
  clusterIpFault(address: string): string | undefined;
  /** @param taken ports that the same Service was just given */
  nextNodePort(taken: ReadonlySet<number>): number | undefined;
  nodePortFault(port: number): string | undefined;
}

export interface ServiceAllocatorOptions {
  /** All Services as they are now. */
  readonly services: () => Iterable<KubeObject>;
  /** IPv4. Default "10.0.0.0/24", as the real server's --service-cluster-ip-range. */
  readonly clusterIpRange?: string;
  /** First and last. Default 30000 to 32767. */
  readonly nodePortRange?: readonly [first: number, last: number];
}

/** Gives the lowest that is free, so that the same Services get the same addresses. */
export function createServiceAllocator(options: ServiceAllocatorOptions): ServiceAllocator {
  const { services, clusterIpRange = "10.0.0.0/24", nodePortRange = [30000, 32767] } = options;
  const [network = "", length = "24"] = clusterIpRange.split("/");
  const size = 2 ** (32 - Number(length));
  const base = Math.floor(addressNumber(network) / size) * size;
  const [firstPort, lastPort] = nodePortRange;
  return {
    nextClusterIp() {
      const taken = takenAddresses(services());
      // Neither the network nor the broadcast address; the first is that of the Service "kubernetes".
      const offset = lowestFree(2, size - 2, (candidate) => !taken.has(addressText(base + candidate)));
      return offset === undefined ? undefined : addressText(base + offset);
    },
    clusterIpFault(address) {
      const offset = addressNumber(address) - base;
      if (!(offset > 0 && offset < size - 1)) {
        return `the provided IP (${address}) is not in the valid range. The range of valid IPs is ${clusterIpRange}`;
      }
      return takenAddresses(services()).has(address) ? "provided IP is already allocated" : undefined;
    },
    nextNodePort(taken) {
      const others = takenPorts(services());
      return lowestFree(firstPort, lastPort, (port) => !others.has(port) && !taken.has(port));
    },
    nodePortFault(port) {
      if (port < firstPort || port > lastPort) {
        return `provided port is not in the valid range. The range of valid ports is ${firstPort}-${lastPort}`;
      }
      return takenPorts(services()).has(port) ? "provided port is already allocated" : undefined;
    },
  };
}

function lowestFree(first: number, last: number, isFree: (candidate: number) => boolean): number | undefined {
  for (let candidate = first; candidate <= last; candidate++) if (isFree(candidate)) return candidate;
  return undefined;
}

function takenAddresses(services: Iterable<KubeObject>): Set<string> {
  const taken = new Set<string>();
  for (const service of services) {
    for (const address of as<json.Service>(service).spec?.clusterIPs ?? []) taken.add(address);
  }
  return taken;
}

function takenPorts(services: Iterable<KubeObject>): Set<number> {
  const taken = new Set<number>();
  for (const service of services) {
    const { ports = [], healthCheckNodePort } = as<json.Service>(service).spec ?? {};
    for (const { nodePort } of ports) if (nodePort) taken.add(nodePort);
    if (healthCheckNodePort) taken.add(healthCheckNodePort);
  }
  return taken;
}

/** NaN for what is no IPv4 address. */
function addressNumber(text: string): number {
  const octets = text.split(".");
  return octets.length === 4 ? octets.reduce((sum, octet) => sum * 256 + Number(octet), 0) : Number.NaN;
}

function addressText(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}
