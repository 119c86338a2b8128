import type { StatusObject } from "../api-error.ts";
import type { KubeList, KubeObject } from "../object.ts";
import type { PatchType } from "../patch/patch.ts";
import type { RequestInfo } from "../request-info.ts";

/** Query of GET on one object. */
export interface GetOptions {
  readonly resourceVersion?: string;
}

/** Query of list, watch and deletecollection (metav1.ListOptions). Texts are as in the query, not yet checked. */
export interface ListOptions {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: string;
  readonly limit?: number;
  readonly continue?: string;
  readonly timeoutSeconds?: number;
  readonly allowWatchBookmarks?: boolean;
  readonly sendInitialEvents?: boolean;
}

/** Query of create, update and patch. */
export interface WriteOptions {
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
  /** Of patches; other bodies are validated where they are decoded. Default "Warn", as the real server. */
  readonly fieldValidation?: "Ignore" | "Warn" | "Strict";
}

/** metav1.DeleteOptions, from body and query. */
export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly propagationPolicy?: "Orphan" | "Background" | "Foreground";
  /** The older way to say Orphan. */
  readonly orphanDependents?: boolean;
  readonly dryRun?: boolean;
}

/** How a write ended. */
export interface WriteResult {
  readonly object: KubeObject | StatusObject;
  readonly httpCode: 200 | 201 | 202;
  /** Texts for Warning headers. */
  readonly warnings?: readonly string[];
}

/** One event of a watch, ready to be encoded; ERROR carries a Status and is the last. */
export type WatchEvent =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK"; readonly object: KubeObject }
  | { readonly type: "ERROR"; readonly object: StatusObject };

/**
 * Where a watch delivers. `event` takes what it is given and returns false when the receiver's buffer is full; the watch is
 * then ended as too slow, but for the events that it begins with (the present state, or the past since its
 * resourceVersion), which come all at once.
 */
export interface WatchSink {
  event(event: WatchEvent): boolean;
  /** The watch is over: its time is up, it was too slow, or an ERROR was sent. */
  end(): void;
}

export interface WatchHandle {
  stop(): void;
}

/**
 * What the server does with resources, free of HTTP. All synchronous: what returned is done. Every method throws ApiError
 * and has then changed nothing.
 */
export interface Api {
  get(info: RequestInfo, options: GetOptions): KubeObject;
  list(info: RequestInfo, options: ListOptions): KubeList;
  /** Subresources binding, eviction and token included. `body` is decoded, not yet defaulted. */
  create(info: RequestInfo, body: KubeObject, options: WriteOptions): WriteResult;
  update(info: RequestInfo, body: KubeObject, options: WriteOptions): WriteResult;
  patch(info: RequestInfo, type: PatchType, patch: Uint8Array, options: WriteOptions): WriteResult;
  delete(info: RequestInfo, options: DeleteOptions): WriteResult;
  deleteCollection(info: RequestInfo, list: ListOptions, options: DeleteOptions): KubeList;
  /**
   * Throws before the first event if the request is wrong. A resourceVersion that is gone or not there yet is answered with
   * an ERROR event on a stream of status 200, as the watch cache of the real server does.
   */
  watch(info: RequestInfo, options: ListOptions, sink: WatchSink): WatchHandle;
}
