import type { Http2TransportOptions } from "@hollowfleet/client";
import { systemClock } from "@hollowfleet/core";
import { loopbackAddress, nodesGroup, nodeToken, nodeUser } from "@hollowfleet/fleet";
import { generateKeyPair, loadAuthority } from "@hollowfleet/pki";
import type { HolderPlan } from "./part.ts";

/** How one node connects and says who it is: as the fleet's connector gives it to a hollow kubelet. */
export interface NodeClient {
  readonly name: string;
  readonly transport: Http2TransportOptions;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export const poolName = "memory";

/** The name that the fleet gives to the node with this number in the pool. */
export function memoryNodeName(index: number): string {
  return `${poolName}-${String(index).padStart(5, "0")}`;
}

/** Makes the clients of one process, one after the other: certificates are issued when they are needed, with one key. */
export function createNodeClients(plan: HolderPlan): (index: number) => NodeClient {
  const { server, caPem, identity } = plan;
  const base = { server, caPem, clock: systemClock };
  if (identity.kind === "node-token") {
    return (index) => {
      const name = memoryNodeName(index);
      const headers = [["authorization", `Bearer ${nodeToken(identity.secret, name)}`]] as const;
      return { name, headers, transport: { ...base, localAddress: loopbackAddress(index) } };
    };
  }
  const authority = loadAuthority(identity.authority);
  const keyPair = generateKeyPair();
  return (index) => {
    const name = memoryNodeName(index);
    const request = { commonName: nodeUser(name), organizations: [nodesGroup], usage: "client", keyPair } as const;
    const { certPem, keyPem } = authority.issue(request);
    return { name, headers: [], transport: { ...base, certPem, keyPem, localAddress: loopbackAddress(index) } };
  };
}
