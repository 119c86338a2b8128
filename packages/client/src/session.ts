import { type ClientHttp2Session, connect, type OutgoingHttpHeaders, type Settings } from "node:http2";
import type { Socket } from "node:net";
import type { Clock } from "@hollowfleet/core";
import type { ClientError } from "./client-error.ts";
import type { ConnectOptions, ServerAddress } from "./connect-options.ts";
import { type Dialing, dial } from "./dial.ts";
import type { Http2Exchange, StreamOwner } from "./http2-exchange.ts";
import { Keepalive, type KeepaliveOptions } from "./keepalive.ts";
import { closedError, pingTimeout, rst, type StreamEnd, streamError } from "./node-error.ts";
import type { TransportRequest } from "./transport.ts";

/** Before the server's SETTINGS are known, and the most that is believed (golang.org/x/net/http2/transport.go). */
const initialMaxStreams = 100;
const maxStreams = 1000;

/** The windows of Go's transport: 4 MiB per stream, 1 GiB per connection. They are allowances, no buffers. */
const streamWindowBytes = 4 * 2 ** 20;
const connectionWindowBytes = 2 ** 30;

/** Megabytes that Node lets one session hold before it refuses streams; the windows above may fill that. */
const maxSessionMemoryMb = 4096;

/**
 * The life of one connection. It never begins anew: the pool makes another.
 *
 * | state      | on                                  | next     |
 * |------------|-------------------------------------|----------|
 * | connecting | socket and handshake done           | ready    |
 * | connecting | dial or handshake failed            | error    |
 * | ready      | GOAWAY, stream numbers used up      | draining |
 * | ready, draining | connection lost, PING unanswered | error |
 * | draining   | last stream gone                    | closed   |
 * | any        | close()                             | closed   |
 */
type SessionState =
  | { readonly t: "connecting"; readonly dialing: Dialing }
  | { readonly t: "ready"; readonly http2: ClientHttp2Session; readonly socket: Socket; readonly keepalive: Keepalive }
  | {
      readonly t: "draining";
      readonly http2: ClientHttp2Session;
      readonly socket: Socket;
      readonly keepalive: Keepalive;
    }
  | { readonly t: "closed" }
  | { readonly t: "error"; readonly error: ClientError };

/** Told by a session what concerns those who wait for a stream. */
export interface SessionHost {
  /** It is ready, a stream ended, or the server raised its limit. */
  onRoom(session: Session): void;
  onGoaway(session: Session): void;
  /** It is over. `dialError`: it never became ready, and why. */
  onGone(session: Session, dialError: ClientError | undefined): void;
}

export interface SessionOptions {
  readonly server: ServerAddress;
  readonly connect: ConnectOptions;
  readonly keepalive: KeepaliveOptions;
  readonly clock: Clock;
}

/** One HTTP/2 connection over `node:http2`. */
export class Session implements StreamOwner {
  readonly #options: SessionOptions;
  readonly #host: SessionHost;
  #state: SessionState;
  #streams = new Set<Http2Exchange>();
  #maxStreams = initialMaxStreams;
  #goaway: StreamEnd["goaway"];
  /** Requests without a body that went out in this turn. */
  #unconfirmed: Http2Exchange[] = [];
  #bytesRead = 0;
  #bytesWritten = 0;

  constructor(options: SessionOptions, host: SessionHost) {
    this.#options = options;
    this.#host = host;
    this.#state = {
      t: "connecting",
      dialing: dial(options.server, options.connect, options.clock, (error, socket) =>
        socket === undefined ? this.#fail(error) : this.#ready(socket),
      ),
    };
  }

  get state(): SessionState["t"] {
    return this.#state.t;
  }

  get openStreams(): number {
    return this.#streams.size;
  }

  /** How many more streams it takes now. */
  get room(): number {
    return this.#state.t === "ready" ? Math.max(0, this.#maxStreams - this.#streams.size) : 0;
  }

  get goaway(): StreamEnd["goaway"] {
    return this.#goaway;
  }

  get bytesRead(): number {
    return this.#socket?.bytesRead ?? this.#bytesRead;
  }

  get bytesWritten(): number {
    return this.#socket?.bytesWritten ?? this.#bytesWritten;
  }

  /** Sends a request; only while there is room. */
  start(exchange: Http2Exchange): void {
    const state = this.#state;
    if (state.t !== "ready") throw new Error(`a session that is ${state.t} takes no streams`);
    const { request } = exchange;
    const endStream = request.body === undefined;
    let stream: ReturnType<ClientHttp2Session["request"]>;
    try {
      stream = state.http2.request(headersOf(request, this.#options.server), { endStream });
    } catch (error) {
      // The connection went down in this very turn, or has no stream numbers left. Nothing was sent.
      this.#drain();
      const refused = streamError({
        error,
        rstCode: rst.refusedStream,
        id: undefined,
        written: false,
        goaway: this.#goaway,
      });
      // Not within `open`, whose caller does not hold the exchange yet.
      queueMicrotask(() => exchange.fail(refused));
      return;
    }
    this.#streams.add(exchange);
    exchange.begin(this, stream);
    if (endStream) this.#confirmSoon(exchange);
  }

  touch(): void {
    if (this.#state.t === "ready" || this.#state.t === "draining") this.#state.keepalive.touch();
  }

  onStreamGone(exchange: Http2Exchange): void {
    this.#streams.delete(exchange);
    if (this.#state.t === "ready") this.#host.onRoom(this);
    else if (this.#state.t === "draining" && this.#streams.size === 0) this.close();
  }

  /** Ends the connection; what is under way fails with code "closed". */
  close(): void {
    const before = this.#state;
    if (before.t === "closed" || before.t === "error") return;
    this.#leave({ t: "closed" });
    if (before.t === "connecting") before.dialing.abort();
    else {
      for (const exchange of [...this.#streams]) exchange.close();
      // Without streams a GOAWAY is sent and the socket ends in good order.
      if (this.#streams.size === 0) before.http2.close();
      else before.http2.destroy();
    }
    this.#host.onGone(this, undefined);
  }

  get #socket(): Socket | undefined {
    return this.#state.t === "ready" || this.#state.t === "draining" ? this.#state.socket : undefined;
  }

  #ready(socket: Socket): void {
    const { server, keepalive, clock } = this.#options;
    const http2 = connect(`${server.tls ? "https" : "http"}://${server.authority}`, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: streamWindowBytes },
      maxSessionMemory: maxSessionMemoryMb,
      // Ours is lower or the server's: Node's own queue never comes into play.
      peerMaxConcurrentStreams: maxStreams,
    });
    http2.once("connect", () => http2.setLocalWindowSize(connectionWindowBytes));
    http2.on("remoteSettings", (settings) => this.#onSettings(settings));
    http2.on("goaway", (code, lastStreamId) => this.#onGoaway(code, lastStreamId));
    http2.on("error", (error) => this.#lost(error));
    http2.on("close", () => this.#lost(undefined));
    this.#state = {
      t: "ready",
      http2,
      socket,
      keepalive: new Keepalive(
        clock,
        keepalive,
        (onPong) => void (http2.destroyed || http2.ping((error) => error === null && onPong())),
        (waitedMs) => http2.destroy(pingTimeout(waitedMs)),
      ),
    };
    this.#host.onRoom(this);
  }

  #onSettings(settings: Settings): void {
    this.touch();
    this.#maxStreams = Math.min(settings.maxConcurrentStreams ?? maxStreams, maxStreams);
    if (this.room > 0) this.#host.onRoom(this);
  }

  #onGoaway(code: number, lastStreamId: number): void {
    this.touch();
    const known = this.#goaway;
    this.#goaway = { code, lastStreamId };
    this.#drain();
    if (known === undefined) this.#host.onGoaway(this);
  }

  #drain(): void {
    if (this.#state.t !== "ready") return;
    this.#state = { ...this.#state, t: "draining" };
    if (this.#streams.size === 0) this.close();
  }

  /** The connection ended other than by `close`. Node ends every stream of it by itself. */
  #lost(error: unknown): void {
    if (this.#state.t !== "ready" && this.#state.t !== "draining") return;
    const reason = streamError({ error, rstCode: rst.cancel, id: 0, written: true, goaway: this.#goaway });
    this.#leave({ t: "error", error: reason });
    this.#host.onGone(this, undefined);
  }

  #fail(error: ClientError | undefined): void {
    if (this.#state.t !== "connecting") return;
    const reason = error ?? closedError(false);
    this.#leave({ t: "error", error: reason });
    this.#host.onGone(this, reason);
  }

  /** Enters a last state. */
  #leave(next: Extract<SessionState, { t: "closed" | "error" }>): void {
    const before = this.#state;
    this.#bytesRead = this.bytesRead;
    this.#bytesWritten = this.bytesWritten;
    if (before.t === "ready" || before.t === "draining") before.keepalive.stop();
    this.#state = next;
  }

  /** Node writes what one turn produced at its end; there is no event of it for a request without a body. */
  #confirmSoon(exchange: Http2Exchange): void {
    if (this.#unconfirmed.push(exchange) > 1) return;
    setImmediate(() => {
      const written = this.#unconfirmed;
      this.#unconfirmed = [];
      for (const each of written) each.written();
    });
  }
}

/** Header objects by the header list they were made from: requests of one shape share their list. */
const headerObjects = new WeakMap<TransportRequest["headers"], OutgoingHttpHeaders>();

/** Node copies what it is given, so that one object per shape serves all requests of it. */
function headersOf(request: TransportRequest, server: ServerAddress): OutgoingHttpHeaders {
  let headers = headerObjects.get(request.headers);
  if (headers === undefined) {
    headers = {};
    for (const [name, value] of request.headers) {
      const earlier = headers[name];
      // Only Impersonate-Group and its like come more than once.
      headers[name] =
        earlier === undefined ? value : [...(Array.isArray(earlier) ? earlier : [String(earlier)]), value];
    }
    headerObjects.set(request.headers, headers);
  }
  headers[":method"] = request.method;
  headers[":path"] = server.basePath + request.path;
  headers[":authority"] = server.authority;
  return headers;
}
