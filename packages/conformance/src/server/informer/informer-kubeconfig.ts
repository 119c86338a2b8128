import { writeFileSync } from "node:fs";
import { generateKeyPair, loadAuthority } from "@hollowfleet/pki";
import type { ServerTarget } from "../harness/server-target.ts";

/** Writes the kubeconfig of an administrator. @param server where the client goes, e.g. the address of a proxy */
export function writeKubeconfig(path: string, { caPem, clientAuthority }: ServerTarget, server: string): void {
  const admin = loadAuthority(clientAuthority).issue({
    commonName: "informer",
    organizations: ["system:masters"],
    usage: "client",
    keyPair: generateKeyPair(),
  });
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  const cluster = { server, "certificate-authority-data": base64(caPem) };
  const user = {
    "client-certificate-data": base64(admin.certPem),
    "client-key-data": base64(admin.keyPem),
  };
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "it", cluster }],
    users: [{ name: "it", user }],
    contexts: [{ name: "it", context: { cluster: "it", user: "it" } }],
    "current-context": "it",
  };
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
}
