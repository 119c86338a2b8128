import { MessageChannel, type MessagePort } from "node:worker_threads";
import { errorText, unreachable } from "@hollowfleet/core";
import type { Snapshot } from "@hollowfleet/metrics";
import type { Piscina } from "piscina";
import { FleetError } from "../fleet-error.ts";
import type { FleetNews, ShardStats, ShardSummary } from "../shard-stats.ts";
import type { ThreadInput, ThreadStart } from "./input.ts";
import type { ThreadOutput } from "./output.ts";

/**
 * One thread, as its owner sees it.
 *
 * | from     | on                        | to       |
 * |----------|---------------------------|----------|
 * | starting | "started"                 | running  |
 * | running  | stop()                    | stopping |
 * | stopping | "stopped"                 | stopped  |
 * | any but stopped | thread ends, error | failed   |
 */
type State = "starting" | "running" | "stopping" | "stopped" | "failed";

/** What a supervisor tells its fleet. */
export interface SupervisorListener {
  onStats(stats: ShardStats, news: FleetNews): void;
  onFailed(cause: string): void;
}

/** How long a thread has to stop its nodes and hand over what it recorded. */
const stopDeadlineMs = 10_000;

/** Owns one thread and its message port. */
export class ThreadSupervisor {
  readonly #port: MessagePort;
  readonly #listener: SupervisorListener;
  readonly #started = deferred<void>();
  readonly #stopped = deferred<ShardSummary | undefined>();
  readonly #snapshots = new Map<number, (snapshot: Snapshot | undefined) => void>();
  readonly #abort = new AbortController();
  #state: State = "starting";
  #requestId = 0;

  constructor(pool: Piscina, start: ThreadStart, listener: SupervisorListener) {
    this.#listener = listener;
    const channel = new MessageChannel();
    this.#port = channel.port1;
    this.#port.on("message", (message: ThreadOutput) => this.#receive(message));
    pool
      .run(
        { start, port: channel.port2 },
        { name: "runShard", transferList: [channel.port2], signal: this.#abort.signal },
      )
      .then(
        () => this.#ended("it ended before it was told to"),
        (reason: unknown) => this.#ended(errorText(reason)),
      );
  }

  /** Resolves when the shard runs; rejects with FleetError "start-failed". */
  started(): Promise<void> {
    return this.#started.promise;
  }

  /** Everything recorded so far; undefined from a thread that is no more. */
  snapshot(): Promise<Snapshot | undefined> {
    if (this.#state === "failed" || this.#state === "stopped") return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const requestId = this.#requestId++;
      this.#snapshots.set(requestId, resolve);
      this.send({ type: "snapshot", requestId });
    });
  }

  send(message: ThreadInput): void {
    if (this.#state !== "failed" && this.#state !== "stopped") this.#port.postMessage(message);
  }

  /** Ends the thread: by message, by force after 10 s. Resolves with undefined when nothing could be handed over. */
  stop(): Promise<ShardSummary | undefined> {
    if (this.#state === "starting" || this.#state === "running") {
      this.#state = "stopping";
      this.#port.postMessage({ type: "stop" } satisfies ThreadInput);
      const timer = setTimeout(() => {
        this.#stopped.resolve(undefined);
        this.#abort.abort();
      }, stopDeadlineMs);
      this.#stopped.promise.finally(() => clearTimeout(timer)).catch(() => undefined);
    }
    return this.#stopped.promise;
  }

  #receive(message: ThreadOutput): void {
    switch (message.type) {
      case "started":
        if (this.#state === "starting") this.#state = "running";
        this.#started.resolve();
        break;
      case "stats":
        this.#listener.onStats(message.stats, message.news);
        break;
      case "scaled":
        break;
      case "snapshot":
        this.#snapshots.get(message.requestId)?.(message.snapshot);
        this.#snapshots.delete(message.requestId);
        break;
      case "stopped":
        this.#state = "stopped";
        this.#port.close();
        this.#stopped.resolve(message.summary);
        break;
      default:
        unreachable(message);
    }
  }

  #ended(cause: string): void {
    // The task's promise may settle before the port has delivered "stopped": an orderly end is not a death.
    if (this.#state === "stopped" || this.#state === "stopping") return;
    this.#state = "failed";
    this.#port.close();
    this.#started.reject(new FleetError("start-failed", `a worker thread did not start: ${cause}`));
    this.#stopped.resolve(undefined);
    for (const resolve of this.#snapshots.values()) resolve(undefined);
    this.#snapshots.clear();
    this.#listener.onFailed(cause);
  }
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

/** A promise settled from outside. Nobody need be listening when it is rejected. */
function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
