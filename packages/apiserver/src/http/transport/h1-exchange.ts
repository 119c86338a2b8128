import type { IncomingMessage, ServerResponse } from "node:http";
import type { BodyStream, Exchange, Peer, ResponseHeaders } from "./exchange.ts";
import { collectBody } from "./request-body.ts";

/** A request of HTTP/1.1: kubectl without HTTP/2, curl, health checks. */
export class H1Exchange implements Exchange {
  readonly httpVersion = 1;
  readonly peer: Peer;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  #silent = false;

  constructor(request: IncomingMessage, response: ServerResponse, peer: Peer) {
    this.peer = peer;
    this.#request = request;
    this.#response = response;
    request.on("error", ignore);
    response.on("error", ignore);
  }

  get method(): string {
    return this.#request.method ?? "";
  }

  get target(): string {
    return this.#request.url ?? "";
  }

  get rawHeaders(): readonly string[] {
    return this.#request.rawHeaders;
  }

  get open(): boolean {
    return !this.#silent && !this.#response.closed && !this.#response.destroyed;
  }

  header(name: string): string | undefined {
    const value = this.#request.headers[name];
    return Array.isArray(value) ? value.join(", ") : value;
  }

  readBody(maxBytes: number): Promise<Uint8Array> {
    return collectBody({ stream: this.#request, length: this.header("content-length") }, maxBytes);
  }

  respond(status: number, headers: ResponseHeaders, body: Uint8Array | undefined): void {
    if (!this.open || this.#response.headersSent) return;
    this.#response.writeHead(status, { ...toNode(headers), "content-length": body?.length ?? 0 });
    this.#response.end(this.method === "HEAD" ? undefined : body);
    this.#request.resume();
  }

  stream(status: number, headers: ResponseHeaders): BodyStream {
    if (this.open && !this.#response.headersSent) {
      this.#response.writeHead(status, toNode(headers));
      this.#response.flushHeaders();
    }
    return new H1BodyStream(this.#response, () => this.#silent);
  }

  reset(): void {
    this.#request.destroy();
  }

  leave(): void {
    if (!this.#response.headersSent) this.#response.shouldKeepAlive = false;
  }

  silence(): void {
    this.#silent = true;
  }

  onOver(listener: () => void): void {
    if (this.#response.closed) listener();
    else this.#response.once("close", listener);
  }
}

class H1BodyStream implements BodyStream {
  readonly #response: ServerResponse;
  readonly #silent: () => boolean;
  #corked = false;

  constructor(response: ServerResponse, silent: () => boolean) {
    this.#response = response;
    this.#silent = silent;
  }

  get bufferedBytes(): number {
    return this.#response.writableLength;
  }

  write(chunk: Uint8Array): void {
    if (this.#response.destroyed || this.#response.writableEnded || this.#silent()) return;
    if (!this.#corked) {
      this.#corked = true;
      this.#response.cork();
      setImmediate(() => {
        this.#corked = false;
        this.#response.uncork();
      });
    }
    this.#response.write(chunk);
  }

  end(): void {
    if (!this.#silent()) this.#response.end();
  }
}

function toNode(headers: ResponseHeaders): Record<string, string | string[]> {
  const out: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) out[name] = typeof value === "string" ? value : [...value];
  return out;
}

function ignore(): void {}
