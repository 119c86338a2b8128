import { errorText, type Timer } from "@hollowfleet/core";
import type { CallRecord } from "./call.ts";
import type { ClientContext, HeaderList } from "./client-context.ts";
import { ClientError } from "./client-error.ts";
import type { ApiRequest } from "./request.ts";
import { isUnsent, retryWaitMs } from "./retry-plan.ts";
import { responseError } from "./status-error.ts";
import type { Exchange, ResponseHead, ResponseSink } from "./transport.ts";

/** Hears the end of a logical call. Exactly one of `onBody`, `onError` and, for a stream, `onOpen` is the first it hears. */
export interface CallSink {
  onBody(body: Uint8Array, head: ResponseHead): void;
  onError(error: ClientError): void;
  /** Given, an accepted answer is a stream: the call is told to the observer now, and its bytes go here. */
  readonly stream?: {
    onOpen(head: ResponseHead): void;
    onChunk(chunk: Uint8Array): void;
    onEnd(): void;
  };
}

export interface LogicalCallOptions {
  readonly dueUs?: number;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal;
  readonly onRecord?: (record: CallRecord) => void;
  /** client-go throttles everything but watches. */
  readonly limited: boolean;
}

const empty: Uint8Array = new Uint8Array(0);

/**
 * One call with all its attempts, from the caller's wish to the final outcome.
 *
 * | phase     | next                                                                        |
 * |-----------|-----------------------------------------------------------------------------|
 * | limiter   | identity, when the bucket has a token                                       |
 * | identity  | attempt, when the headers are there                                         |
 * | attempt   | over with the answer; waiting, if it may be sent again; streaming           |
 * | waiting   | limiter, after Retry-After or a backoff                                     |
 * | streaming | over, at the end of the stream                                              |
 * | over      | from each of these also by deadline (but streaming), abort and cancel       |
 */
export class LogicalCall implements ResponseSink, Exchange {
  readonly #context: ClientContext;
  readonly #request: ApiRequest;
  readonly #options: LogicalCallOptions;
  readonly #sink: CallSink;
  readonly #dueUs: number;
  #phase: "limiter" | "identity" | "attempt" | "waiting" | "streaming" | "over" = "limiter";
  #exchange: Exchange | undefined;
  #identity: HeaderList | undefined;
  #wait: Timer | undefined;
  #deadline: Timer | undefined;
  #onAbort: (() => void) | undefined;
  #head: ResponseHead | undefined;
  #chunks: Uint8Array[] = [];
  #requestWritten = false;
  #startedUs = 0;
  #carriedUs = 0;
  #writtenUs: number | undefined;
  #firstByteUs = 0;
  #responseBytes = 0;
  #attempts = 0;
  #unsent = 0;
  #rejected = 0;

  constructor(context: ClientContext, request: ApiRequest, options: LogicalCallOptions, sink: CallSink) {
    this.#context = context;
    this.#request = request;
    this.#options = options;
    this.#sink = sink;
    this.#dueUs = options.dueUs ?? context.clock.nowUs();
  }

  /** Never calls the sink in the same turn. */
  begin(): this {
    const { signal } = this.#options;
    if (signal !== undefined) {
      this.#onAbort = () => this.#giveUp("aborted", "the call was aborted");
      if (signal.aborted) queueMicrotask(this.#onAbort);
      else signal.addEventListener("abort", this.#onAbort, { once: true });
      if (signal.aborted) return this;
    }
    this.#enterLimiter();
    return this;
  }

  /** The sink hears nothing more, and neither does the observer. */
  cancel(): void {
    this.#phase = "over";
    this.#release();
    this.#exchange?.cancel();
  }

  onCarried(): void {
    if (this.#writtenUs === undefined) this.#carriedUs = this.#context.clock.nowUs();
  }

  onWritten(): void {
    this.#requestWritten = true;
    this.#writtenUs ??= this.#context.clock.nowUs();
  }

  onHead(head: ResponseHead): void {
    this.#head = head;
    this.#firstByteUs = this.#context.clock.nowUs();
    const { stream } = this.#sink;
    if (stream === undefined || head.status >= 300) return;
    this.#phase = "streaming";
    this.#release();
    this.#tell(String(head.status), this.#firstByteUs);
    stream.onOpen(head);
  }

  onData(chunk: Uint8Array): void {
    this.#responseBytes += chunk.byteLength;
    if (this.#phase === "streaming") this.#sink.stream?.onChunk(chunk);
    else this.#chunks.push(chunk);
  }

  onEnd(): void {
    const head = this.#head;
    if (this.#phase === "streaming") {
      this.#phase = "over";
      this.#sink.stream?.onEnd();
      return;
    }
    if (head === undefined) return;
    if (head.status < 300) {
      this.#finish(String(head.status));
      this.#sink.onBody(joined(this.#chunks), head);
      return;
    }
    if (head.status === 429) this.#rejected++;
    if (head.status === 401 && this.#identity !== undefined) this.#context.onUnauthorized?.(this.#identity);
    const { status, retryAfterMs } = head;
    if (
      this.#retry(
        retryWaitMs({ t: "answer", status, retryAfterMs }, this.#request.method, this.#counts(), this.#maxRetries()),
      )
    )
      return;
    this.#finish(String(status));
    this.#sink.onError(responseError(status, joined(this.#chunks), retryAfterMs));
  }

  onError(error: ClientError): void {
    if (this.#phase === "streaming") {
      this.#phase = "over";
      this.#sink.onError(error);
      return;
    }
    if (isUnsent(error)) this.#unsent++;
    const waitMs = retryWaitMs({ t: "error", error }, this.#request.method, this.#counts(), this.#maxRetries());
    if (!this.#retry(waitMs)) this.#fail(error);
  }

  #enterLimiter(): void {
    this.#phase = "limiter";
    const waitMs = this.#options.limited ? (this.#context.settings.limiter?.reserveMs() ?? 0) : 0;
    if (waitMs > 0) this.#wait = this.#context.clock.setTimer(waitMs, () => this.#enterIdentity());
    else this.#enterIdentity();
  }

  #enterIdentity(): void {
    const { clock, identity } = this.#context;
    this.#phase = "identity";
    if (this.#attempts === 0) {
      this.#startedUs = clock.nowUs();
      this.#startDeadline();
    }
    try {
      const headers = typeof identity === "function" ? identity() : identity;
      if (headers instanceof Promise)
        headers.then(
          (list) => this.#attempt(list),
          (thrown) => this.#noIdentity(thrown),
        );
      else this.#attempt(headers);
    } catch (thrown) {
      // Not in the turn of `begin`.
      queueMicrotask(() => this.#noIdentity(thrown));
    }
  }

  /** Begins when our own limiter has let it go: a throttled client must not time out before it has asked (client-go/rest/request.go). */
  #startDeadline(): void {
    const { clock, settings } = this.#context;
    const timeoutMs = this.#options.timeoutMs ?? settings.timeoutMs;
    if (timeoutMs === undefined) return;
    this.#deadline = clock.setTimer(timeoutMs, () => this.#giveUp("deadline", `no answer within ${timeoutMs} ms`));
  }

  #attempt(identity: HeaderList | undefined): void {
    if (this.#phase !== "identity") return;
    this.#phase = "attempt";
    this.#identity = identity;
    this.#attempts++;
    this.#requestWritten = false;
    this.#head = undefined;
    this.#chunks = [];
    const { method, path, body, contentType, verb, resource } = this.#request;
    const shape = verb === "GET" && resource === "" ? "*" : contentType;
    const headers = this.#context.headers.of(shape, identity);
    this.#exchange = this.#context.transport.open(
      body === undefined ? { method, path, headers } : { method, path, headers, body },
      this,
    );
  }

  #noIdentity(thrown: unknown): void {
    if (this.#phase !== "identity") return;
    this.#fail(
      thrown instanceof ClientError
        ? thrown
        : new ClientError("config", `no credentials: ${errorText(thrown)}`, { outcome: "failed", cause: thrown }),
    );
  }

  #retry(waitMs: number | undefined): boolean {
    if (waitMs === undefined) return false;
    this.#phase = "waiting";
    this.#exchange = undefined;
    if (waitMs === 0) this.#enterLimiter();
    else this.#wait = this.#context.clock.setTimer(waitMs, () => this.#enterLimiter());
    return true;
  }

  #giveUp(code: "deadline" | "aborted", message: string): void {
    if (this.#phase === "over" || this.#phase === "streaming") return;
    const underWay = this.#phase === "attempt" && this.#requestWritten;
    this.#exchange?.cancel();
    this.#fail(new ClientError(code, message, { outcome: underWay ? "unknown" : "retryable" }));
  }

  #fail(error: ClientError): void {
    this.#finish(error.code);
    this.#sink.onError(error);
  }

  #finish(code: string): void {
    this.#phase = "over";
    this.#release();
    this.#tell(code, this.#context.clock.nowUs());
  }

  #tell(code: string, endUs: number): void {
    const { verb, resource, subresource, scope, body } = this.#request;
    const record: CallRecord = {
      verb,
      resource,
      subresource,
      scope,
      code,
      requestBytes: body?.byteLength ?? 0,
      responseBytes: this.#responseBytes,
      dueUs: this.#dueUs,
      startedUs: this.#startedUs,
      carriedUs: this.#carriedUs,
      writtenUs: this.#writtenUs ?? 0,
      firstByteUs: this.#head === undefined ? 0 : this.#firstByteUs,
      endUs,
      attempts: this.#attempts,
      rejected: this.#rejected,
    };
    this.#context.observer?.onCall(record);
    this.#options.onRecord?.(record);
  }

  #release(): void {
    this.#wait?.cancel();
    this.#deadline?.cancel();
    if (this.#onAbort !== undefined) this.#options.signal?.removeEventListener("abort", this.#onAbort);
  }

  #counts(): { answered: number; unsent: number } {
    return { answered: this.#attempts - this.#unsent, unsent: this.#unsent };
  }

  #maxRetries(): number {
    return this.#context.settings.maxRetries ?? 10;
  }
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1 && chunks[0] !== undefined) return chunks[0];
  return chunks.length === 0 ? empty : Buffer.concat(chunks);
}
