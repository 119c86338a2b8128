import { type ClientHttp2Session, type ClientHttp2Stream, connect, type OutgoingHttpHeaders } from "node:http2";
import { adminToken, authority } from "./server.ts";

/** What came of one request. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  /** The body's JSON. */
  json<T = Record<string, unknown>>(): T;
}

export interface TestClient {
  readonly session: ClientHttp2Session;
  get(path: string, headers?: OutgoingHttpHeaders): Promise<Reply>;
  send(
    method: string,
    path: string,
    body?: object | Uint8Array | string,
    headers?: OutgoingHttpHeaders,
  ): Promise<Reply>;
  /** A request whose end is not waited for. */
  open(path: string, headers?: OutgoingHttpHeaders): Promise<OpenStream>;
  close(): void;
}

/** A watch as it comes in. */
export interface OpenStream {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly stream: ClientHttp2Stream;
  /** The next line that is not empty; undefined at the end. */
  line(): Promise<string | undefined>;
  /** The next line's JSON. */
  event(): Promise<WatchLine>;
}

export interface WatchLine {
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into objects of every kind
  readonly object: any;
}

export interface ClientIdentity {
  readonly certPem?: string;
  readonly keyPem?: string;
  /** Default the admin's, unless there is a certificate; "" for none. */
  readonly token?: string;
}

export function createTestClient(url: string, identity: ClientIdentity = {}): TestClient {
  const { certPem, keyPem, token = certPem === undefined ? adminToken : "" } = identity;
  const session = connect(url, {
    ca: authority.certPem,
    ...(certPem !== undefined && { cert: certPem }),
    ...(keyPem !== undefined && { key: keyPem }),
  });
  session.on("error", () => undefined);
  const request = (method: string, path: string, headers: OutgoingHttpHeaders, endStream: boolean) =>
    session.request(
      { ":method": method, ":path": path, ...(token !== "" && { authorization: `Bearer ${token}` }), ...headers },
      { endStream },
    );
  const send: TestClient["send"] = (method, path, body, headers = {}) => {
    const bytes = toBytes(body);
    const isJson = bytes !== undefined && headers["content-type"] === undefined;
    const all = isJson ? { "content-type": "application/json", ...headers } : headers;
    const stream = request(method, path, all, bytes === undefined);
    if (bytes !== undefined) stream.end(bytes);
    return replyOf(stream);
  };
  return {
    session,
    send,
    get: (path, headers = {}) => send("GET", path, undefined, headers),
    open: (path, headers = {}) => openStream(request("GET", path, headers, true)),
    close: () => session.destroy(),
  };
}

function toBytes(body: object | Uint8Array | string | undefined): Uint8Array | undefined {
  if (body === undefined || body instanceof Uint8Array) return body;
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
}

function replyOf(stream: ClientHttp2Stream): Promise<Reply> {
  return new Promise((resolve, reject) => {
    let head: Record<string, string | undefined> = {};
    const chunks: Buffer[] = [];
    stream.on("response", (headers) => {
      head = headers as unknown as Record<string, string | undefined>;
    });
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("error", reject);
    stream.on("close", () => {
      if (stream.rstCode !== 0) return reject(new Error(`reset with code ${stream.rstCode}`));
      const body = Buffer.concat(chunks);
      resolve({
        status: Number(head[":status"]),
        headers: head,
        body,
        json: <T>() => JSON.parse(body.toString()) as T,
      });
    });
  });
}

function openStream(stream: ClientHttp2Stream): Promise<OpenStream> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    let rest = "";
    let ended = false;
    let wake = (): void => undefined;
    stream.on("data", (chunk: Buffer) => {
      const parts = (rest + chunk.toString()).split("\n");
      rest = parts.pop() ?? "";
      lines.push(...parts.filter((part) => part !== ""));
      wake();
    });
    stream.on("close", () => {
      ended = true;
      wake();
    });
    stream.on("error", reject);
    const line = async (): Promise<string | undefined> => {
      while (lines.length === 0 && !ended) await new Promise<void>((next) => (wake = next));
      return lines.shift();
    };
    stream.on("response", (headers) => {
      const head = headers as unknown as Record<string, string | undefined>;
      resolve({
        status: Number(head[":status"]),
        headers: head,
        stream,
        line,
        event: async () => JSON.parse((await line()) ?? "null") as WatchLine,
      });
    });
  });
}
