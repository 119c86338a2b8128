import type { Clock, Logger } from "@hollowfleet/core";
import type { AccessAuthorizer, Authenticator } from "../auth/auth.ts";
import type { FaultHook } from "../faults/fault-hook.ts";
import { allResources, findResource } from "../resources/all-resources.ts";
import type { Store } from "../store/store.ts";
import type { Api } from "../verbs/api.ts";
import { createPages } from "./discovery/pages.ts";
import { InFlight } from "./in-flight.ts";
import { RequestMetrics } from "./metrics/request-metrics.ts";
import { ServerMetrics } from "./metrics/server-metrics.ts";
import { Encoder } from "./negotiation/encode.ts";
import { EncodedCache } from "./negotiation/encoded-cache.ts";
import { serveExchange } from "./serve-exchange.ts";
import type { ServerContext } from "./server-context.ts";
import { startTlsServer } from "./transport/tls-server.ts";
import { OpenWatches } from "./watching/open-watches.ts";

export interface HttpServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly tls: { readonly certPem: string; readonly keyPem: string };
  readonly clientCaPem: string;
  readonly api: Api;
  readonly store: Store;
  readonly authenticator: Authenticator;
  readonly authorizer: AccessAuthorizer;
  readonly faults?: FaultHook;
  readonly clock: Clock;
  readonly logger: Logger;
  /** RFC 4122, for audit ids. */
  readonly newUid: () => string;
  readonly maxReadOnlyInFlight?: number;
  readonly maxMutatingInFlight?: number;
  readonly watchBufferBytes?: number;
}

/** The API over HTTP. */
export interface HttpServer {
  readonly url: string;
  readonly port: number;
  stats(): { readonly connections: number; readonly openWatches: number };
  close(): Promise<void>;
}

/** The real server's limit of a body (apiserver/pkg/server/config.go, MaxRequestBodyBytes). */
const maxBodyBytes = 3 * 1024 * 1024;
const defaultWatchBufferBytes = 16 * 1024 * 1024;
/** Of encodings of stored objects. */
const cacheBytes = 64 * 1024 * 1024;
/** For clients to take the ends of their watches; then they are cut off. */
const closeGraceMs = 250;

/** Serves an API over TLS. Resolves when it listens. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  let closing: Promise<void> | undefined;
  let url = "";
  const watches = new OpenWatches();
  const context = createContext(options, watches, {
    isClosing: () => closing !== undefined,
    address: () => url.replace("https://", ""),
  });
  const server = await startTlsServer({
    ...options.tls,
    host: options.host,
    port: options.port,
    clientCaPem: options.clientCaPem,
    onExchange: (exchange) => void serveExchange(context, exchange),
    onHandshakeError: () => context.metrics.handshakeFailed(),
  });
  const host = options.host.includes(":") ? `[${options.host}]` : options.host;
  url = `https://${host}:${server.port}`;
  return {
    url,
    port: server.port,
    stats: () => ({ connections: server.connections, openWatches: watches.count }),
    close() {
      if (closing === undefined) {
        closing = server.close(closeGraceMs);
        watches.close();
      }
      return closing;
    },
  };
}

interface ServerState {
  isClosing(): boolean;
  address(): string;
}

function createContext(options: HttpServerOptions, watches: OpenWatches, state: ServerState): ServerContext {
  const { clock, store, maxReadOnlyInFlight, maxMutatingInFlight } = options;
  const limits = {
    ...(maxReadOnlyInFlight !== undefined && { maxReadOnly: maxReadOnlyInFlight }),
    ...(maxMutatingInFlight !== undefined && { maxMutating: maxMutatingInFlight }),
  };
  const inFlight = new InFlight(limits, clock);
  const metrics = new RequestMetrics();
  const cache = new EncodedCache(cacheBytes);
  const countObjects = (resource: (typeof allResources)[number]) => store.count(resource);
  const everything = new ServerMetrics({ requests: metrics, inFlight, resources: allResources, countObjects });
  const ping = { name: "ping", isHealthy: () => true };
  const shutdown = { name: "shutdown", isHealthy: () => !state.isClosing() };
  const served = new Set(allResources.map(({ group }) => group));
  return {
    api: options.api,
    authenticator: options.authenticator,
    authorizer: options.authorizer,
    faults: options.faults,
    clock,
    logger: options.logger,
    inFlight,
    metrics,
    cache,
    encoder: new Encoder(cache),
    watches,
    findResource,
    isServed: (group) => served.has(group),
    page: createPages({
      resources: allResources,
      serverAddress: state.address,
      health: { live: [ping], ready: [ping, shutdown] },
      metricsText: () => everything.text(),
      nowMs: () => clock.nowMs(),
    }),
    newUid: options.newUid,
    maxBodyBytes,
    watchBufferBytes: options.watchBufferBytes ?? defaultWatchBufferBytes,
  };
}
