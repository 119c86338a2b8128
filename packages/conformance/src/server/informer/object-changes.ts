import type { Random } from "@hollowfleet/core";
import { mediaTypes } from "@hollowfleet/wire";
import type { InformerKind } from "../../support/informer-peer.ts";
import { encodeBody } from "../harness/body.ts";
import type { Connection, Exchange } from "../harness/exchange.ts";

/** How many events of each sort the server has made of the changes to one kind. */
type ChangeCounts = Record<"added" | "updated" | "deleted", number>;

/** Names of each kind. Objects of about 45 of them are there once as many come as go. */
const names = 120;

/** Makes random changes to the ConfigMaps and Pods of a namespace. */
export class ObjectChanges {
  readonly counts: Readonly<Record<InformerKind, ChangeCounts>> = {
    configmaps: { added: 0, updated: 0, deleted: 0 },
    pods: { added: 0, updated: 0, deleted: 0 },
  };
  readonly #connection: Connection;
  readonly #namespace: string;
  readonly #random: Random;
  readonly #alive: Record<InformerKind, string[]> = { configmaps: [], pods: [] };
  #made = 0;

  constructor(connection: Connection, namespace: string, random: Random) {
    this.#connection = connection;
    this.#namespace = namespace;
    this.#random = random;
  }

  /** How many there were so far. */
  get made(): number {
    return this.#made;
  }

  /** One after the other. */
  async make(count: number): Promise<void> {
    for (let i = 0; i < count; i++) await this.#send(this.#next());
  }

  #next(): Exchange {
    const number = ++this.#made;
    const kind = this.#random.int(2) === 0 ? "configmaps" : "pods";
    const alive = this.#alive[kind];
    if (alive.length === 0 || this.#random.int(names) >= alive.length * 2) return this.#create(kind, number);
    const index = this.#random.int(alive.length);
    const name = alive[index] ?? "";
    if (this.#random.int(3) > 0) return this.#update(kind, name, number);
    alive.splice(index, 1);
    this.counts[kind].deleted++;
    // A pod is first given its deletionTimestamp, even where its grace period is 0 (registry/core/pod/strategy.go).
    if (kind === "pods") this.counts[kind].updated++;
    return { method: "DELETE", path: this.#path(kind, name) };
  }

  #create(kind: InformerKind, number: number): Exchange {
    const alive = this.#alive[kind];
    // Names come back: whoever missed a deletion must not take the next object for the last one.
    const free = Array.from({ length: names }, (_, i) => `${kind}-${i}`).filter((name) => !alive.includes(name));
    const name = free[this.#random.int(free.length)] ?? `${kind}-${number}`;
    alive.push(name);
    this.counts[kind].added++;
    const object = kind === "configmaps" ? this.#configMap(name, number) : pod(name, number);
    return { method: "POST", path: this.#path(kind), body: encodeBody(object, "json") };
  }

  #update(kind: InformerKind, name: string, number: number): Exchange {
    this.counts[kind].updated++;
    if (kind === "configmaps") {
      const body = encodeBody(this.#configMap(name, number), "json");
      return { method: "PUT", path: this.#path(kind, name), body };
    }
    const isStatus = this.#random.int(2) === 0;
    const change = isStatus ? podStatus(number) : { metadata: { labels: { change: String(number) } } };
    const headers = { "content-type": mediaTypes.mergePatch };
    const path = `${this.#path(kind, name)}${isStatus ? "/status" : ""}`;
    return { method: "PATCH", path, headers, body: Buffer.from(JSON.stringify(change)) };
  }

  #configMap(name: string, number: number): object {
    const binaryData = { bytes: Buffer.from(this.#random.hex(32), "hex").toString("base64") };
    const data = { change: String(number), text: '<ünïcode> & "quotes"\n'.repeat(this.#random.int(50)) };
    return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data, binaryData };
  }

  #path(kind: InformerKind, name?: string): string {
    return `/api/v1/namespaces/${this.#namespace}/${kind}${name === undefined ? "" : `/${name}`}`;
  }

  async #send(exchange: Exchange): Promise<void> {
    const headers = { accept: mediaTypes.json, "content-type": mediaTypes.json, ...exchange.headers };
    const { status, body } = await this.#connection.send({ ...exchange, headers });
    if (status >= 300) throw new Error(`${exchange.method} ${exchange.path}: ${status} ${body.toString("utf8")}`);
  }
}

function pod(name: string, number: number): object {
  const requests = { cpu: "1500m", memory: "0.5Gi" };
  const container = { name: "main", image: "registry.example/app:1", resources: { requests } };
  const metadata = { name, labels: { change: String(number) } };
  return { apiVersion: "v1", kind: "Pod", metadata, spec: { containers: [container] } };
}

function podStatus(number: number): object {
  const time = "2026-01-02T03:04:05Z";
  const condition = { type: "Ready", status: "True", reason: `Change${number}`, lastTransitionTime: time };
  return { status: { phase: "Running", startTime: time, conditions: [condition] } };
}
