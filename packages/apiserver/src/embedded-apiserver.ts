import { type Random, seededRandom, silentLogger, systemClock } from "@hollowfleet/core";
import { createAdmission } from "./admission/create-admission.ts";
import { createAuthenticator, createTokenLookup } from "./auth/create-authenticator.ts";
import { createAuthorizer } from "./auth/create-authorizer.ts";
import { createTokenIssuer } from "./auth/token-issuer.ts";
import { createTokenVerifier } from "./auth/token-verifier.ts";
import type { EmbeddedApiServerOptions } from "./embedded-options.ts";
import { type HttpServer, startHttpServer } from "./http/http-server.ts";
import { createInProcessApi, type InProcessApi } from "./in-process.ts";
import type { UserInfo } from "./request-info.ts";
import { findResource } from "./resources/all-resources.ts";
import { createMemoryStore, type MemoryStore } from "./store/memory-store.ts";
import { createServiceAllocator } from "./strategies/service/service-allocator.ts";
import { strategyFor } from "./strategies/strategy-for.ts";
import type { Api } from "./verbs/api.ts";
import { createBootstrapObjects } from "./verbs/bootstrap.ts";
import { createApi } from "./verbs/create-api.ts";
import { nameSuffix } from "./verbs/name-suffix.ts";

/** What the server counts of itself. */
export interface EmbeddedStats {
  /** Open connections, HTTP/2 and HTTP/1.1. */
  readonly connections: number;
  readonly openWatches: number;
  /** Of the store. */
  readonly revision: number;
}

/** An API server in this thread. */
export interface EmbeddedApiServer {
  /** e.g. "https://127.0.0.1:41234" */
  readonly url: string;
  readonly port: number;
  /** Past the door: authentication and authorization are not asked. */
  readonly api: Api;
  readonly store: MemoryStore;
  /** For controllers. @param user as whom they write */
  inProcess(user: UserInfo): InProcessApi;
  stats(): EmbeddedStats;
  /** Ends all watches and connections; resolves within a second, whatever clients do. Safe to call twice. */
  close(): Promise<void>;
}

/** Starts an API server that behaves like kube-apiserver and keeps its state in memory. Resolves when it listens. */
export async function startEmbeddedApiServer(options: EmbeddedApiServerOptions): Promise<EmbeddedApiServer> {
  const { clock = systemClock, logger = silentLogger } = options;
  const random = options.random ?? seededRandom(clock.nowMs());
  const newUid = uidSource(random.fork("uids"));
  const store = createMemoryStore({
    nowMs: () => clock.nowUs() / 1000,
    ...(options.historyEvents !== undefined && { historyEvents: options.historyEvents }),
    ...(options.historyMs !== undefined && { historyMs: options.historyMs }),
  });
  const tokenIssuer = createTokenIssuer({ keyPem: options.serviceAccountKeyPem, clock, newUid });
  const tokenVerifier = createTokenVerifier({ issuer: tokenIssuer, store, clock });
  const tokens = { staticTokens: tokenMap(options), tokenVerifier };
  const authorizer = createAuthorizer({ store, adminUsers: options.adminUsers ?? [] });
  const names = random.fork("names");
  const api = createApi({
    store,
    strategyFor,
    admission: createAdmission({ authorizer, generateName: (base) => base + nameSuffix(names) }),
    clock,
    random: names,
    newUid,
    tokenIssuer,
    access: { authorizer, userOfToken: createTokenLookup(tokens) },
    services: serviceAllocator(store, options.serviceClusterIpRange),
    ...(options.eventTtlMs !== undefined && { eventTtlMs: options.eventTtlMs }),
  });
  const http = await startHttpServer({
    ...options,
    host: options.host ?? "127.0.0.1",
    port: options.port ?? 0,
    clock,
    logger,
    newUid: uidSource(random.fork("audit-ids")),
    api,
    store,
    authenticator: createAuthenticator(tokens),
    authorizer,
  });
  createBootstrapObjects(api, {
    securePort: http.port,
    ...(options.serviceClusterIpRange !== undefined && { serviceIp: firstAddress(options.serviceClusterIpRange) }),
  });
  return serverOf(http, api, store);
}

function serverOf(http: HttpServer, api: Api, store: MemoryStore): EmbeddedApiServer {
  return {
    url: http.url,
    port: http.port,
    api,
    store,
    inProcess: (user) => createInProcessApi(api, store, user),
    stats: () => ({ ...http.stats(), revision: store.revision }),
    close: () => http.close(),
  };
}

function tokenMap({ staticTokens = [] }: EmbeddedApiServerOptions): ReadonlyMap<string, UserInfo> {
  return new Map(staticTokens.map(({ token, user, groups }) => [token, { name: user, groups }]));
}

function serviceAllocator(store: MemoryStore, clusterIpRange: string | undefined) {
  const resource = findResource("", "v1", "services");
  const services = () => (resource === undefined ? [] : store.list(resource, ""));
  return createServiceAllocator({ services, ...(clusterIpRange !== undefined && { clusterIpRange }) });
}

/** The first address after the network's own, which belongs to Service kubernetes. */
function firstAddress(range: string): string {
  const [network = ""] = range.split("/");
  const parts = network.split(".").map(Number);
  return [...parts.slice(0, 3), (parts[3] ?? 0) + 1].join(".");
}

/** Random uids, RFC 4122 version 4. */
function uidSource(random: Random): () => string {
  return () => {
    const hex = random.hex(30);
    const variant = "89ab"[random.int(4)];
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-${variant}${hex.slice(15, 18)}-${hex.slice(18)}`;
  };
}
