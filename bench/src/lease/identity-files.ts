import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LocalControlPlane } from "@hollowfleet/controlplane";
import { nodesGroup, nodeUser } from "@hollowfleet/fleet";
import { generateKeyPair, loadAuthority } from "@hollowfleet/pki";
import { certificateFile, keyFile, leaseName, leasePrefix } from "./lease-load.ts";

export const leaseIdentities = ["node-cert", "token"] as const;
export type LeaseIdentity = (typeof leaseIdentities)[number];

/** Flags that tell a peer who it is. */
export function identityFlags(
  plane: LocalControlPlane,
  dir: string,
  identity: LeaseIdentity,
  token: string,
  connections: number,
): string[] {
  return identity === "token" ? tokenFlags(dir, token) : certificateFlags(plane, dir, connections);
}

/** The public part that every peer needs, too. */
export function serverFlags(plane: LocalControlPlane, dir: string): string[] {
  const ca = join(dir, "ca.crt");
  writeFileSync(ca, plane.endpoint.caPem);
  return ["--server", plane.endpoint.server, "--ca", ca];
}

function tokenFlags(dir: string, token: string): string[] {
  const file = join(dir, "token");
  writeFileSync(file, token, { mode: 0o600 });
  return ["--token-file", file];
}

/** Connection i is the node that lease i belongs to: the Node authorizer lets it renew no other. */
function certificateFlags(plane: LocalControlPlane, dir: string, connections: number): string[] {
  if (plane.nodeAuthority === undefined) throw new Error("a local control plane has the cluster's authority");
  const authority = loadAuthority(plane.nodeAuthority);
  const keyPair = generateKeyPair();
  const folder = join(dir, `certificates-${connections}`);
  mkdirSync(folder);
  writeFileSync(join(folder, keyFile), keyPair.keyPem, { mode: 0o600 });
  for (let index = 0; index < connections; index++) {
    const { certPem } = authority.issue({
      commonName: nodeUser(leaseName(leasePrefix, index)),
      organizations: [nodesGroup],
      usage: "client",
      keyPair,
    });
    writeFileSync(join(folder, certificateFile(index)), certPem);
  }
  return ["--cert-dir", folder];
}
