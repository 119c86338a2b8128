import { createHash } from "node:crypto";
import type { HeldObjects, InformerKind } from "../../support/informer-peer.ts";
import type { Connection } from "../harness/exchange.ts";

/** What the server has in a namespace, in the form in which informers tell what they hold. */
export async function listedObjects(
  connection: Connection,
  namespace: string,
  kind: InformerKind,
): Promise<HeldObjects> {
  const { status, body } = await connection.send({ method: "GET", path: `/api/v1/namespaces/${namespace}/${kind}` });
  if (status !== 200) throw new Error(`the list of ${kind}: ${status} ${body.toString("utf8")}`);
  const { items } = JSON.parse(body.toString("utf8")) as { readonly items: readonly ListedObject[] };
  return Object.fromEntries(
    items.map((object) => {
      const { name, resourceVersion } = object.metadata;
      return [`${namespace}/${name}`, { resourceVersion, hash: hashOf(object) }];
    }),
  );
}

interface ListedObject {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
}

/** As bench/peers/client-go/informer/dump.go does it. Items of a list have neither kind nor apiVersion. */
function hashOf(object: ListedObject): string {
  return createHash("sha256").update(JSON.stringify(object, sorted)).digest("hex");
}

function sorted(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
