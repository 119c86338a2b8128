import { seededRandom } from "@hollowfleet/core";
import { type Authority, type CertificateAndKey, createAuthority, generateKeyPair } from "@hollowfleet/pki";
import { type EmbeddedApiServer, startEmbeddedApiServer } from "../../embedded-apiserver.ts";
import type { EmbeddedApiServerOptions } from "../../embedded-options.ts";

/** One authority for all tests of a file: making keys is slow. */
export const authority: Authority = createAuthority({ commonName: "test-ca" });
const serving = authority.issue({ commonName: "apiserver", ipAddresses: ["127.0.0.1"], usage: "server" });
const serviceAccountKey = generateKeyPair();

export const admin: CertificateAndKey = authority.issue({
  commonName: "admin",
  organizations: ["system:masters"],
  usage: "client",
});
export const node: CertificateAndKey = authority.issue({
  commonName: "system:node:hollow-1",
  organizations: ["system:nodes"],
  usage: "client",
});

/** Tokens that every test server knows. */
export const adminToken = "admin-token";
export const userToken = "user-token";

/** A server with fixed seed and real time. */
export function startTestServer(options: Partial<EmbeddedApiServerOptions> = {}): Promise<EmbeddedApiServer> {
  return startEmbeddedApiServer({
    tls: serving,
    clientCaPem: authority.certPem,
    serviceAccountKeyPem: serviceAccountKey.keyPem,
    staticTokens: [
      { token: adminToken, user: "root", groups: ["system:masters"] },
      { token: userToken, user: "jane", groups: ["developers"] },
    ],
    random: seededRandom(1),
    ...options,
  });
}
