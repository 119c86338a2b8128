import { errorText } from "@hollowfleet/core";
import { ClientError } from "./client-error.ts";
import type { ServerAddress } from "./connect-options.ts";

/** The RST_STREAM codes that are told apart (RFC 9113 §7). */
export const rst = { noError: 0, refusedStream: 7, cancel: 8 } as const;

const rstNames: readonly string[] = [
  "NO_ERROR",
  "PROTOCOL_ERROR",
  "INTERNAL_ERROR",
  "FLOW_CONTROL_ERROR",
  "SETTINGS_TIMEOUT",
  "STREAM_CLOSED",
  "FRAME_SIZE_ERROR",
  "REFUSED_STREAM",
  "CANCEL",
  "COMPRESSION_ERROR",
  "CONNECT_ERROR",
  "ENHANCE_YOUR_CALM",
  "INADEQUATE_SECURITY",
  "HTTP_1_1_REQUIRED",
];

/** OpenSSL's verification results, and what Node itself finds wrong with a certificate. */
const tlsCodes =
  /^(ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|EPROTO$)/;

/** Why no connection came about. Nothing was sent, so it is always safe to try again; whether it helps is another matter. */
export function connectError(error: unknown, server: ServerAddress): ClientError {
  if (error instanceof ClientError) return error;
  if (isTlsError(error)) return tlsError(error, server);
  return new ClientError("connect-failed", `cannot connect to ${server.authority}: ${errorText(error)}`, {
    outcome: "retryable",
    cause: error,
  });
}

export function connectTimeout(phase: "dialing" | "handshake", limitMs: number, server: ServerAddress): ClientError {
  const what = phase === "dialing" ? "no TCP connection" : "no TLS handshake";
  return new ClientError(
    phase === "dialing" ? "connect-failed" : "tls-failed",
    `${what} with ${server.authority} within ${limitMs} ms`,
    {
      outcome: "retryable",
    },
  );
}

export function notHttp2(server: ServerAddress): ClientError {
  return new ClientError("tls-failed", `${server.authority} does not speak HTTP/2`, {
    outcome: "failed",
    remedy: "Point at the API server itself, or at a proxy that passes HTTP/2 on.",
  });
}

/** What is known of a stream that ended before its response did. */
export interface StreamEnd {
  readonly error: unknown;
  /** The code of its RST_STREAM, from either side. */
  readonly rstCode: number;
  /** Its number on the connection; undefined if it never got one. */
  readonly id: number | undefined;
  /** The last byte of the request had been handed to the socket. */
  readonly written: boolean;
  /** The server's last word on the connection. */
  readonly goaway: { readonly code: number; readonly lastStreamId: number } | undefined;
}

/** Why a stream broke, and whether the server can have acted on it (RFC 9113 §6.8, §8.7). */
export function streamError(end: StreamEnd): ClientError {
  const cause = end.error === undefined ? {} : { cause: end.error };
  if (end.rstCode === rst.refusedStream)
    return new ClientError("refused-stream", "the server refused the stream before reading it", {
      outcome: "retryable",
      ...cause,
    });
  if (end.goaway !== undefined && (end.id === undefined || end.id > end.goaway.lastStreamId))
    return new ClientError("refused-stream", "the server closed the connection before reading the stream", {
      outcome: "retryable",
      ...cause,
    });
  if (isTlsError(end.error))
    return new ClientError("tls-failed", `TLS failed: ${errorText(end.error)}`, { outcome: "failed", ...cause });
  return new ClientError("reset", `the stream was cut off: ${cutBy(end)}`, {
    outcome: end.written ? "unknown" : "retryable",
    ...cause,
  });
}

/** @param written whether the request had gone out when we closed its connection */
export function closedError(written: boolean): ClientError {
  return new ClientError("closed", "the transport was closed", { outcome: written ? "unknown" : "retryable" });
}

/** The server stopped answering PINGs. */
export function pingTimeout(limitMs: number): Error {
  return new Error(`no answer to a PING within ${limitMs} ms`);
}

function cutBy(end: StreamEnd): string {
  if (end.error !== undefined) return errorText(end.error);
  if (end.goaway !== undefined && end.goaway.code !== rst.noError) return `GOAWAY ${rstName(end.goaway.code)}`;
  // Node reports a connection that just closed as a CANCEL of its streams.
  return end.rstCode === rst.cancel ? "the connection was closed" : rstName(end.rstCode);
}

function rstName(code: number): string {
  return rstNames[code] ?? `code ${code}`;
}

function isTlsError(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === "string" && tlsCodes.test(code);
}

function tlsError(error: unknown, server: ServerAddress): ClientError {
  return new ClientError("tls-failed", `TLS with ${server.authority} failed: ${errorText(error)}`, {
    outcome: "failed",
    cause: error,
    remedy: "Check the CA, the server's name and the client certificate.",
  });
}
