import type { Exchange, ResponseHead, ResponseSink, Transport, TransportRequest } from "@hollowfleet/client";
import { ClientError } from "@hollowfleet/client";
import type { Clock } from "@hollowfleet/core";
import { findKind, type Kind, kinds, type Node, type ObjectMeta, timeFromJson, unwrap, wrap } from "@hollowfleet/wire";
import { watchFrame } from "./watch-frame.ts";

/** A request as it came, e.g. { line: "PATCH nodes/status", atMs: 173 }. */
export interface SeenRequest {
  /** Verb and resource as the audit log names them, with the code when it was no success: "GET leases 404". */
  readonly line: string;
  readonly atMs: number;
  readonly path: string;
  readonly body: Uint8Array | undefined;
}

interface ApiObject {
  metadata?: ObjectMeta;
}

interface Stored {
  readonly kind: Kind<ApiObject>;
  object: ApiObject;
}

interface OpenWatch {
  readonly collection: string;
  readonly sink: ResponseSink;
}

type Answer = { readonly status: number; readonly body: Uint8Array };

/** What a test makes of a request: a status that refuses it, "lost" for a connection that fails, or nothing. */
export type Fault = (line: string) => number | "lost" | undefined;

const protobuf = "application/vnd.kubernetes.protobuf";

/**
 * An API server behind the Transport interface, as far as one kubelet needs it: it stores objects, counts resource
 * versions, refuses stale ones, and sends watches. Answers come in a microtask, so that a ManualClock governs all time.
 */
export class FakeApiServer implements Transport {
  readonly seen: SeenRequest[] = [];
  readonly #clock: Clock;
  readonly #startUs: number;
  readonly #objects = new Map<string, Stored>();
  readonly #watches = new Set<OpenWatch>();
  #version = 100;
  fault: Fault = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startUs = clock.nowUs();
  }

  /** The requests so far by line, counted, and forgotten. */
  takeCounts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { line } of this.seen.splice(0)) counts[line] = (counts[line] ?? 0) + 1;
    return counts;
  }

  object<T>(path: string): T | undefined {
    return this.#objects.get(path)?.object as T | undefined;
  }

  /** Takes over what another server holds. */
  adopt(other: FakeApiServer): void {
    for (const [path, stored] of other.#objects) this.#objects.set(path, stored);
    this.#version = other.#version;
  }

  /** Of the objects below a path. */
  paths(below: string): string[] {
    return [...this.#objects.keys()].filter((path) => path.startsWith(`${below}/`));
  }

  /** Puts an object there that somebody else made. */
  add<T extends ApiObject>(path: string, kind: Kind<T>, raw: Uint8Array): void {
    const stored = { kind: kind as Kind<ApiObject>, object: kind.decode(raw) };
    this.#objects.set(path, stored);
    this.#bump(path, stored, "ADDED");
  }

  remove(path: string): void {
    this.#objects.delete(path);
  }

  /** Changes an object as somebody else would: it gets a new resource version, and watches hear of it. */
  change<T extends ApiObject>(path: string, edit: (object: T) => void): void {
    const stored = this.#objects.get(path);
    if (stored === undefined) throw new Error(`there is no ${path}`);
    edit(stored.object as T);
    this.#bump(path, stored, "MODIFIED");
  }

  open(request: TransportRequest, sink: ResponseSink): Exchange {
    let live = true;
    const exchange = {
      cancel() {
        live = false;
      },
    };
    queueMicrotask(() => {
      if (live) this.#answer(request, sink);
    });
    return exchange;
  }

  stats(): ReturnType<Transport["stats"]> {
    return { openConnections: 1, openStreams: 0, connects: 1, goaways: 0, bytesRead: 0, bytesWritten: 0 };
  }

  close(): void {}

  #answer(request: TransportRequest, sink: ResponseSink): void {
    const url = new URL(request.path, "https://fake");
    const watch = url.searchParams.get("watch") === "true";
    const name = `${watch ? "WATCH" : request.method} ${resourceOf(url.pathname)}`;
    const fault = this.fault(name);
    const record = (line: string): void => {
      const atMs = (this.#clock.nowUs() - this.#startUs) / 1000;
      this.seen.push({ line, atMs, path: request.path, body: request.body });
    };
    if (fault === "lost") {
      record(`${name} lost`);
      sink.onError(new ClientError("connect-failed", "connection refused", { outcome: "retryable" }));
      return;
    }
    sink.onCarried();
    sink.onWritten();
    if (watch && fault === undefined) {
      record(name);
      this.#openWatch(url.pathname, sink);
      return;
    }
    const answer = fault === undefined ? this.#handle(request, url) : failure(fault);
    record(answer.status < 300 ? name : `${name} ${answer.status}`);
    sink.onHead(head(answer.status, protobuf));
    sink.onData(answer.body);
    sink.onEnd();
  }

  #handle(request: TransportRequest, { pathname }: URL): Answer {
    const path = pathname.replace(/\/status$/, "");
    const stored = this.#objects.get(path);
    switch (request.method) {
      case "GET":
        return stored === undefined ? failure(404) : success(200, stored);
      case "POST":
        return this.#create(pathname, request.body ?? new Uint8Array());
      case "PUT":
        return stored === undefined ? failure(404) : this.#put(path, stored, request.body ?? new Uint8Array());
      case "PATCH":
        if (stored === undefined) return failure(404);
        if (merge(stored.object, JSON.parse(Buffer.from(request.body ?? []).toString())))
          this.#bump(path, stored, "MODIFIED");
        return success(200, stored);
      case "DELETE":
        return { status: 200, body: wrap("v1", "Status", kinds.Status.encode({ status: "Success" })) };
    }
  }

  #create(collection: string, body: Uint8Array): Answer {
    const { apiVersion, kind: kindName, raw } = unwrap(body);
    const kind = findKind(apiVersion, kindName) as Kind<ApiObject>;
    const object = kind.decode(raw);
    const path = `${collection}/${object.metadata?.name}`;
    if (this.#objects.has(path)) return failure(409, "AlreadyExists");
    object.metadata = { ...object.metadata, uid: `uid-${object.metadata?.name}` };
    const stored = { kind, object };
    this.#objects.set(path, stored);
    this.#bump(path, stored, "ADDED");
    return success(201, stored);
  }

  #put(path: string, stored: Stored, body: Uint8Array): Answer {
    const object = stored.kind.decode(unwrap(body).raw);
    if (object.metadata?.resourceVersion !== stored.object.metadata?.resourceVersion) return failure(409, "Conflict");
    stored.object = object;
    this.#bump(path, stored, "MODIFIED");
    return success(200, stored);
  }

  #bump(path: string, stored: Stored, type: "ADDED" | "MODIFIED"): void {
    stored.object.metadata = { ...stored.object.metadata, resourceVersion: String(this.#version++) };
    for (const { collection, sink } of this.#watches)
      if (path.startsWith(`${collection}/`)) sink.onData(watchFrame(type, envelope(stored)));
  }

  #openWatch(collection: string, sink: ResponseSink): void {
    sink.onHead(head(200, `${protobuf};stream=watch`));
    for (const [path, stored] of this.#objects)
      if (path.startsWith(`${collection}/`)) sink.onData(watchFrame("ADDED", envelope(stored)));
    const metadata = {
      resourceVersion: String(this.#version),
      annotations: { "k8s.io/initial-events-end": "true" },
    };
    sink.onData(watchFrame("BOOKMARK", wrap("v1", "Node", kinds.Node.encode({ metadata }))));
    this.#watches.add({ collection, sink });
  }
}

/** "nodes/status" of /api/v1/nodes/n1/status. */
function resourceOf(pathname: string): string {
  const parts = pathname.split("/").slice(pathname.startsWith("/api/") ? 3 : 4);
  if (parts[0] === "namespaces" && parts.length > 2) parts.splice(0, 2);
  return parts.length > 2 ? `${parts[0]}/${parts[2]}` : String(parts[0]);
}

function head(status: number, contentType: string): ResponseHead {
  return { status, contentType, retryAfterMs: undefined, priorityLevelUid: undefined, flowSchemaUid: undefined };
}

function envelope({ kind, object }: Stored): Uint8Array {
  return wrap(kind.apiVersion, kind.kind, kind.encode(object));
}

function success(status: number, stored: Stored): Answer {
  return { status, body: envelope(stored) };
}

const reasons: Readonly<Record<number, string>> = { 403: "Forbidden", 404: "NotFound", 409: "Conflict" };

function failure(code: number, reason: string = reasons[code] ?? "InternalError"): Answer {
  return { status: code, body: wrap("v1", "Status", kinds.Status.encode({ status: "Failure", reason, code })) };
}

interface PatchBody {
  readonly status?: { readonly conditions?: readonly Readonly<Record<string, string>>[] };
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly count?: number;
}

/** As much of strategic merge as node status and events need. False when nothing was to change. */
function merge(object: ApiObject, patch: PatchBody): boolean {
  if (patch.count !== undefined) (object as { count?: number }).count = patch.count;
  Object.assign(object.metadata?.labels ?? {}, patch.metadata?.labels);
  const conditions = (object as Node).status?.conditions ?? [];
  for (const { type, lastHeartbeatTime, lastTransitionTime, ...texts } of patch.status?.conditions ?? []) {
    Object.assign(conditions.find((condition) => condition.type === type) ?? {}, {
      ...texts,
      ...(lastHeartbeatTime && { lastHeartbeatTime: timeFromJson(lastHeartbeatTime) }),
      ...(lastTransitionTime && { lastTransitionTime: timeFromJson(lastTransitionTime) }),
    });
  }
  return Object.keys(patch).length > 0;
}
