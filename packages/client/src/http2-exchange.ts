import type { ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";
import type { ClientError } from "./client-error.ts";
import { closedError, rst, type StreamEnd, streamError } from "./node-error.ts";
import { responseHead } from "./response-head.ts";
import type { Exchange, ResponseSink, TransportRequest } from "./transport.ts";

/** What an exchange needs of the connection that carries it. */
export interface StreamOwner {
  /** Frames of this stream arrived. */
  touch(): void;
  readonly goaway: StreamEnd["goaway"];
  /** The stream is gone; its slot is free. */
  onStreamGone(exchange: Http2Exchange): void;
}

/** Finds the exchange of a stream without a closure per listener. */
const exchangeOf = Symbol("exchange");
type OwnedStream = ClientHttp2Stream & { [exchangeOf]: Http2Exchange };

/**
 * One request and its response on `node:http2`.
 *
 * | state  | next                                                                    |
 * |--------|-------------------------------------------------------------------------|
 * | queued | open when a session takes it; done when cancelled or when it cannot go  |
 * | open   | done at the end of the response, at its failure, or when cancelled      |
 * | done   | the sink hears nothing more; the stream may still be closing            |
 */
export class Http2Exchange implements Exchange {
  readonly request: TransportRequest;
  readonly #sink: ResponseSink;
  #owner: StreamOwner | undefined;
  #stream: ClientHttp2Stream | undefined;
  #error: unknown;
  #written = false;
  #done = false;

  constructor(request: TransportRequest, sink: ResponseSink) {
    this.request = request;
    this.#sink = sink;
  }

  get done(): boolean {
    return this.#done;
  }

  /** A session took it. The body, if any, is handed over here. */
  begin(owner: StreamOwner, stream: ClientHttp2Stream): void {
    this.#owner = owner;
    this.#stream = stream;
    this.#sink.onCarried();
    (stream as OwnedStream)[exchangeOf] = this;
    stream.on("response", onResponse);
    stream.on("data", onData);
    stream.on("end", onEnd);
    stream.on("error", onError);
    stream.on("close", onClose);
    if (this.request.body === undefined) return;
    stream.on("finish", onFinish);
    stream.end(this.request.body);
  }

  /** The request is out. A session calls it for requests without a body, whose streams have no such event. */
  written(): void {
    if (this.#written || this.#done) return;
    this.#written = true;
    this.#sink.onWritten();
  }

  fail(error: ClientError): void {
    if (this.#done) return;
    this.#done = true;
    this.#sink.onError(error);
  }

  /** Its connection is closed by us. */
  close(): void {
    this.fail(closedError(this.#written));
  }

  cancel(): void {
    if (this.#done) return;
    this.#done = true;
    this.#stream?.close(rst.cancel);
  }

  onResponse(headers: IncomingHttpHeaders): void {
    this.#owner?.touch();
    // An answer may overtake the callback of our own last write.
    this.written();
    if (!this.#done) this.#sink.onHead(responseHead(headers));
  }

  onData(chunk: Uint8Array): void {
    this.#owner?.touch();
    if (!this.#done) this.#sink.onData(chunk);
  }

  onEnd(): void {
    // Node also ends the body of a stream that was reset; `onClose` tells those.
    if (this.#done || this.#error !== undefined || this.#stream?.rstCode !== rst.noError) return;
    this.#done = true;
    this.#sink.onEnd();
  }

  onStreamError(error: unknown): void {
    this.#error ??= error;
  }

  onClose(): void {
    const stream = this.#stream;
    const owner = this.#owner;
    if (!this.#done && stream !== undefined)
      this.fail(
        streamError({
          error: this.#error,
          rstCode: stream.rstCode ?? rst.noError,
          id: stream.id,
          written: this.#written,
          goaway: owner?.goaway,
        }),
      );
    this.#stream = undefined;
    this.#owner = undefined;
    owner?.onStreamGone(this);
  }
}

function onResponse(this: ClientHttp2Stream, headers: IncomingHttpHeaders): void {
  (this as OwnedStream)[exchangeOf].onResponse(headers);
}

function onData(this: ClientHttp2Stream, chunk: Uint8Array): void {
  (this as OwnedStream)[exchangeOf].onData(chunk);
}

function onEnd(this: ClientHttp2Stream): void {
  (this as OwnedStream)[exchangeOf].onEnd();
}

function onFinish(this: ClientHttp2Stream): void {
  (this as OwnedStream)[exchangeOf].written();
}

function onError(this: ClientHttp2Stream, error: unknown): void {
  (this as OwnedStream)[exchangeOf].onStreamError(error);
}

function onClose(this: ClientHttp2Stream): void {
  (this as OwnedStream)[exchangeOf].onClose();
}
