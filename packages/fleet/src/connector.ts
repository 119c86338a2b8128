import {
  type ApiClient,
  type CallObserver,
  createApiClient,
  createHttp2Transport,
  type Transport,
} from "@hollowfleet/client";
import type { Clock } from "@hollowfleet/core";
import type { NodeSpec, Profile } from "@hollowfleet/kubelet";
import { generateKeyPair, loadAuthority } from "@hollowfleet/pki";
import { FleetError } from "./fleet-error.ts";
import type { FleetPlan } from "./fleet.ts";
import { identityHeaders, nodesGroup, nodeUser } from "./identity.ts";

/** A hollow node's way to the API server. */
export interface NodeConnection {
  readonly api: ApiClient;
  /** The node's own transport; undefined where it shares one. */
  readonly transport: Transport | undefined;
}

/** Gives each node of a shard its client: identity, and connections of its own or shared ones. */
export interface Connector {
  connect(spec: NodeSpec): NodeConnection;
  /** Closes what nodes share. */
  close(): void;
}

interface Tls {
  readonly certPem?: string;
  readonly keyPem?: string;
}

/** @param observer told of every call of every node */
export function createConnector(
  fleet: FleetPlan,
  profile: Profile,
  observer: CallObserver,
  clock: Clock,
): Connector {
  const { target, credentials } = fleet;
  const tlsOf = nodeTls(fleet, clock);
  const server = {
    server: target.server,
    ...(target.caPem !== undefined && { caPem: target.caPem }),
    ...(target.serverName !== undefined && { serverName: target.serverName }),
    ...(target.insecureSkipVerify !== undefined && { insecureSkipVerify: target.insecureSkipVerify }),
  };
  const open = (tls: Tls, localAddress: string | undefined): Transport =>
    createHttp2Transport({ ...server, ...tls, ...(localAddress !== undefined && { localAddress }), clock });
  const shared = fleet.connections === "pooled" ? open(baseTls(fleet), undefined) : undefined;
  return {
    connect(spec) {
      const source = fleet.identity.address.kind === "loopback" ? spec.address : undefined;
      const transport = shared === undefined ? open(tlsOf(spec.name), source) : undefined;
      const headers = identityHeaders(credentials, spec.name);
      const api = createApiClient({
        transport: transport ?? (shared as Transport),
        headers: () => headers,
        settings: { userAgent: profile.userAgent(spec.kubeletVersion) },
        clock,
        observer,
      });
      return { api, transport };
    },
    close: () => shared?.close(),
  };
}

/** The client certificate of each node, issued when it connects: 10,000 of them are never held at once. */
function nodeTls(fleet: FleetPlan, clock: Clock): (node: string) => Tls {
  const { credentials } = fleet;
  if (credentials.kind !== "node-cert") return () => baseTls(fleet);
  if (fleet.connections === "pooled") {
    throw new FleetError("config", "identity node-cert cannot go with pooled connections: a certificate binds a connection", {
      remedy: "Use --identity node-token or impersonate, or --connections per-node.",
    });
  }
  const authority = loadAuthority(credentials.authority, clock);
  // One key serves all nodes of the shard: what the server checks is the certificate's name.
  const keyPair = generateKeyPair();
  return (node) => authority.issue({ commonName: nodeUser(node), organizations: [nodesGroup], usage: "client", keyPair });
}

function baseTls(fleet: FleetPlan): Tls {
  if (fleet.credentials.kind !== "impersonate") return {};
  const { certPem, keyPem } = fleet.credentials.base;
  return certPem === undefined || keyPem === undefined ? {} : { certPem, keyPem };
}
