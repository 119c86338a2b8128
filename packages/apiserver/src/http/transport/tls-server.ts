import { createServer as createHttpServer, type Server as HttpServer } from "node:http";
import {
  type IncomingHttpHeaders,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
import {
  createServer,
  type DetailedPeerCertificate,
  type PeerCertificate as NodeCertificate,
  type TLSSocket,
} from "node:tls";
import type { Exchange, Peer, PeerCertificate } from "./exchange.ts";
import { H1Exchange } from "./h1-exchange.ts";
import { type H2Connection, H2Exchange } from "./h2-exchange.ts";

export interface TlsServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly certPem: string;
  readonly keyPem: string;
  /** Client certificates are checked against it. */
  readonly clientCaPem: string;
  readonly onExchange: (exchange: Exchange) => void;
  readonly onHandshakeError: () => void;
}

export interface TlsServer {
  readonly port: number;
  readonly connections: number;
  /** Accepts nothing more, tells clients to leave, and after `graceMs` ends what is left. */
  close(graceMs: number): Promise<void>;
}

/** As kube-apiserver's (apiserver/pkg/server/secure_serving.go). */
const maxConcurrentStreams = 100;
const uploadWindowBytes = 256 * 1024;
const headersTimeoutMs = 32_000;
const keepAliveTimeoutMs = 90_000;
const maxHeaderBytes = 1024 * 1024;
/** A client that never finishes its handshake holds a socket for so long. */
const handshakeTimeoutMs = 10_000;
/** 2,000 nodes may come at once; the system caps it at net.core.somaxconn. */
const backlog = 4096;
/** MB. node's default of 10 refuses new streams to clients that are slow in reading long lists. */
const maxSessionMemory = 1024;

/** Serves HTTP/2 and HTTP/1.1 on one port of TLS, by what the client's ALPN says. */
export async function startTlsServer(options: TlsServerOptions): Promise<TlsServer> {
  const sessions = new Set<ServerHttp2Session>();
  const sockets = new Set<TLSSocket>();
  const http1 = createHttp1Server(options);
  const listener = createServer({
    cert: options.certPem,
    key: options.keyPem,
    ca: options.clientCaPem,
    requestCert: true,
    // Who has none, or a wrong one, is answered in the protocol: other proofs may count, or 401.
    rejectUnauthorized: false,
    ALPNProtocols: ["h2", "http/1.1"],
    minVersion: "TLSv1.2",
    handshakeTimeout: handshakeTimeoutMs,
    noDelay: true,
    keepAlive: true,
  });
  listener.on("tlsClientError", options.onHandshakeError);
  listener.on("secureConnection", (socket) => {
    sockets.add(socket);
    socket.on("error", ignore);
    socket.on("close", () => sockets.delete(socket));
    if (socket.alpnProtocol === "h2") serveHttp2(socket, sessions, options.onExchange);
    else serveHttp1(socket, http1);
  });
  await new Promise<void>((resolve, reject) => {
    listener.once("error", reject);
    listener.listen({ host: options.host, port: options.port, backlog }, () => {
      listener.removeListener("error", reject);
      resolve();
    });
  });
  return {
    port: (listener.address() as AddressInfo).port,
    get connections() {
      return sockets.size;
    },
    async close(graceMs) {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const session of sessions) if (!session.closed) session.close();
      const timer = setTimeout(() => {
        for (const session of sessions) session.destroy();
        for (const socket of sockets) socket.destroy();
      }, graceMs);
      await closed;
      clearTimeout(timer);
    },
  };
}

function serveHttp2(socket: TLSSocket, sessions: Set<ServerHttp2Session>, onExchange: (e: Exchange) => void): void {
  const peer = peerOf(socket);
  const session = performServerHandshake(socket, {
    settings: { maxConcurrentStreams, initialWindowSize: uploadWindowBytes, enablePush: false },
    maxSessionMemory,
  });
  sessions.add(session);
  const connection: H2Connection = {
    peer,
    silent: false,
    goAway() {
      if (!session.closed) session.close();
    },
  };
  // node's types leave the raw headers out, which tell repeated headers apart.
  const onStream = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, flags: number, raw: readonly string[]) =>
    onExchange(new H2Exchange(stream, headers, flags, raw, connection));
  session.on("stream", onStream as (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, flags: number) => void);
  // A client that breaks the protocol loses its connection, which the session does by itself.
  session.on("error", ignore);
  session.on("frameError", ignore);
  session.on("close", () => sessions.delete(session));
}

function serveHttp1(socket: TLSSocket, server: HttpServer): void {
  // Who connects and asks nothing; the server's own check of this runs only in servers that listen themselves.
  socket.setTimeout(headersTimeoutMs, () => socket.destroy());
  server.emit("connection", socket);
}

function createHttp1Server(options: TlsServerOptions): HttpServer {
  const server = createHttpServer({ keepAliveTimeout: keepAliveTimeoutMs, maxHeaderSize: maxHeaderBytes });
  server.on("request", (request, response) => {
    // From here on the socket's pauses are the server's own affair: a watch may be silent for long.
    request.socket.setTimeout(0);
    options.onExchange(new H1Exchange(request, response, peerOf(request.socket as TLSSocket)));
  });
  return server;
}

function peerOf(socket: TLSSocket): Peer {
  const remoteAddress = socket.remoteAddress ?? "";
  const certificate: NodeCertificate | DetailedPeerCertificate | undefined = socket.getPeerCertificate();
  if (certificate?.subject === undefined) return { certificate: undefined, remoteAddress };
  return { certificate: subjectOf(certificate, socket.authorized), remoteAddress };
}

/** node gives an attribute that occurs several times as an array; the last common name counts, as in Go's crypto/x509. */
function subjectOf({ subject }: NodeCertificate, verified: boolean): PeerCertificate {
  const { CN, O } = subject as unknown as { readonly CN?: string | string[]; readonly O?: string | string[] };
  return { commonName: [CN ?? ""].flat().at(-1) ?? "", organizations: [O ?? []].flat(), verified };
}

function ignore(): void {}
