import type { Clock } from "@hollowfleet/core";
import type { KubeObject } from "../object.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import type { Store } from "../store/store.ts";

interface Entry {
  readonly resource: ResourceInfo;
  readonly namespace: string;
  readonly name: string;
  /** An object that was written since has a later one, and an entry of its own. */
  readonly resourceVersion: string;
  readonly dueMs: number;
}

/** Expired entries are cut off in one piece once there are this many, and more of them than waiting ones. */
const cutAt = 1024;

/** Removes Events some time after their last write, as leases of etcd do: a queue, since all live equally long. */
export class EventExpiry {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #ttlMs: number;
  readonly #entries: Entry[] = [];
  #head = 0;
  #isWaiting = false;

  constructor(store: Store, clock: Clock, ttlMs: number) {
    this.#store = store;
    this.#clock = clock;
    this.#ttlMs = ttlMs;
  }

  /** To be called with each Event that is stored. */
  note(resource: ResourceInfo, { metadata }: KubeObject): void {
    const { namespace = "", name = "", resourceVersion = "" } = metadata;
    this.#entries.push({ resource, namespace, name, resourceVersion, dueMs: this.#clock.nowMs() + this.#ttlMs });
    this.#wait();
  }

  #wait(): void {
    const next = this.#entries[this.#head];
    if (next === undefined || this.#isWaiting) return;
    this.#isWaiting = true;
    this.#clock.setTimer(Math.max(0, next.dueMs - this.#clock.nowMs()), () => {
      this.#isWaiting = false;
      this.#expire();
      this.#wait();
    });
  }

  #expire(): void {
    const nowMs = this.#clock.nowMs();
    for (
      let next = this.#entries[this.#head];
      next !== undefined && next.dueMs <= nowMs;
      next = this.#entries[this.#head]
    ) {
      this.#head++;
      const { resource, namespace, name, resourceVersion } = next;
      const object = this.#store.get(resource, namespace, name);
      if (object?.metadata.resourceVersion === resourceVersion) this.#store.delete(resource, namespace, name);
    }
    if (this.#head < cutAt || this.#head * 2 < this.#entries.length) return;
    this.#entries.splice(0, this.#head);
    this.#head = 0;
  }
}
