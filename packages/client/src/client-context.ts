import type { Clock } from "@hollowfleet/core";
import type { ClientSettings } from "./api-client.ts";
import type { CallObserver } from "./call.ts";
import type { Transport, TransportRequest } from "./transport.ts";

export type HeaderList = TransportRequest["headers"];

/**
 * Headers that say who we are: a token, impersonation. Asked for before each attempt, so that it may change; it should
 * return the same array until it does, since the header lists of requests are kept by it.
 */
export type HeaderSource = HeaderList | (() => HeaderList | Promise<HeaderList>);

/** What all calls of one client share. */
export interface ClientContext {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly settings: ClientSettings;
  readonly observer: CallObserver | undefined;
  readonly identity: HeaderSource | undefined;
  readonly headers: HeaderLists;
  readonly onUnauthorized: ((used: HeaderList) => void) | undefined;
}

const none: HeaderList = [];
const accept = ["accept", "application/vnd.kubernetes.protobuf,application/json"] as const;
const acceptAny = ["accept", "*/*"] as const;

/** The header lists of one client: one per content type, made anew only when the identity changes. */
export class HeaderLists {
  readonly #userAgent: readonly [string, string];
  #identity: HeaderList = none;
  #lists = new Map<string | undefined, HeaderList>();

  constructor(userAgent: string | undefined) {
    this.#userAgent = ["user-agent", userAgent ?? "hollowfleet"];
  }

  /** @param contentType of the body; undefined without one, "*" for a path that is no resource */
  of(contentType: string | undefined, identity: HeaderList = none): HeaderList {
    if (identity !== this.#identity) {
      this.#identity = identity;
      this.#lists.clear();
    }
    let list = this.#lists.get(contentType);
    if (list === undefined) {
      const any = contentType === "*";
      list = [
        any ? acceptAny : accept,
        this.#userAgent,
        ...(contentType === undefined || any ? [] : [contentTypeHeader(contentType)]),
        ...identity,
      ];
      this.#lists.set(contentType, list);
    }
    return list;
  }
}

const contentTypeHeaders = new Map<string, readonly [string, string]>();

/** One pair per content type, however many clients there are. */
function contentTypeHeader(contentType: string): readonly [string, string] {
  let header = contentTypeHeaders.get(contentType);
  if (header === undefined) {
    header = ["content-type", contentType];
    contentTypeHeaders.set(contentType, header);
  }
  return header;
}
