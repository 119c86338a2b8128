import type { Socket } from "node:net";
import { ClientError } from "./client-error.ts";
import type { TlsIdentity } from "./tls-context.ts";

/** Opens the TCP connection by another way than directly, e.g. through an HTTP proxy. */
export type SocketDialer = (host: string, port: number) => Promise<Socket>;

/** How to reach one API server. */
export interface ConnectOptions extends TlsIdentity {
  /** `https://host:port`; `http://` speaks HTTP/2 in clear text with prior knowledge (RFC 9113 §3.3). */
  readonly server: string;
  /** Name to verify and to send as SNI; default: the host, and no SNI if that is an address. */
  readonly serverName?: string;
  /** Source address of the connection; default: the system's choice. */
  readonly localAddress?: string;
  /** Default false. */
  readonly insecureSkipVerify?: boolean;
  /** Asked before each connection, instead of `certPem` and `keyPem`: for credentials that expire. */
  readonly clientCertificate?: () => Promise<Required<Pick<TlsIdentity, "certPem" | "keyPem">> | undefined>;
  /** Default: a plain TCP connection. */
  readonly dialSocket?: SocketDialer;
  /** One TLS context for all identities of the same CA (see `secureContextFor`); default true. */
  readonly shareContext?: boolean;
  /** Until TCP is connected; default 30,000 (k8s.io/client-go/transport/cache.go). */
  readonly dialTimeoutMs?: number;
  /** Default 10,000 (k8s.io/client-go/transport/cache.go). */
  readonly handshakeTimeoutMs?: number;
}

/** The parts of a server's URL. */
export interface ServerAddress {
  readonly tls: boolean;
  readonly host: string;
  readonly port: number;
  /** As HTTP/2's `:authority`. */
  readonly authority: string;
  /** Put before every request's path; "" at the root. */
  readonly basePath: string;
}

export function parseServer(server: string): ServerAddress {
  let url: URL;
  try {
    url = new URL(server);
  } catch (cause) {
    throw badServer(server, cause);
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") throw badServer(server, undefined);
  const tls = url.protocol === "https:";
  return {
    tls,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (tls ? 443 : 80) : Number(url.port),
    authority: url.host,
    basePath: url.pathname.replace(/\/+$/, ""),
  };
}

function badServer(server: string, cause: unknown): ClientError {
  return new ClientError("config", `"${server}" is not the URL of an API server`, {
    outcome: "failed",
    cause,
    remedy: "Give it as https://host:port.",
  });
}
