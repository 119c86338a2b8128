import { type ClientHttp2Session, type ClientHttp2Stream, connect, type IncomingHttpHeaders } from "node:http2";

/** One request over HTTP/2, before any of our own client's ideas. */
export interface Exchange {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** The body is not ended, although it was announced to be longer; default false. */
  readonly unfinished?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An answer whose body comes bit by bit. */
export interface OpenStream {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Calls with all that came so far at once, then with each piece. */
  onData(take: (chunk: Buffer) => void): void;
  /** Resolves when the server ended the body, or when it was closed. */
  readonly ended: Promise<void>;
  close(): void;
}

/** A connection of one identity. */
export interface Connection {
  send(exchange: Exchange): Promise<Answer>;
  open(exchange: Exchange): Promise<OpenStream>;
  close(): void;
}

/** TLS of one identity; without certificate it is anonymous, or what its headers say. */
export interface ConnectionOptions {
  /** https://host:port */
  readonly server: string;
  readonly caPem: string;
  readonly certPem?: string;
  readonly keyPem?: string;
  /** Sent with each request, e.g. authorization. */
  readonly headers?: Readonly<Record<string, string>>;
}

const answerTimeoutMs = 20_000;

/** Connects at the first request, and again after the server has closed. */
export function createConnection(options: ConnectionOptions): Connection {
  const { server, caPem: ca, certPem: cert, keyPem: key } = options;
  let session: ClientHttp2Session | undefined;
  const live = (): ClientHttp2Session => {
    if (session === undefined || session.closed || session.destroyed) {
      session = connect(server, { ca, ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) });
      // Its streams tell of the error, too.
      session.on("error", () => undefined);
    }
    return session;
  };
  const open = (exchange: Exchange) => openStream(live(), exchange, options.headers ?? {});
  return {
    open,
    async send(exchange) {
      const stream = await open(exchange);
      const chunks: Buffer[] = [];
      stream.onData((chunk) => void chunks.push(chunk));
      await stream.ended;
      return { status: stream.status, headers: stream.headers, body: Buffer.concat(chunks) };
    },
    close: () => session?.destroy(),
  };
}

function openStream(
  session: ClientHttp2Session,
  exchange: Exchange,
  headers: Readonly<Record<string, string>>,
): Promise<OpenStream> {
  const { method, path, body, unfinished = false } = exchange;
  const stream = session.request(
    {
      ":method": method,
      ":path": path,
      ...headers,
      ...(body !== undefined && { "content-length": String(body.length) }),
      ...exchange.headers,
    },
    { endStream: body === undefined },
  );
  if (unfinished) stream.write(body);
  else if (body !== undefined) stream.end(body);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`${method} ${path} is not answered within ${answerTimeoutMs / 1000} s`));
      stream.close();
    }, answerTimeoutMs);
    stream.once("error", (error) => reject(new Error(`${method} ${path}: ${error.message}`, { cause: error })));
    stream.once("close", () => {
      clearTimeout(timer);
      reject(new Error(`${method} ${path} was closed without an answer, code ${stream.rstCode}`));
    });
    stream.once("response", (answer) => {
      clearTimeout(timer);
      resolve(received(stream, answer));
    });
  });
}

function received(stream: ClientHttp2Stream, headers: IncomingHttpHeaders): OpenStream {
  const waiting: Buffer[] = [];
  let take = (chunk: Buffer): void => void waiting.push(chunk);
  stream.on("data", (chunk: Buffer) => take(chunk));
  // A stream that is cut ends for whoever reads it; how is told by what is missing.
  stream.on("error", () => undefined);
  return {
    status: Number(headers[":status"]),
    headers,
    ended: new Promise((resolve) => stream.once("close", resolve)),
    onData(reader) {
      take = reader;
      for (const chunk of waiting.splice(0)) reader(chunk);
    },
    close: () => stream.close(),
  };
}
