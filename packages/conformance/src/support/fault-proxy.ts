import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  createSecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { FaultDecision, FaultHook } from "@hollowfleet/apiserver";
import type { Credentials, Endpoint } from "@hollowfleet/controlplane";
import { createAuthority } from "@hollowfleet/pki";
import { requestTarget } from "./request-target.ts";

/** An HTTP/2 server on loopback in front of a real API server, through which faults happen to single requests. */
export interface FaultProxy {
  /** Address of the proxy, and the authority of its own certificate. */
  readonly endpoint: Endpoint;
  close(): Promise<void>;
}

export interface FaultProxyOptions {
  readonly endpoint: Endpoint;
  /** Every request goes on under them, whoever asked. */
  readonly credentials: Credentials;
  readonly faults: FaultHook;
  /** User name for rules that match on it; default hollow-driver. */
  readonly user?: string;
}

export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const authority = createAuthority({ commonName: "fault-proxy-ca" });
  const serving = authority.issue({ commonName: "fault-proxy", ipAddresses: ["127.0.0.1"], usage: "server" });
  const upstream = createUpstream(options);
  const sessions = new Set<ServerHttp2Session>();
  const server = createSecureServer({ cert: serving.certPem, key: serving.keyPem });
  server.on("session", (session) => {
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
    session.on("error", () => undefined);
  });
  server.on("stream", (near, headers) => {
    near.on("error", () => undefined);
    const { ":method": method = "", ":path": url = "" } = headers;
    const decision = options.faults.decide(requestTarget(method, url, options.user ?? "hollow-driver"));
    void act(decision, near, () => upstream.request(headers));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: { server: `https://127.0.0.1:${port}`, caPem: authority.certPem },
    close() {
      for (const session of sessions) session.destroy();
      upstream.close();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function act(decision: FaultDecision, near: ServerHttp2Stream, forward: () => ClientHttp2Stream): Promise<void> {
  switch (decision.kind) {
    case "half-open":
      return;
    case "error":
      return refuse(near, decision);
    case "reset":
      if (decision.when === "before-commit") return near.close(constants.NGHTTP2_INTERNAL_ERROR);
      near.pipe(forward().on("response", () => near.close(constants.NGHTTP2_INTERNAL_ERROR)));
      return;
    case "delay":
      await sleep(decision.delayMs);
      break;
    case "goaway":
      near.session?.goaway(constants.NGHTTP2_NO_ERROR);
      break;
    default:
  }
  if (!near.destroyed) join(near, forward(), decision);
}

function refuse(near: ServerHttp2Stream, fault: Extract<FaultDecision, { readonly kind: "error" }>): void {
  const { httpCode: code, reason, retryAfterS } = fault;
  near.respond({
    ":status": code,
    "content-type": "application/json",
    ...(retryAfterS !== undefined && { "retry-after": String(retryAfterS) }),
  });
  near.end(JSON.stringify({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", reason, code }));
}

/** Bytes of both directions, those of a watch as late as the fault has it. */
function join(near: ServerHttp2Stream, far: ClientHttp2Stream, decision: FaultDecision): void {
  const sinceMs = Date.now();
  near.pipe(far);
  far.on("response", (headers) => {
    // Whoever asked may have left meanwhile.
    if (!near.destroyed && !near.closed && !near.headersSent) near.respond(headers, { waitForTrailers: false });
  });
  far.on("data", (chunk: Buffer) => {
    const delayMs = lateness(decision, Date.now() - sinceMs);
    if (delayMs === 0) near.writable && near.write(chunk);
    else setTimeout(() => near.writable && near.write(chunk), delayMs);
  });
  far.on("end", () => setTimeout(() => near.writable && near.end(), lateness(decision, Date.now() - sinceMs)));
  far.on("error", () => near.close(constants.NGHTTP2_INTERNAL_ERROR));
  near.on("close", () => far.close(constants.NGHTTP2_CANCEL));
}

function lateness(decision: FaultDecision, openForMs: number): number {
  if (decision.kind === "slow-watch") return decision.eventDelayMs;
  if (decision.kind !== "stalled-watch" || openForMs < decision.afterMs) return 0;
  return Math.max(0, decision.afterMs + decision.forMs - openForMs);
}

interface Upstream {
  request(headers: IncomingHttpHeaders): ClientHttp2Stream;
  close(): void;
}

/** The real server allows 100 streams on a connection. */
const streamsMax = 90;

function createUpstream({ endpoint, credentials }: FaultProxyOptions): Upstream {
  const open = new Map<ClientHttp2Session, number>();
  const identity = credentials.kind === "certificate" ? { cert: credentials.certPem, key: credentials.keyPem } : {};
  const authorization = credentials.kind === "token" ? { authorization: `Bearer ${credentials.token}` } : {};
  const session = (): ClientHttp2Session => {
    for (const [known, streams] of open) if (streams < streamsMax && !known.closed && !known.destroyed) return known;
    const fresh = connect(endpoint.server, { ca: endpoint.caPem, ...identity });
    open.set(fresh, 0);
    fresh.on("error", () => undefined);
    fresh.on("close", () => open.delete(fresh));
    return fresh;
  };
  return {
    request(headers) {
      const { ":authority": _authority, host: _host, authorization: _authorization, ...rest } = headers;
      const chosen = session();
      open.set(chosen, (open.get(chosen) ?? 0) + 1);
      const stream = chosen.request({ ...rest, ...authorization });
      stream.on("close", () => {
        if (open.has(chosen)) open.set(chosen, (open.get(chosen) ?? 1) - 1);
      });
      return stream;
    },
    close() {
      for (const each of open.keys()) each.destroy();
    },
  };
}
