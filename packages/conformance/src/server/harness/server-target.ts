import { generateKeyPair, loadAuthority } from "@hollowfleet/pki";
import type { Identity } from "./conformance-case.ts";
import { type Connection, createConnection } from "./exchange.ts";

/** A server under test. */
export interface ServerTarget {
  readonly name: "local" | "embedded";
  /** https://host:port */
  readonly server: string;
  readonly caPem: string;
  /** Signs client certificates that it believes. */
  readonly clientAuthority: { readonly certPem: string; readonly keyPem: string };
  stop(): Promise<void>;
}

/** A connection for each identity, made when first asked for. */
export interface Connections {
  as(identity: Identity): Connection;
  close(): void;
}

export function createConnections({ server, caPem, clientAuthority }: ServerTarget): Connections {
  const authority = loadAuthority(clientAuthority);
  const keyPair = generateKeyPair();
  const known = new Map<Identity, Connection>();
  const connect = (identity: Identity): Connection => {
    if (identity === "anonymous") return createConnection({ server, caPem });
    if (identity.startsWith("token:")) {
      const authorization = `Bearer ${identity.slice("token:".length)}`;
      return createConnection({ server, caPem, headers: { authorization } });
    }
    const { name, groups } = userOf(identity);
    const material = authority.issue({ commonName: name, organizations: groups, usage: "client", keyPair });
    return createConnection({ server, caPem, ...material });
  };
  return {
    as(identity) {
      const connection = known.get(identity) ?? connect(identity);
      known.set(identity, connection);
      return connection;
    },
    close() {
      for (const connection of known.values()) connection.close();
    },
  };
}

function userOf(identity: Identity): { name: string; groups: string[] } {
  if (identity === "admin") return { name: "conformance-admin", groups: ["system:masters"] };
  if (identity.startsWith("node:")) {
    return { name: `system:node:${identity.slice("node:".length)}`, groups: ["system:nodes"] };
  }
  const [name = "", ...groups] = identity.slice("user:".length).split(",");
  return { name, groups };
}
