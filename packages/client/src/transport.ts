import type { ClientError } from "./client-error.ts";

/** One request, ready for the wire. Header names are lower case. */
export interface TransportRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path with query, as it goes on the wire. */
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: Uint8Array;
}

/** What of a response's headers anybody here reads. */
export interface ResponseHead {
  readonly status: number;
  readonly contentType: string;
  /** Retry-After in milliseconds, if the server sent one. */
  readonly retryAfterMs: number | undefined;
  /** X-Kubernetes-PF-PriorityLevel-UID and …FlowSchema-UID: which level of Priority & Fairness served or refused us. */
  readonly priorityLevelUid: string | undefined;
  readonly flowSchemaUid: string | undefined;
}

/** Receives one response. After `onEnd` or `onError` nothing more comes; after `cancel` nothing at all. */
export interface ResponseSink {
  /** A connection with room took the request: until here it waited for the server or the network, not for us. */
  onCarried(): void;
  /** The last byte of the request was handed to the socket. */
  onWritten(): void;
  onHead(head: ResponseHead): void;
  /** Bytes of the body; the buffer is the sink's to keep. */
  onData(chunk: Uint8Array): void;
  onEnd(): void;
  onError(error: ClientError): void;
}

/** A request under way. */
export interface Exchange {
  /** Ends it without a further callback; on HTTP/2 a RST_STREAM. Doing it twice, or too late, does nothing. */
  cancel(): void;
}

/** Figures of one transport, all since its creation. */
export interface TransportStats {
  readonly openConnections: number;
  readonly openStreams: number;
  readonly connects: number;
  readonly goaways: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

/**
 * A way to one API server: bytes and callbacks, no Node streams and no promises, so that `node:http2` and a lean framed
 * session both fit behind it. It queues while it connects and while the server's stream limit is reached.
 */
export interface Transport {
  open(request: TransportRequest, sink: ResponseSink): Exchange;
  stats(): TransportStats;
  /** Closes every connection; what is under way fails with code "closed". */
  close(): void;
}
