import {
  type Kind,
  mediaTypes,
  peekAnnotation,
  peekMeta,
  type WatchFrame,
  WatchFrameSplitter,
} from "@hollowfleet/wire";
import type { Watch, WatchOptions, WatchSink } from "./api-client.ts";
import type { ClientContext } from "./client-context.ts";
import { ClientError } from "./client-error.ts";
import { type CallSink, LogicalCall } from "./logical-call.ts";
import { guarded, receivedCopy } from "./received.ts";
import { watchRequest } from "./request.ts";
import type { Resource } from "./resource.ts";
import { statusEventError } from "./status-error.ts";
import type { ResponseHead } from "./transport.ts";

/** k8s.io/apimachinery/pkg/apis/meta/v1/types.go, InitialEventsAnnotationKey. */
const initialEventsEnd = "k8s.io/initial-events-end";

export function openWatch<T>(
  context: ClientContext,
  resource: Resource<T>,
  options: WatchOptions,
  sink: WatchSink<T>,
): Watch {
  const timeout = options.timeoutQuery ?? context.settings.timeoutQuery;
  const call = new OpenWatch(context, resource.kind, sink);
  call.begin(new LogicalCall(context, watchRequest(resource, options, timeout), { limited: false }, call));
  return call;
}

class OpenWatch<T> implements Watch, CallSink {
  readonly #context: ClientContext;
  readonly #kind: Kind<T>;
  readonly #sink: WatchSink<T>;
  readonly #splitter = new WatchFrameSplitter();
  readonly #onFrame = (frame: WatchFrame): void => this.#frame(frame);
  #call: LogicalCall | undefined;
  #over = false;

  constructor(context: ClientContext, kind: Kind<T>, sink: WatchSink<T>) {
    this.#context = context;
    this.#kind = kind;
    this.#sink = sink;
  }

  get stream(): this {
    return this;
  }

  begin(call: LogicalCall): void {
    this.#call = call.begin();
  }

  stop(): void {
    this.#over = true;
    this.#call?.cancel();
  }

  onBody(): void {}

  onOpen(head: ResponseHead): void {
    if (this.#over) return;
    if (head.contentType.startsWith(mediaTypes.protobuf)) this.#sink.onOpen();
    else
      this.#close(
        new ClientError("codec", `expected protobuf events, got "${head.contentType}"`, { outcome: "failed" }),
      );
  }

  onChunk(chunk: Uint8Array): void {
    if (this.#over) return;
    try {
      guarded(() => this.#splitter.push(chunk, this.#onFrame));
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      this.#close(error);
    }
  }

  onEnd(): void {
    this.#close(undefined);
  }

  onError(error: ClientError): void {
    this.#close(error);
  }

  #frame(frame: WatchFrame): void {
    if (this.#over) return;
    const { type, raw } = frame;
    if (type === "ERROR") this.#close(statusEventError(raw));
    else if (type === "BOOKMARK")
      this.#sink.onEvent({
        type,
        resourceVersion: peekMeta(raw).resourceVersion,
        initialEventsEnd: peekAnnotation(raw, initialEventsEnd) === "true",
      });
    else this.#sink.onEvent({ type, item: receivedCopy(this.#kind, raw), atUs: this.#context.clock.nowUs() });
  }

  #close(error: ClientError | undefined): void {
    if (this.#over) return;
    this.stop();
    this.#sink.onClose(error);
  }
}
