import { type Clock, systemClock } from "@hollowfleet/core";
import type { Kind } from "@hollowfleet/wire";
import type {
  ApiClient,
  CallOptions,
  ClientSettings,
  DeleteCallOptions,
  GetOptions,
  ListOptions,
  ObjectName,
  PatchOptions,
  PatchType,
  Received,
  ReceivedList,
  Watch,
  WatchOptions,
  WatchSink,
  WriteOptions,
} from "./api-client.ts";
import type { CallObserver } from "./call.ts";
import { type ClientContext, type HeaderList, HeaderLists, type HeaderSource } from "./client-context.ts";
import { ClientError } from "./client-error.ts";
import { LogicalCall } from "./logical-call.ts";
import { readList, readObject } from "./received.ts";
import * as requests from "./request.ts";
import type { Resource } from "./resource.ts";
import type { ResponseHead, Transport } from "./transport.ts";
import { openWatch } from "./watch.ts";

export interface ApiClientOptions {
  readonly transport: Transport;
  /** Who we are, where the connection's certificate does not say it; default: nothing. */
  readonly headers?: HeaderSource;
  /** Told the identity headers of every request that was answered 401, so that their source can fetch new ones. */
  readonly onUnauthorized?: (used: HeaderList) => void;
  readonly settings?: ClientSettings;
  /** Default: the machine's. */
  readonly clock?: Clock;
  readonly observer?: CallObserver;
}

export function createApiClient(options: ApiClientOptions): ApiClient {
  const settings = options.settings ?? {};
  return new HttpApiClient({
    transport: options.transport,
    clock: options.clock ?? systemClock,
    settings,
    observer: options.observer,
    identity: options.headers,
    headers: new HeaderLists(settings.userAgent),
    onUnauthorized: options.onUnauthorized,
  });
}

class HttpApiClient implements ApiClient {
  readonly #context: ClientContext;

  constructor(context: ClientContext) {
    this.#context = context;
  }

  get<T>(resource: Resource<T>, name: ObjectName, options: GetOptions = {}): Promise<Received<T>> {
    const request = requests.getRequest(resource, name, options, this.#timeout(options));
    return this.#call(request, options, (body, head) => readObject(resource.kind, body, head.contentType));
  }

  list<T>(resource: Resource<T>, options: ListOptions = {}): Promise<ReceivedList<T>> {
    const request = requests.listRequest(resource, options, this.#timeout(options));
    return this.#call(request, options, (body, head) => readList(resource.kind, body, head.contentType));
  }

  create<T>(resource: Resource<T>, object: T, options: WriteOptions = {}): Promise<Received<T>> {
    const timeout = this.#timeout(options);
    const request = requests.createRequest(resource, options, resource.kind, object, options, timeout);
    return this.#call(request, options, (body, head) => readObject(resource.kind, body, head.contentType));
  }

  createSubresource<B>(
    resource: Resource<unknown>,
    name: ObjectName,
    subresource: string,
    kind: Kind<B>,
    body: B,
    options: WriteOptions = {},
  ): Promise<Received<B>> {
    const where = { ...name, subresource };
    const request = requests.createRequest(resource, where, kind, body, options, this.#timeout(options));
    return this.#call(request, options, (answer, head) => readObject(kind, answer, head.contentType, request.body));
  }

  update<T>(
    resource: Resource<T>,
    name: ObjectName,
    object: T | Uint8Array,
    options: WriteOptions & { readonly subresource?: string } = {},
  ): Promise<Received<T>> {
    const request = requests.updateRequest(resource, name, object, options, this.#timeout(options));
    return this.#call(request, options, (body, head) => readObject(resource.kind, body, head.contentType));
  }

  patch<T>(
    resource: Resource<T>,
    name: ObjectName,
    type: PatchType,
    body: string,
    options: PatchOptions = {},
  ): Promise<Received<T>> {
    const request = requests.patchRequest(resource, name, type, body, options, this.#timeout(options));
    return this.#call(request, options, (answer, head) => readObject(resource.kind, answer, head.contentType));
  }

  delete(resource: Resource<unknown>, name: ObjectName, options: DeleteCallOptions = {}): Promise<void> {
    return this.#call(requests.deleteRequest(resource, name, options, this.#timeout(options)), options, nothing);
  }

  deleteCollection(resource: Resource<unknown>, options: DeleteCallOptions & ListOptions = {}): Promise<void> {
    const request = requests.deleteCollectionRequest(resource, options, this.#timeout(options));
    return this.#call(request, options, nothing);
  }

  watch<T>(resource: Resource<T>, options: WatchOptions, sink: WatchSink<T>): Watch {
    return openWatch(this.#context, resource, options, sink);
  }

  text(path: string, options: CallOptions = {}): Promise<string> {
    return this.#call(requests.textRequest(path), options, (body) => new TextDecoder().decode(body));
  }

  derive(settings: ClientSettings): ApiClient {
    const merged = { ...this.#context.settings, ...settings };
    const sameAgent = merged.userAgent === this.#context.settings.userAgent;
    const headers = sameAgent ? this.#context.headers : new HeaderLists(merged.userAgent);
    return new HttpApiClient({ ...this.#context, settings: merged, headers });
  }

  #timeout(options: CallOptions): string | undefined {
    return options.timeoutQuery ?? this.#context.settings.timeoutQuery;
  }

  #call<R>(
    request: requests.ApiRequest,
    options: CallOptions,
    read: (body: Uint8Array, head: ResponseHead) => R,
  ): Promise<R> {
    return new Promise((resolve, reject) => {
      const callOptions = { ...options, limited: true };
      new LogicalCall(this.#context, request, callOptions, {
        onBody(body, head) {
          try {
            resolve(read(body, head));
          } catch (error) {
            reject(ClientError.from(error));
          }
        },
        onError: reject,
      }).begin();
    });
  }
}

function nothing(): void {}
