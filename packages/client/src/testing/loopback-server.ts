import {
  createSecureServer,
  type Http2SecureServer,
  type SecureServerOptions,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { type Authority, type CertificateAndKey, createAuthority } from "@hollowfleet/pki";
import type { ClientError } from "../client-error.ts";
import type { ResponseHead, ResponseSink, Transport, TransportRequest } from "../transport.ts";

/** One authority for all tests of a file: making keys is slow. */
export const authority: Authority = createAuthority({ commonName: "loopback-ca" });
export const serving: CertificateAndKey = authority.issue({
  commonName: "loopback",
  ipAddresses: ["127.0.0.1"],
  dnsNames: ["api.loopback"],
  usage: "server",
});

export interface LoopbackServer {
  readonly server: Http2SecureServer;
  readonly url: string;
  /** Every session since the start, closed ones included. */
  readonly sessions: ServerHttp2Session[];
  /** Ends every connection as a crash does: no GOAWAY, no end of a stream. */
  cut(): void;
  stop(): Promise<void>;
}

/** A real HTTP/2 server over TLS on a free port of 127.0.0.1. */
export async function startLoopbackServer(options: SecureServerOptions = {}): Promise<LoopbackServer> {
  const server = createSecureServer({ cert: serving.certPem, key: serving.keyPem, ca: authority.certPem, ...options });
  const sessions: ServerHttp2Session[] = [];
  server.on("session", (session) => {
    sessions.push(session);
    session.on("error", () => {});
  });
  const sockets: TLSSocket[] = [];
  server.on("secureConnection", (socket) => sockets.push(socket));
  server.on("sessionError", () => {});
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    server,
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sessions,
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    stop: () =>
      new Promise((resolve) => {
        for (const session of sessions) session.destroy();
        server.close(() => resolve());
      }),
  };
}

/** What came of one request on a bare transport. */
export interface Outcome {
  readonly head: ResponseHead | undefined;
  readonly body: string;
  readonly written: boolean;
  readonly error: ClientError | undefined;
}

export function request(path: string, changes: Partial<TransportRequest> = {}): TransportRequest {
  return { method: "GET", path, headers: [["accept", "*/*"]], ...changes };
}

/** Sends one request and waits for its end, whatever that is. */
export function send(transport: Transport, sent: TransportRequest): Promise<Outcome> {
  return new Promise((resolve) => {
    let head: ResponseHead | undefined;
    let written = false;
    const chunks: Uint8Array[] = [];
    const finish = (error: ClientError | undefined) =>
      resolve({ head, written, error, body: Buffer.concat(chunks).toString() });
    const sink: ResponseSink = {
      onCarried: () => undefined,
      onWritten: () => {
        written = true;
      },
      onHead: (given) => {
        head = given;
      },
      onData: (chunk) => void chunks.push(chunk),
      onEnd: () => finish(undefined),
      onError: (error) => finish(error),
    };
    transport.open(sent, sink);
  });
}

/** Turns of the event loop until `ready`; fails after 20 s of them. */
export async function until(ready: () => boolean): Promise<void> {
  const endMs = Date.now() + 20_000;
  while (!ready()) {
    if (Date.now() > endMs) throw new Error("it did not come to pass");
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** The connection under a stream, as the server knows it. */
export function tlsSocketOf(stream: ServerHttp2Stream): TLSSocket {
  return (stream.session as ServerHttp2Session).socket as TLSSocket;
}
