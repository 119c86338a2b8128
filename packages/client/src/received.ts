import { CodecError, type Kind, mediaTypes, splitList, unwrap } from "@hollowfleet/wire";
import type { Received, ReceivedList } from "./api-client.ts";
import { ClientError } from "./client-error.ts";

/** An object that is decoded when it is first looked at. */
class LazyReceived<T> implements Received<T> {
  readonly raw: Uint8Array;
  readonly #kind: Kind<T>;
  #object: T | undefined;

  constructor(kind: Kind<T>, raw: Uint8Array) {
    this.raw = raw;
    this.#kind = kind;
  }

  get object(): T {
    this.#object ??= guarded(() => this.#kind.decode(this.raw));
    return this.#object;
  }
}

function received<T>(kind: Kind<T>, raw: Uint8Array): Received<T> {
  return new LazyReceived(kind, raw);
}

/** An object whose bytes may be kept without keeping the network buffer that they lie in. */
export function receivedCopy<T>(kind: Kind<T>, raw: Uint8Array): Received<T> {
  return new LazyReceived(kind, raw.byteLength * 2 < raw.buffer.byteLength ? new Uint8Array(raw) : raw);
}

/** The object in a response body. `sent` stands in where the server only says that it was done: binding, eviction. */
export function readObject<T>(kind: Kind<T>, body: Uint8Array, contentType: string, sent?: Uint8Array): Received<T> {
  const envelope = openEnvelope(body, contentType);
  if (envelope.kind === kind.kind) return received(kind, envelope.raw);
  if (envelope.kind === "Status" && sent !== undefined) return received(kind, unwrap(sent).raw);
  throw new ClientError("codec", `expected a ${kind.kind}, got a ${envelope.kind}`, { outcome: "failed" });
}

export function readList<T>(kind: Kind<T>, body: Uint8Array, contentType: string): ReceivedList<T> {
  const envelope = openEnvelope(body, contentType);
  if (envelope.kind !== `${kind.kind}List`)
    throw new ClientError("codec", `expected a ${kind.kind}List, got a ${envelope.kind}`, { outcome: "failed" });
  const parts = guarded(() => splitList(envelope.raw));
  return {
    resourceVersion: parts.resourceVersion,
    continue: parts.continue,
    remainingItemCount: parts.remainingItemCount,
    items: parts.items.map((raw) => received(kind, raw)),
  };
}

function openEnvelope(body: Uint8Array, contentType: string): ReturnType<typeof unwrap> {
  if (!contentType.startsWith(mediaTypes.protobuf))
    throw new ClientError("codec", `expected protobuf, got "${contentType}"`, { outcome: "failed" });
  return guarded(() => unwrap(body));
}

/** Bytes that make no sense are told as a ClientError, like all else that a call can end with. */
export function guarded<R>(decode: () => R): R {
  try {
    return decode();
  } catch (thrown) {
    throw thrown instanceof CodecError ? ClientError.from(thrown) : thrown;
  }
}
