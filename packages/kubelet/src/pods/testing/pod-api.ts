import {
  type ApiClient,
  ClientError,
  type ObjectName,
  type Received,
  type Resource,
  type Watch,
  type WatchOptions,
} from "@hollowfleet/client";
import { type Clock, delay } from "@hollowfleet/core";
import { type Kind, kinds, type Pod, type PodSpec, timeFromMs } from "@hollowfleet/wire";
import { isoSeconds, type StatusJson } from "../status-json.ts";
import { applyStatusPatch, scheduledStatus } from "./merge.ts";
import { wireStatus } from "./wire-status.ts";

interface StoredPod {
  readonly pod: Pod;
  status: StatusJson;
}

/** Where the changes of stored pods go, as a watch would bring them. */
export interface PodSink {
  set(pod: Received<Pod>): void;
  remove(pod: Received<Pod>): void;
}

/** A pod as it travels: encoded and decoded again, so that nothing is shared with the store. */
function receive<T>(kind: Kind<T>, object: T): Received<T> {
  const raw = kind.encode(object);
  return {
    raw,
    get object() {
      return kind.decode(raw);
    },
  };
}

function refuse(code: "not-found" | "forbidden" | "conflict" | "invalid"): ClientError {
  return new ClientError(code, `refused: ${code}`, { outcome: "failed" });
}

/** A store of pods with the calls that a node makes of them: enough of an API server to run a pod manager alone. */
export class PodApi {
  readonly calls: string[] = [];
  readonly bodies: string[] = [];
  readonly watches: Map<string, WatchOptions> = new Map();
  readonly api: ApiClient;
  /** Every call takes this long. */
  latencyMs: number = 0;
  /** Decides on each call whether it is refused. */
  refusal: ((call: string) => "not-found" | "forbidden" | "conflict" | undefined) | undefined;
  sink: PodSink | undefined;
  readonly #pods = new Map<string, StoredPod>();
  readonly #clock: Clock;
  #version = 100;

  constructor(clock: Clock) {
    this.#clock = clock;
    const calls = {
      get: (_: Resource<Pod>, name: ObjectName) => this.#get(name),
      patch: (_: Resource<Pod>, name: ObjectName, _type: string, body: string) => this.#patch(name, body),
      delete: (_: Resource<Pod>, name: ObjectName, options: { preconditions?: { uid?: string } }) =>
        this.#delete(name, options.preconditions?.uid),
      createSubresource: (_: Resource<unknown>, _name: ObjectName, subresource: string) => this.#token(subresource),
      watch: (resource: Resource<unknown>, options: WatchOptions) => this.#watch(resource, options),
    };
    this.api = calls as unknown as ApiClient;
  }

  /** Binds a new pod to the node and tells the sink. */
  bind(name: string, spec: PodSpec, annotations: Record<string, string> = {}, namespace = "default"): string {
    const uid = `uid-${name}-${this.#version}`;
    const metadata = { name, namespace, uid, generation: 1, annotations };
    this.#pods.set(name, { pod: { metadata, spec }, status: scheduledStatus(isoSeconds(this.#clock.nowMs())) });
    this.#changed(name);
    return uid;
  }

  /** A user's graceful deletion; grace 0 removes at once. */
  requestDeletion(name: string, graceSeconds: number): void {
    const stored = this.#stored(name);
    const { phase } = stored.status;
    if (graceSeconds === 0 || phase === "Succeeded" || phase === "Failed") {
      this.#removed(name);
      return;
    }
    const metadata = stored.pod.metadata!;
    if (metadata.deletionTimestamp === undefined) metadata.generation = (metadata.generation ?? 0) + 1;
    metadata.deletionTimestamp = timeFromMs(this.#clock.nowMs() + graceSeconds * 1000);
    metadata.deletionGracePeriodSeconds = graceSeconds;
    this.#changed(name);
  }

  status(name: string): StatusJson {
    return this.#stored(name).status;
  }

  has(name: string): boolean {
    return this.#pods.has(name);
  }

  /** The pod as it is stored. */
  received(name: string): Received<Pod> {
    const { pod, status } = this.#stored(name);
    return receive(kinds.Pod, { ...pod, status: wireStatus(status) });
  }

  /** How often each call was made since the last time this was asked. */
  takeCounts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const call of this.calls.splice(0)) counts[call] = (counts[call] ?? 0) + 1;
    return counts;
  }

  #stored(name: string): StoredPod {
    const stored = this.#pods.get(name);
    if (stored === undefined) throw refuse("not-found");
    return stored;
  }

  async #call(call: string): Promise<void> {
    this.calls.push(call);
    if (this.latencyMs > 0) await delay(this.#clock, this.latencyMs);
    else await undefined;
    const refusal = this.refusal?.(call);
    if (refusal !== undefined) throw refuse(refusal);
  }

  async #get({ name }: ObjectName): Promise<Received<Pod>> {
    await this.#call("GET");
    return this.received(name);
  }

  async #patch({ name }: ObjectName, body: string): Promise<Received<Pod>> {
    await this.#call("PATCH");
    this.bodies.push(body);
    const stored = this.#stored(name);
    const { uid } = (JSON.parse(body) as { metadata: { uid: string } }).metadata;
    if (uid !== stored.pod.metadata?.uid) throw refuse("conflict");
    const before = stored.status.phase;
    stored.status = applyStatusPatch(stored.status, body);
    if ((before === "Succeeded" || before === "Failed") && stored.status.phase !== before) throw refuse("invalid");
    this.#changed(name);
    return this.received(name);
  }

  async #delete({ name }: ObjectName, uid: string | undefined): Promise<void> {
    await this.#call("DELETE");
    if (uid !== this.#stored(name).pod.metadata?.uid) throw refuse("conflict");
    this.#removed(name);
  }

  async #token(subresource: string): Promise<Received<unknown>> {
    await this.#call(subresource);
    const expirationTimestamp = timeFromMs(this.#clock.nowMs() + 3_607_000);
    return receive(kinds.TokenRequest, { status: { token: "t", expirationTimestamp } });
  }

  #watch(resource: Resource<unknown>, options: WatchOptions): Watch {
    const key = `${resource.plural}/${options.namespace}/${options.fieldSelector}`;
    this.calls.push("WATCH");
    this.watches.set(key, options);
    return { stop: () => void this.watches.delete(key) };
  }

  #changed(name: string): void {
    this.#stored(name).pod.metadata!.resourceVersion = String(++this.#version);
    this.sink?.set(this.received(name));
  }

  #removed(name: string): void {
    const last = this.received(name);
    this.#pods.delete(name);
    this.sink?.remove(last);
  }
}
