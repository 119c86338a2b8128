import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import type { BodyStream, Exchange, Peer, ResponseHeaders } from "./exchange.ts";
import { collectBody } from "./request-body.ts";

/** What the exchanges of one connection share. */
export interface H2Connection {
  readonly peer: Peer;
  /** See Exchange.silence. */
  silent: boolean;
  goAway(): void;
}

const empty: Uint8Array = new Uint8Array(0);

/** A stream of HTTP/2. Made of the raw stream: node's compatibility layer would cost several objects for each request. */
export class H2Exchange implements Exchange {
  readonly httpVersion = 2;
  readonly method: string;
  readonly target: string;
  readonly rawHeaders: readonly string[];
  readonly #stream: ServerHttp2Stream;
  readonly #headers: IncomingHttpHeaders;
  readonly #hasBody: boolean;
  readonly #connection: H2Connection;
  #overListeners: (() => void)[] | undefined = [];

  constructor(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    flags: number,
    rawHeaders: readonly string[],
    connection: H2Connection,
  ) {
    this.#stream = stream;
    this.#headers = headers;
    this.rawHeaders = rawHeaders;
    this.#hasBody = (flags & constants.NGHTTP2_FLAG_END_STREAM) === 0;
    this.#connection = connection;
    this.method = headers[":method"] ?? "";
    this.target = headers[":path"] ?? "";
    // Without a listener a reset by the client would end the process.
    stream.on("error", ignore);
    stream.on("close", () => this.#over());
  }

  get peer(): Peer {
    return this.#connection.peer;
  }

  get open(): boolean {
    return this.#overListeners !== undefined && !this.#stream.destroyed && !this.#connection.silent;
  }

  header(name: string): string | undefined {
    const value = this.#headers[name];
    return Array.isArray(value) ? value.join(", ") : value;
  }

  readBody(maxBytes: number): Promise<Uint8Array> {
    if (!this.#hasBody) return Promise.resolve(empty);
    return collectBody({ stream: this.#stream, length: this.header("content-length") }, maxBytes);
  }

  respond(status: number, headers: ResponseHeaders, body: Uint8Array | undefined): void {
    if (!this.#canWrite()) return;
    if (body === undefined || body.length === 0) {
      this.#stream.respond({ ":status": status, ...headers }, { endStream: true });
    } else {
      this.#stream.respond({ ":status": status, "content-length": body.length, ...headers });
      this.#stream.end(body);
    }
    // A client that still writes is let finish; what it writes is dropped.
    if (this.#hasBody && !this.#stream.readableEnded) this.#stream.resume();
  }

  stream(status: number, headers: ResponseHeaders): BodyStream {
    if (this.#canWrite()) this.#stream.respond({ ":status": status, ...headers });
    return new H2BodyStream(this.#stream, this.#connection);
  }

  reset(): void {
    if (!this.#stream.destroyed) this.#stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }

  leave(): void {
    this.#connection.goAway();
  }

  silence(): void {
    this.#connection.silent = true;
  }

  onOver(listener: () => void): void {
    if (this.#overListeners === undefined) listener();
    else this.#overListeners.push(listener);
  }

  #canWrite(): boolean {
    return this.open && !this.#stream.closed && !this.#stream.headersSent;
  }

  #over(): void {
    const listeners = this.#overListeners ?? [];
    this.#overListeners = undefined;
    for (const listener of listeners) listener();
  }
}

/** Writes of one turn of the event loop leave together. */
class H2BodyStream implements BodyStream {
  readonly #stream: ServerHttp2Stream;
  readonly #connection: H2Connection;
  #corked = false;

  constructor(stream: ServerHttp2Stream, connection: H2Connection) {
    this.#stream = stream;
    this.#connection = connection;
  }

  get bufferedBytes(): number {
    return this.#stream.writableLength;
  }

  write(chunk: Uint8Array): void {
    if (this.#stream.destroyed || this.#stream.writableEnded || this.#connection.silent) return;
    if (!this.#corked) {
      this.#corked = true;
      this.#stream.cork();
      setImmediate(() => {
        this.#corked = false;
        this.#stream.uncork();
      });
    }
    this.#stream.write(chunk);
  }

  end(): void {
    // `end` uncorks.
    if (!this.#stream.destroyed && !this.#connection.silent) this.#stream.end();
  }
}

function ignore(): void {}
