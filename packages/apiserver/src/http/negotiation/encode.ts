import { joinList, jsonToProtobuf, wrap } from "@hollowfleet/wire";
import type { StatusObject } from "../../api-error.ts";
import type { KubeList, KubeObject } from "../../object.ts";
import { groupVersion, type ResourceInfo } from "../../resources/resource-info.ts";
import type { TableMeta } from "../../tables/table.ts";
import type { EncodedCache } from "./encoded-cache.ts";
import type { Encoding } from "./negotiate.ts";

/** Anything with a kind that is written as it is: objects, tables, discovery documents. */
export interface Typed {
  readonly apiVersion: string;
  readonly kind: string;
}

const lineEnd = 0x0a;

/** Encodes objects and lists; remembers what it made of stored objects. */
export class Encoder {
  readonly #cache: EncodedCache;

  constructor(cache: EncodedCache) {
    this.#cache = cache;
  }

  /** The whole object, without a line end in JSON. */
  object(object: KubeObject, encoding: Encoding): Uint8Array {
    return this.#cache.encoded(object, encoding, () =>
      encoding === "json"
        ? withType(object, this.#jsonItem(object))
        : wrap(object.apiVersion, object.kind, this.#protobufItem(object)),
    );
  }

  /** @param resource of the list; its kind is that of the resource with "List" behind it */
  list(list: KubeList, resource: ResourceInfo, encoding: Encoding): Uint8Array {
    return encoding === "json" ? this.#jsonList(list, resource) : this.#protobufList(list, resource);
  }

  #jsonList(list: KubeList, resource: ResourceInfo): Uint8Array {
    const head = JSON.stringify({
      kind: `${resource.kind}List`,
      apiVersion: groupVersion(resource),
      metadata: listMeta(list),
    });
    const chunks: Uint8Array[] = [Buffer.from(`${head.slice(0, -1)},"items":[`)];
    let first = true;
    for (const item of list.items) {
      if (!first) chunks.push(comma);
      first = false;
      chunks.push(this.#jsonItem(item));
    }
    chunks.push(listEnd);
    return Buffer.concat(chunks);
  }

  #protobufList(list: KubeList, resource: ResourceInfo): Uint8Array {
    const items = list.items.map((item) => this.#protobufItem(item));
    return wrap(groupVersion(resource), `${resource.kind}List`, joinListOf(list, items));
  }

  /** As an item of a list, which in Go has no kind and apiVersion of its own. */
  #jsonItem(object: KubeObject): Uint8Array {
    return this.#cache.encoded(object, "json-item", () => {
      const { kind: _kind, apiVersion: _apiVersion, ...rest } = object;
      return Buffer.from(JSON.stringify(rest));
    });
  }

  #protobufItem(object: KubeObject): Uint8Array {
    return this.#cache.encoded(object, "protobuf-item", () => jsonToProtobuf(object));
  }
}

const comma = Buffer.from(",");
const listEnd = Buffer.from("]}");

/** The protobuf of a list with these encoded items. */
export function joinListOf(list: KubeList, items: Uint8Array[]): Uint8Array {
  const { resourceVersion, continue: next = "", remainingItemCount } = list;
  return joinList({ resourceVersion, continue: next, remainingItemCount, items });
}

export function listMeta(list: KubeList): TableMeta {
  return {
    resourceVersion: list.resourceVersion,
    ...(list.continue !== undefined && list.continue !== "" && { continue: list.continue }),
    ...(list.remainingItemCount !== undefined && { remainingItemCount: list.remainingItemCount }),
  };
}

/** Kind and apiVersion in front of the JSON of an object that has at least metadata. */
function withType({ kind, apiVersion }: Typed, item: Uint8Array): Uint8Array {
  const head = `{"kind":${JSON.stringify(kind)},"apiVersion":${JSON.stringify(apiVersion)},`;
  return Buffer.concat([Buffer.from(head), item.subarray(1)]);
}

/** What is not stored, and so not remembered. */
export function encodeTyped(object: Typed | StatusObject, encoding: Encoding): Uint8Array {
  if (encoding === "json") return Buffer.from(JSON.stringify(object));
  return wrap(object.apiVersion, object.kind, jsonToProtobuf(object));
}

/** The body of an answer: JSON ends with a line end, as that of Go's encoder. */
export function finishBody(bytes: Uint8Array, encoding: Encoding, pretty: boolean): Uint8Array {
  if (encoding === "protobuf") return bytes;
  if (pretty) return Buffer.from(JSON.stringify(JSON.parse(Buffer.from(bytes).toString()), undefined, 2));
  const body = Buffer.allocUnsafe(bytes.length + 1);
  body.set(bytes, 0);
  body[bytes.length] = lineEnd;
  return body;
}
