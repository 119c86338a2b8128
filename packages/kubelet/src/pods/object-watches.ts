import {
  type ApiClient,
  type ClientError,
  resources,
  type Watch,
  type WatchEvent,
  type WatchSink,
} from "@hollowfleet/client";
import { type Clock, jitter, type Random, type Timer } from "@hollowfleet/core";
import { peekMeta } from "@hollowfleet/wire";
import type { ObjectRef, PodPlan } from "./pod-plan.ts";

/** pkg/kubelet/util/manager/watch_based_manager.go: 30 to 60 minutes. */
const timeoutMinSeconds = 1800;
/** k8s.io/client-go/tools/cache/reflector.go: 0.8 s, doubled up to 30 s, with up to the same again as jitter. */
const retryMs = 800;
const retryCapMs = 30_000;

export interface ObjectWatchesOptions {
  readonly api: ApiClient;
  readonly clock: Clock;
  readonly random: Random;
  onError(where: string, error: ClientError): void;
}

/** The watches of ConfigMaps and Secrets of one node: one per object, shared by its pods, open while one of them is here. */
export class ObjectWatches {
  readonly #options: ObjectWatchesOptions;
  readonly #open = new Map<string, ObjectWatch>();

  constructor(options: ObjectWatchesOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#open.size;
  }

  add(plan: PodPlan): void {
    for (const ref of plan.objects) {
      const key = keyOf(plan.namespace, ref);
      let watch = this.#open.get(key);
      if (watch === undefined) {
        watch = new ObjectWatch(this.#options, plan.namespace, ref);
        this.#open.set(key, watch);
        watch.start();
      }
      watch.users++;
    }
  }

  remove(plan: PodPlan): void {
    for (const ref of plan.objects) {
      const key = keyOf(plan.namespace, ref);
      const watch = this.#open.get(key);
      if (watch === undefined || --watch.users > 0) continue;
      watch.stop();
      this.#open.delete(key);
    }
  }

  stop(): void {
    for (const watch of this.#open.values()) watch.stop();
    this.#open.clear();
  }
}

function keyOf(namespace: string, ref: ObjectRef): string {
  return `${ref.plural}/${namespace}/${ref.name}`;
}

/**
 * One watch, opened with the state first (WatchList), then again and again from the last version seen. Keeps nothing
 * of the object: a hollow container reads no file.
 */
class ObjectWatch implements WatchSink<unknown> {
  users = 0;
  readonly #options: ObjectWatchesOptions;
  readonly #namespace: string;
  readonly #ref: ObjectRef;
  #version = "";
  /** The next opening asks for the state first. */
  #fresh = true;
  #failures = 0;
  #watch: Watch | undefined;
  #retry: Timer | undefined;
  #stopped = false;

  constructor(options: ObjectWatchesOptions, namespace: string, ref: ObjectRef) {
    this.#options = options;
    this.#namespace = namespace;
    this.#ref = ref;
  }

  start(): void {
    const { api, random } = this.#options;
    const state = { sendInitialEvents: true, resourceVersionMatch: "NotOlderThan" } as const;
    const resource = this.#ref.plural === "secrets" ? resources.secrets : resources.configmaps;
    this.#watch = api.watch(
      resource,
      {
        namespace: this.#namespace,
        fieldSelector: `metadata.name=${this.#ref.name}`,
        allowBookmarks: true,
        timeoutSeconds: timeoutMinSeconds + random.int(timeoutMinSeconds),
        ...(this.#fresh ? state : {}),
        ...(this.#version === "" ? {} : { resourceVersion: this.#version }),
      },
      this,
    );
  }

  stop(): void {
    this.#stopped = true;
    this.#watch?.stop();
    this.#retry?.cancel();
  }

  onOpen(): void {}

  onEvent(event: WatchEvent<unknown>): void {
    this.#failures = 0;
    if (event.type === "BOOKMARK") {
      this.#version = event.resourceVersion;
      if (event.initialEventsEnd) this.#fresh = false;
    } else this.#version = peekMeta(event.item.raw).resourceVersion;
  }

  onClose(error: ClientError | undefined): void {
    if (this.#stopped) return;
    if (error === undefined && this.#failures === 0) {
      this.start();
      return;
    }
    if (error !== undefined) this.#options.onError(`watch ${this.#ref.plural}`, error);
    if (error?.code === "expired") this.#fresh = true;
    // A server without WatchList refuses its parameters; a plain watch without a version begins with the state, too.
    if (error?.code === "invalid" || error?.code === "bad-request") this.#fresh = false;
    const waitMs = Math.min(retryMs * 2 ** this.#failures++, retryCapMs);
    const { clock, random } = this.#options;
    this.#retry = clock.setTimer(jitter(random, waitMs, 1), () => this.start());
  }
}
