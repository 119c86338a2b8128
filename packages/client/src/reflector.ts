import { type Backoff, type Clock, createBackoff, type Random, type Timer } from "@hollowfleet/core";
import { peekMeta } from "@hollowfleet/wire";
import type { ApiClient, Received, Watch, WatchEvent, WatchOptions } from "./api-client.ts";
import { ClientError } from "./client-error.ts";
import { goDuration } from "./go-duration.ts";
import { listAll } from "./list-all.ts";
import { beginStep, nextStep, type ReflectorFacts, type ReflectorStep, type StepEnding } from "./reflector-plan.ts";
import { type Keep, objectKey, ReflectorStore, type Removed } from "./reflector-store.ts";
import type { Resource } from "./resource.ts";

/** Told of a set of objects as it changes. `atUs` is when the event arrived. */
export interface ReflectorHandler<T> {
  /** The whole state: at first, and whenever the watch could not go on. `removed` needs `keep` other than "none". */
  onReplace(items: readonly Received<T>[], removed: readonly Removed<T>[]): void;
  onAdd(item: Received<T>, atUs: number): void;
  onUpdate(item: Received<T>, atUs: number): void;
  /** `item` is the last state of the object. */
  onDelete(item: Received<T>, atUs: number): void;
  /** A request failed; the reflector goes on by itself. */
  onError?(error: ClientError): void;
}

/** Seconds after which the server shall end a watch, drawn anew for each. */
export interface WatchTimeoutRange {
  readonly minSeconds: number;
  readonly maxSeconds: number;
}

/** client-go's own (reflector.go, defaultMinWatchTimeout and twice that). */
export const defaultWatchTimeout: WatchTimeoutRange = { minSeconds: 300, maxSeconds: 600 };

/** A kubelet's for single ConfigMaps and Secrets (pkg/kubelet/util/manager/watch_based_manager.go). */
export const objectWatchTimeout: WatchTimeoutRange = { minSeconds: 1800, maxSeconds: 3600 };

export interface ReflectorOptions<T> {
  readonly api: ApiClient;
  readonly resource: Resource<T>;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly handler: ReflectorHandler<T>;
  readonly clock: Clock;
  readonly random: Random;
  /** Default "keys". */
  readonly keep?: Keep;
  /** Default 300–600 s. */
  readonly watchTimeout?: WatchTimeoutRange;
  /** Adds `timeout=9m47s` as typed clients do, and the kubelet's pod watch does not; default true. */
  readonly timeoutQuery?: boolean;
  /** Default true: ask for WatchList until the server refuses it. */
  readonly watchList?: boolean;
}

/** Keeps a handler informed of a set of objects, whatever happens to the connection. */
export interface Reflector<T> {
  start(): void;
  /** The handler hears nothing more. */
  stop(): void;
  /** The first state is complete. */
  readonly synced: boolean;
  readonly resourceVersion: string;
  /** Objects known; 0 with `keep: "none"`. */
  readonly size: number;
  /** By `namespace/name`; needs `keep: "objects"`. */
  get(key: string): Received<T> | undefined;
  items(): IterableIterator<Received<T>>;
}

export function createReflector<T>(options: ReflectorOptions<T>): Reflector<T> {
  return new ClientReflector(options);
}

/** Servers that refused WatchList once are not asked again by the same client. */
const withoutWatchList = new WeakSet<ApiClient>();

type ReflectorState =
  | { readonly t: "stopped" }
  | { readonly t: "waiting"; readonly timer: Timer }
  | { readonly t: "listing"; readonly abort: AbortController }
  | { readonly t: "watching"; readonly watch: Watch };

class ClientReflector<T> implements Reflector<T> {
  readonly #options: ReflectorOptions<T>;
  readonly #store: ReflectorStore<T>;
  readonly #backoff: Backoff;
  #state: ReflectorState = { t: "stopped" };
  #facts: ReflectorFacts;
  #synced = false;

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
    this.#store = new ReflectorStore(options.keep ?? "keys");
    // reflector.go, NewReflectorWithOptions.
    this.#backoff = createBackoff(
      { initialMs: 800, factor: 2, capMs: 30_000, jitter: 1, resetAfterMs: 120_000 },
      options.random,
      options.clock,
    );
    const watchList = options.watchList !== false && !withoutWatchList.has(options.api);
    this.#facts = { watchList, resourceVersion: "", unavailable: false };
  }

  get synced(): boolean {
    return this.#synced;
  }

  get resourceVersion(): string {
    return this.#facts.resourceVersion;
  }

  get size(): number {
    return this.#store.size;
  }

  get(key: string): Received<T> | undefined {
    return this.#store.get(key);
  }

  items(): IterableIterator<Received<T>> {
    return this.#store.values();
  }

  start(): void {
    if (this.#state.t === "stopped") this.#run(beginStep(this.#facts));
  }

  stop(): void {
    const before = this.#state;
    this.#state = { t: "stopped" };
    if (before.t === "waiting") before.timer.cancel();
    else if (before.t === "listing") before.abort.abort();
    else if (before.t === "watching") before.watch.stop();
  }

  #run(step: ReflectorStep): void {
    if (step.t === "list") this.#list(step);
    else this.#watch(step);
  }

  #ended(step: ReflectorStep, ending: StepEnding): void {
    if (this.#state.t === "stopped") return;
    if (ending.t === "failed") this.#options.handler.onError?.(ending.error);
    // The handler may have stopped us, and a closed transport stays closed.
    if (this.#halted(ending)) return;
    const next = nextStep(this.#facts, step, ending);
    this.#facts = next.facts;
    if (!next.facts.watchList && this.#options.watchList !== false) withoutWatchList.add(this.#options.api);
    const timer = this.#options.clock.setTimer(next.delayed ? this.#backoff.nextMs() : 0, () => this.#run(next.step));
    this.#state = { t: "waiting", timer };
  }

  #halted(ending: StepEnding): boolean {
    if (ending.t === "failed" && ending.error.code === "closed") this.#state = { t: "stopped" };
    return this.#state.t === "stopped";
  }

  #list(step: ReflectorStep): void {
    const abort = new AbortController();
    this.#state = { t: "listing", abort };
    const { api, resource, namespace, labelSelector, fieldSelector } = this.#options;
    const selection = {
      ...(namespace === undefined ? {} : { namespace }),
      ...(labelSelector === undefined ? {} : { labelSelector }),
      ...(fieldSelector === undefined ? {} : { fieldSelector }),
    };
    listAll(api, resource, { ...selection, resourceVersion: step.resourceVersion, signal: abort.signal }).then(
      ({ items, resourceVersion }) => {
        if (abort.signal.aborted) return;
        this.#replace(new Map(items.map((item) => [objectKey(item.raw), item])), resourceVersion);
        this.#ended(step, { t: "listed" });
      },
      (thrown: unknown) => {
        if (!abort.signal.aborted) this.#ended(step, { t: "failed", error: ClientError.from(thrown), brief: false });
      },
    );
  }

  #watch(step: ReflectorStep): void {
    const startedUs = this.#options.clock.nowUs();
    const { api, clock, resource } = this.#options;
    let initial = step.t === "watch-list" ? new Map<string, Received<T>>() : undefined;
    let events = 0;
    const watch = api.watch(resource, this.#watchOptions(step), {
      onOpen() {},
      onEvent: (event) => {
        events++;
        if (initial === undefined) this.#apply(event);
        else if (collect(initial, event)) {
          this.#replace(initial, event.type === "BOOKMARK" ? event.resourceVersion : "");
          initial = undefined;
        }
      },
      onClose: (error) => {
        const brief = events === 0 && clock.nowUs() - startedUs < 1_000_000;
        const ended: ReflectorStep = initial === undefined ? { ...step, t: "watch" } : step;
        this.#ended(ended, error === undefined ? { t: "closed", brief } : { t: "failed", error, brief });
      },
    });
    this.#state = { t: "watching", watch };
  }

  #watchOptions(step: ReflectorStep): WatchOptions {
    const { namespace, labelSelector, fieldSelector, random, timeoutQuery } = this.#options;
    const { minSeconds, maxSeconds } = this.#options.watchTimeout ?? defaultWatchTimeout;
    const timeoutSeconds = Math.floor(minSeconds + random.next() * (maxSeconds - minSeconds));
    return {
      ...(namespace === undefined ? {} : { namespace }),
      ...(labelSelector === undefined ? {} : { labelSelector }),
      ...(fieldSelector === undefined ? {} : { fieldSelector }),
      ...(step.t === "watch-list" ? { sendInitialEvents: true, resourceVersionMatch: "NotOlderThan" as const } : {}),
      resourceVersion: step.resourceVersion,
      allowBookmarks: true,
      timeoutSeconds,
      timeoutQuery: timeoutQuery === false ? "" : goDuration(timeoutSeconds),
    };
  }

  #apply(event: WatchEvent<T>): void {
    const { handler } = this.#options;
    if (event.type === "BOOKMARK") {
      this.#seen(event.resourceVersion);
      return;
    }
    const { item, atUs } = event;
    this.#seen(peekMeta(item.raw).resourceVersion);
    const told = this.#store.apply(event.type, item);
    if (told === "add") handler.onAdd(item, atUs);
    else if (told === "update") handler.onUpdate(item, atUs);
    else handler.onDelete(item, atUs);
  }

  #replace(items: ReadonlyMap<string, Received<T>>, resourceVersion: string): void {
    this.#facts = { ...this.#facts, resourceVersion, unavailable: false };
    this.#synced = true;
    const removed = this.#store.replace(items);
    this.#options.handler.onReplace([...items.values()], removed);
  }

  #seen(resourceVersion: string): void {
    this.#facts = { ...this.#facts, resourceVersion };
  }
}

/** Gathers the first events of a WatchList; true when the state is complete. */
function collect<T>(state: Map<string, Received<T>>, event: WatchEvent<T>): boolean {
  if (event.type === "BOOKMARK") return event.initialEventsEnd;
  const key = objectKey(event.item.raw);
  if (event.type === "DELETED") state.delete(key);
  else state.set(key, event.item);
  return false;
}
