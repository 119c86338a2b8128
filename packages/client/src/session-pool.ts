import type { Clock, Timer } from "@hollowfleet/core";
import { TokenBucket } from "@hollowfleet/core";
import type { ClientError } from "./client-error.ts";
import { type ConnectOptions, parseServer } from "./connect-options.ts";
import { Http2Exchange } from "./http2-exchange.ts";
import type { KeepaliveOptions } from "./keepalive.ts";
import { closedError } from "./node-error.ts";
import { Session, type SessionHost, type SessionOptions } from "./session.ts";
import type { Exchange, ResponseSink, Transport, TransportRequest, TransportStats } from "./transport.ts";

export interface Http2TransportOptions extends ConnectOptions, KeepaliveOptions {
  readonly clock: Clock;
  /** Beyond this many, requests wait for a free stream; default: no limit, as in Go. */
  readonly maxConnections?: number;
  /** A connection that is one too many is closed after this long without a stream; default 90,000 (net/http IdleConnTimeout). */
  readonly idleMs?: number;
}

/** Go has no bound here; ours only keeps a caller in a loop from opening sockets as fast as the machine can. */
const dialsPerSecond = 20;
const dialBurst = 50;

/** A transport over as many HTTP/2 connections as the server's stream limit asks for, opened on demand. */
export function createHttp2Transport(options: Http2TransportOptions): Transport {
  return new SessionPool(options);
}

class SessionPool implements Transport, SessionHost {
  readonly #options: Http2TransportOptions;
  readonly #sessionOptions: SessionOptions;
  readonly #dials: TokenBucket;
  readonly #maxConnections: number;
  /** In the order of their making; requests go to the first with room, so that later ones fall idle. */
  readonly #sessions: Session[] = [];
  #queue: Http2Exchange[] = [];
  #dialTimer: Timer | undefined;
  #idleTimer: Timer | undefined;
  #closed = false;
  #connects = 0;
  #goaways = 0;
  #bytesRead = 0;
  #bytesWritten = 0;

  constructor(options: Http2TransportOptions) {
    this.#options = options;
    this.#maxConnections = Math.max(1, options.maxConnections ?? Number.POSITIVE_INFINITY);
    this.#dials = new TokenBucket(dialsPerSecond, dialBurst, options.clock);
    this.#sessionOptions = {
      server: parseServer(options.server),
      connect: options,
      keepalive: options,
      clock: options.clock,
    };
  }

  open(request: TransportRequest, sink: ResponseSink): Exchange {
    const exchange = new Http2Exchange(request, sink);
    if (this.#closed) queueMicrotask(() => exchange.close());
    else {
      this.#queue.push(exchange);
      this.#pump();
    }
    return exchange;
  }

  stats(): TransportStats {
    let openStreams = 0;
    let openConnections = 0;
    let bytesRead = this.#bytesRead;
    let bytesWritten = this.#bytesWritten;
    for (const session of this.#sessions) {
      if (session.state !== "connecting") openConnections++;
      openStreams += session.openStreams;
      bytesRead += session.bytesRead;
      bytesWritten += session.bytesWritten;
    }
    return {
      openConnections,
      openStreams,
      connects: this.#connects,
      goaways: this.#goaways,
      bytesRead,
      bytesWritten,
    };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#dialTimer?.cancel();
    this.#idleTimer?.cancel();
    for (const session of [...this.#sessions]) session.close();
    this.#failQueue(closedError(false));
  }

  onRoom(session: Session): void {
    if (session.openStreams === 0) this.#trimIdle();
    if (this.#queue.length > 0) this.#pump();
  }

  onGoaway(): void {
    this.#goaways++;
  }

  onGone(session: Session, dialError: ClientError | undefined): void {
    const at = this.#sessions.indexOf(session);
    if (at >= 0) this.#sessions.splice(at, 1);
    this.#bytesRead += session.bytesRead;
    this.#bytesWritten += session.bytesWritten;
    if (this.#closed) return;
    if (dialError !== undefined) this.#failQueue(dialError);
    // What was told of the failure may have asked again in the same turn; the rest waits for a new connection.
    this.#pump();
  }

  #pump(): void {
    for (const session of this.#sessions) {
      while (session.room > 0) {
        const next = this.#next();
        if (next === undefined) return;
        session.start(next);
      }
    }
    this.#dropCancelled();
    if (this.#queue.length > 0) this.#connect();
  }

  #next(): Http2Exchange | undefined {
    for (;;) {
      const next = this.#queue.shift();
      if (next === undefined || !next.done) return next;
    }
  }

  #dropCancelled(): void {
    while (this.#queue[0]?.done) this.#queue.shift();
  }

  /** Opens one more, one at a time: what waits behind it may fit on it. */
  #connect(): void {
    if (this.#closed || this.#dialTimer !== undefined) return;
    let live = 0;
    for (const session of this.#sessions) {
      if (session.state === "connecting") return;
      if (session.state === "ready") live++;
    }
    if (live >= this.#maxConnections) return;
    const waitMs = this.#dials.reserveMs();
    if (waitMs === 0) this.#dial();
    else
      this.#dialTimer = this.#options.clock.setTimer(waitMs, () => {
        this.#dialTimer = undefined;
        this.#dial();
      });
  }

  #dial(): void {
    this.#connects++;
    this.#sessions.push(new Session(this.#sessionOptions, this));
  }

  #failQueue(error: ClientError): void {
    const failed = this.#queue;
    this.#queue = [];
    for (const exchange of failed) exchange.fail(error);
  }

  /** Sets the timer that closes surplus connections; the last one is left to the server's own idle timeout. */
  #trimIdle(): void {
    if (this.#sessions.length < 2 || this.#idleTimer !== undefined) return;
    this.#idleTimer = this.#options.clock.setTimer(this.#options.idleMs ?? 90_000, () => {
      this.#idleTimer = undefined;
      const idle = this.#sessions.filter((session) => session.state === "ready" && session.openStreams === 0);
      const surplus = idle.length === this.#sessions.length ? idle.slice(1) : idle;
      for (const session of surplus) session.close();
    });
  }
}
