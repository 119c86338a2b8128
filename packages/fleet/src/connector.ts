import {
  type ApiClient,
  type CallObserver,
  type ConnectOptions,
  type CredentialHeaders,
  createApiClient,
  createCredentialSource,
  createHttp2Transport,
  credentialHeaders,
  openProxyTunnel,
  type Transport,
} from "@hollowfleet/client";
import type { Clock, Random } from "@hollowfleet/core";
import type { NodeSpec, Profile } from "@hollowfleet/kubelet";
import { generateKeyPair, type KeyPair, loadAuthority } from "@hollowfleet/pki";
import { requestNodeCertificate } from "./csr-identity.ts";
import type { FleetPlan } from "./fleet.ts";
import { FleetError } from "./fleet-error.ts";
import { certificateIdentities, impersonationOf, nodesGroup, nodeToken, nodeUser } from "./identity.ts";

/** A hollow node's way to the API server. */
export interface NodeConnection {
  readonly api: ApiClient;
  /** The node's own transport; undefined where it shares one. */
  readonly transport: Transport | undefined;
}

/** Gives each node of a shard its client: identity, and connections of its own or shared ones. */
export interface Connector {
  /** Resolves with undefined when the signal ended the wait for a certificate. Rejects with ClientError. */
  connect(spec: NodeSpec, signal: AbortSignal): Promise<NodeConnection | undefined>;
  /** Closes what nodes share. */
  close(): void;
}

type Tls = Pick<ConnectOptions, "certPem" | "keyPem" | "clientCertificate">;

/** How one node of a fleet shows who it is. */
interface NodeIdentity {
  /** Undefined: the signal ended the wait. */
  tls(node: string, signal: AbortSignal): Promise<Tls | undefined>;
  /** Empty where the connection says it all. */
  headers(node: string): Partial<CredentialHeaders>;
  close(): void;
}

/** @param observer told of every call of every node */
export function createConnector(
  fleet: FleetPlan,
  profile: Profile,
  observer: CallObserver,
  clock: Clock,
  random: Random,
): Connector {
  const { kind } = fleet.credentials;
  if (fleet.connections === "pooled" && certificateIdentities.includes(kind)) {
    throw new FleetError(
      "config",
      `identity ${kind} cannot go with pooled connections: a certificate binds a connection`,
      {
        remedy: "Use --identity node-token or impersonate, or --connections per-node.",
      },
    );
  }
  const identity = nodeIdentity(fleet, clock, random);
  const open = (tls: Tls, localAddress: string | undefined): Transport =>
    createHttp2Transport({ ...serverOf(fleet), ...tls, ...(localAddress !== undefined && { localAddress }), clock });
  let shared: Transport | undefined;
  return {
    async connect(spec, signal) {
      const tls = await identity.tls(spec.name, signal);
      if (tls === undefined) return undefined;
      const source = fleet.identity.address.kind === "loopback" ? spec.address : undefined;
      const own = fleet.connections === "pooled" ? undefined : open(tls, source);
      if (own === undefined) shared ??= open(tls, undefined);
      const transport = own ?? shared;
      if (transport === undefined) return undefined;
      const api = createApiClient({
        transport,
        ...identity.headers(spec.name),
        settings: { userAgent: profile.userAgent(spec.kubeletVersion) },
        clock,
        observer,
      });
      return { api, transport: own };
    },
    close() {
      shared?.close();
      identity.close();
    },
  };
}

function serverOf(fleet: FleetPlan): ConnectOptions {
  const { server, caPem, serverName, insecureSkipVerify, proxyUrl } = fleet.target;
  return {
    server,
    ...(caPem !== undefined && { caPem }),
    ...(serverName !== undefined && { serverName }),
    ...(insecureSkipVerify !== undefined && { insecureSkipVerify }),
    ...(proxyUrl !== undefined && {
      dialSocket: (host, port) =>
        openProxyTunnel(proxyUrl, host, port, {
          ...(caPem !== undefined && { caPem }),
          ...(insecureSkipVerify !== undefined && { insecureSkipVerify }),
        }),
    }),
  };
}

function nodeIdentity(fleet: FleetPlan, clock: Clock, random: Random): NodeIdentity {
  const { credentials } = fleet;
  const nothing = { headers: () => ({}), close: () => undefined };
  switch (credentials.kind) {
    case "node-cert": {
      const authority = loadAuthority(credentials.authority, clock);
      // One key serves all nodes of the shard: what the server checks is the certificate's name.
      const keyPair = generateKeyPair();
      const issue = (node: string): Tls =>
        authority.issue({ commonName: nodeUser(node), organizations: [nodesGroup], usage: "client", keyPair });
      return { ...nothing, tls: (node) => Promise.resolve(issue(node)) };
    }
    case "node-token":
      return {
        ...nothing,
        tls: () => Promise.resolve({}),
        headers: (node) => ({ headers: [["authorization", `Bearer ${nodeToken(credentials.secret, node)}`]] }),
      };
    case "impersonate": {
      const source = createCredentialSource(credentials.base, { clock });
      return {
        tls: () => Promise.resolve({ clientCertificate: () => source.tls() }),
        headers: (node) => credentialHeaders(source, impersonationOf(node)),
        close: () => undefined,
      };
    }
    case "csr":
      return csrIdentity(fleet, credentials.bootstrapToken, generateKeyPair(), clock, random);
  }
}

function csrIdentity(
  fleet: FleetPlan,
  bootstrapToken: string,
  keyPair: KeyPair,
  clock: Clock,
  random: Random,
): NodeIdentity {
  const transport = createHttp2Transport({ ...serverOf(fleet), clock });
  const api = createApiClient({ transport, headers: [["authorization", `Bearer ${bootstrapToken}`]], clock });
  return {
    headers: () => ({}),
    async tls(node, signal) {
      const certPem = await requestNodeCertificate(api, node, keyPair, random.fork(node), clock, signal);
      return certPem === undefined ? undefined : { certPem, keyPem: keyPair.keyPem };
    },
    close: () => transport.close(),
  };
}
