import type { TokenBucket } from "@hollowfleet/core";
import type { Kind } from "@hollowfleet/wire";
import type { CallRecord } from "./call.ts";
import type { ClientError } from "./client-error.ts";
import type { Resource } from "./resource.ts";

/** Which object. `namespace` is left out for cluster-scoped resources. */
export interface ObjectName {
  readonly namespace?: string;
  readonly name: string;
}

export interface CallOptions {
  /** When the call should have started, `Clock.nowUs()`; default: now. Only told to the observer. */
  readonly dueUs?: number;
  /** Ends the whole call, retries included, with code "deadline"; default: the client's. */
  readonly timeoutMs?: number;
  /** Adds `?timeout=` as client-go does for clients with an HTTP timeout; default: none. */
  readonly timeoutQuery?: string;
  readonly signal?: AbortSignal;
  /** Told of this one call, after the client's observers: a kubelet reports when its lease renewals were written. */
  readonly onRecord?: (record: CallRecord) => void;
}

export interface GetOptions extends CallOptions {
  /** "" or absent: read from etcd; "0": whatever the watch cache has. */
  readonly resourceVersion?: string;
  readonly subresource?: string;
}

export interface ListOptions extends CallOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: "Exact" | "NotOlderThan";
  /** Page size; 0 or absent: one page. */
  readonly limit?: number;
  readonly continue?: string;
}

export interface WriteOptions extends CallOptions {
  readonly namespace?: string;
  readonly fieldManager?: string;
  readonly dryRun?: boolean;
}

/** "strategic", "merge" and "json" as RFC 7386/6902 and Kubernetes name them; "apply" is server-side apply. */
export type PatchType = "strategic" | "merge" | "json" | "apply";

export interface PatchOptions extends WriteOptions {
  readonly subresource?: string;
  /** Apply only: take fields over from other managers. */
  readonly force?: boolean;
}

export interface DeleteCallOptions extends CallOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: "Orphan" | "Background" | "Foreground";
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

/** An object as it came: its bytes are kept, so that writing it back loses no field that our protos do not know. */
export interface Received<T> {
  /** Protobuf of the object, without the envelope. */
  readonly raw: Uint8Array;
  /** Decoded on first use. */
  readonly object: T;
}

export interface ReceivedList<T> {
  readonly resourceVersion: string;
  /** Token of the next page; "" at the end. */
  readonly continue: string;
  readonly remainingItemCount: number | undefined;
  readonly items: readonly Received<T>[];
}

export interface WatchOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: "NotOlderThan";
  /** WatchList: the state first, as ADDED events, then a bookmark that says so. */
  readonly sendInitialEvents?: boolean;
  readonly allowBookmarks?: boolean;
  readonly timeoutSeconds?: number;
  /** Adds `?timeout=` as client-go's typed clients do. */
  readonly timeoutQuery?: string;
}

export type WatchEvent<T> =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly item: Received<T>; readonly atUs: number }
  /** `initialEventsEnd`: the state that WatchList sends first is complete. */
  | { readonly type: "BOOKMARK"; readonly resourceVersion: string; readonly initialEventsEnd: boolean };

export interface WatchSink<T> {
  /** The server accepted it. */
  onOpen(): void;
  onEvent(event: WatchEvent<T>): void;
  /** It is over: without an error the server closed it in good order. An ERROR event arrives here with its Status ("expired" for 410). */
  onClose(error: ClientError | undefined): void;
}

/** One open watch. */
export interface Watch {
  /** Ends it; the sink hears nothing more. */
  stop(): void;
}

/** What may differ between clients that share one transport. */
export interface ClientSettings {
  /** Sent with every request, e.g. `kubelet/v1.36.3 (linux/amd64) kubernetes/hollow`. */
  readonly userAgent?: string;
  /** Waited for before each request but watches, as client-go does; null: none. */
  readonly limiter?: TokenBucket | null;
  readonly timeoutMs?: number;
  readonly timeoutQuery?: string;
  /** How often a 429, or a 5xx with Retry-After, is tried again; default 10 (client-go/rest/request.go). */
  readonly maxRetries?: number;
}

/** Speaks to one API server under one identity. Every method rejects with ClientError and nothing else. */
export interface ApiClient {
  get<T>(resource: Resource<T>, name: ObjectName, options?: GetOptions): Promise<Received<T>>;
  /** One page. */
  list<T>(resource: Resource<T>, options?: ListOptions): Promise<ReceivedList<T>>;
  create<T>(resource: Resource<T>, object: T, options?: WriteOptions): Promise<Received<T>>;
  /** POST to a subresource that takes and returns a kind of its own: token, eviction, binding. */
  createSubresource<B>(
    resource: Resource<unknown>,
    name: ObjectName,
    subresource: string,
    kind: Kind<B>,
    body: B,
    options?: WriteOptions,
  ): Promise<Received<B>>;
  /** PUT. `object` may be the raw bytes of a received object with fields spliced in. */
  update<T>(
    resource: Resource<T>,
    name: ObjectName,
    object: T | Uint8Array,
    options?: WriteOptions & { readonly subresource?: string },
  ): Promise<Received<T>>;
  /** `body`: the patch as JSON text. */
  patch<T>(
    resource: Resource<T>,
    name: ObjectName,
    type: PatchType,
    body: string,
    options?: PatchOptions,
  ): Promise<Received<T>>;
  delete(resource: Resource<unknown>, name: ObjectName, options?: DeleteCallOptions): Promise<void>;
  deleteCollection(resource: Resource<unknown>, options?: DeleteCallOptions & ListOptions): Promise<void>;
  watch<T>(resource: Resource<T>, options: WatchOptions, sink: WatchSink<T>): Watch;
  /** A path that is no resource: /readyz, /version, /metrics. Resolves with the body's text. */
  text(path: string, options?: CallOptions): Promise<string>;
  /** The same identity, transport and observer; settings that are not given stay as they are. */
  derive(settings: ClientSettings): ApiClient;
}
