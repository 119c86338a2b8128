import { closeSync, openSync, readSync } from "node:fs";

/** One request as the API server's audit log tells it, as far as tests look at it. */
export interface AuditEntry {
  readonly verb: string;
  readonly stage: string;
  readonly requestURI: string;
  readonly requestReceivedTimestamp: string;
  readonly sourceIPs?: readonly string[];
  readonly userAgent?: string;
  readonly user: { readonly username: string };
  readonly objectRef?: {
    readonly resource: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly subresource?: string;
  };
  readonly responseStatus?: { readonly code: number };
  /** The body as it came, for a PATCH the patch; only of what nodes write. */
  readonly requestObject?: unknown;
}

const chunkBytes = 1 << 20;

/** Reads an audit log while it is written; each look parses only what is new. */
export class AuditLog {
  readonly #path: string;
  readonly #entries: AuditEntry[] = [];
  #offset = 0;
  #rest: Buffer = Buffer.alloc(0);

  constructor(path: string) {
    this.#path = path;
  }

  /** Every request in the order of arrival; a watch counts when it opens, or when it is refused. */
  entries(): readonly AuditEntry[] {
    const file = openSync(this.#path, "r");
    try {
      const chunk = Buffer.alloc(chunkBytes);
      for (;;) {
        const read = readSync(file, chunk, 0, chunkBytes, this.#offset);
        if (read === 0) break;
        this.#offset += read;
        this.#take(Buffer.concat([this.#rest, chunk.subarray(0, read)]));
      }
    } finally {
      closeSync(file);
    }
    return this.#entries.sort((a, b) => (a.requestReceivedTimestamp < b.requestReceivedTimestamp ? -1 : 1));
  }

  /** What the node's own user asked. */
  of(node: string, sinceMs = 0): AuditEntry[] {
    const username = `system:node:${node}`;
    return this.entries().filter(
      (entry) => entry.user.username === username && Date.parse(entry.requestReceivedTimestamp) >= sinceMs,
    );
  }

  #take(bytes: Buffer): void {
    const end = bytes.lastIndexOf(10);
    for (const line of bytes
      .subarray(0, end + 1)
      .toString("utf8")
      .split("\n")) {
      if (line === "") continue;
      const entry = JSON.parse(line) as AuditEntry;
      if (entry.user === undefined || !isRequest(entry)) continue;
      this.#entries.push(entry);
    }
    this.#rest = Buffer.from(bytes.subarray(end + 1));
  }
}

function isRequest({ verb, stage, responseStatus }: AuditEntry): boolean {
  return verb !== "watch" || stage === "ResponseStarted" || (responseStatus?.code ?? 0) >= 400;
}

/** "patch pods/status", with " !404" where it was refused. */
export function requestName({ verb, objectRef, responseStatus }: AuditEntry): string {
  const resource = [objectRef?.resource, objectRef?.subresource].filter(Boolean).join("/");
  const code = responseStatus?.code ?? 0;
  return `${verb} ${resource}${code < 300 ? "" : ` !${code}`}`;
}

/** How often each request was made. */
export function countRequests(entries: readonly AuditEntry[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const entry of entries) {
    const name = requestName(entry);
    found[name] = (found[name] ?? 0) + 1;
  }
  return found;
}

/**
 * The Node authorizer's graph follows a watch of its own, so that a pod which was just bound may be unknown to it: a 403
 * that real kubelets get, too (kubelet-audit §3).
 */
export function isAuthorizerBehind({ verb, objectRef, responseStatus }: AuditEntry): boolean {
  if (responseStatus?.code !== 403) return false;
  if (objectRef?.resource === "pods") return verb === "get";
  return verb === "watch" && (objectRef?.resource === "configmaps" || objectRef?.resource === "secrets");
}

/** What no kubelet is answered; that something is not there yet, or there already, is part of its life. */
export function refusals(entries: readonly AuditEntry[]): AuditEntry[] {
  return entries.filter((entry) => {
    const code = entry.responseStatus?.code ?? 0;
    return code >= 400 && code !== 404 && code !== 409 && !isAuthorizerBehind(entry);
  });
}

interface TokenRequestBody {
  readonly spec?: { readonly boundObjectRef?: { readonly name?: string } };
}

interface EventBody {
  readonly reason?: string;
}

/** What a node asked for one pod: the pod itself, its token, and its events with their reasons. */
export function podRequests(entries: readonly AuditEntry[], namespace: string, pod: string): AuditEntry[] {
  return entries.filter(({ objectRef, requestObject }) => {
    if (objectRef?.namespace !== namespace) return false;
    if (objectRef.resource === "pods") return objectRef.name === pod;
    if (objectRef.resource === "events") return objectRef.name?.startsWith(`${pod}.`) === true;
    return (requestObject as TokenRequestBody | undefined)?.spec?.boundObjectRef?.name === pod;
  });
}

/** Reasons of the events that were created, in order. */
export function eventReasons(entries: readonly AuditEntry[]): string[] {
  return entries
    .filter(({ verb, objectRef }) => verb === "create" && objectRef?.resource === "events")
    .map(({ requestObject }) => (requestObject as EventBody).reason ?? "");
}

/** Bodies of the status patches of pods, in order. */
export function statusPatches(entries: readonly AuditEntry[]): unknown[] {
  return entries
    .filter(({ verb, objectRef }) => verb === "patch" && objectRef?.resource === "pods")
    .map(({ requestObject }) => requestObject);
}
