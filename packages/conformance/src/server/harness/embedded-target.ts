import { startEmbeddedApiServer } from "@hollowfleet/apiserver";
import { seededRandom, silentLogger, systemClock } from "@hollowfleet/core";
import { createAuthority, generateKeyPair } from "@hollowfleet/pki";
import type { ServerTarget } from "./server-target.ts";

export interface EmbeddedTarget extends ServerTarget {
  /** From now on all resourceVersions before this moment are too old. */
  compact(): void;
}

/** The embedded API server in this thread, with no controller beside it. */
export async function startEmbeddedTarget(): Promise<EmbeddedTarget> {
  const authority = createAuthority({ commonName: "kubernetes" });
  const server = await startEmbeddedApiServer({
    tls: authority.issue({ commonName: "kube-apiserver", ipAddresses: ["127.0.0.1"], usage: "server" }),
    clientCaPem: authority.certPem,
    serviceAccountKeyPem: generateKeyPair().keyPem,
    clock: systemClock,
    random: seededRandom("conformance"),
    logger: silentLogger,
  });
  return {
    name: "embedded",
    server: `https://127.0.0.1:${server.port}`,
    caPem: authority.certPem,
    clientAuthority: { certPem: authority.certPem, keyPem: authority.keyPem },
    compact: () => server.store.compact(),
    stop: () => server.close(),
  };
}
