import { Worker } from "node:worker_threads";
import type { FaultLedger } from "@hollowfleet/apiserver";
import type { ComponentDeath } from "../control-plane.ts";
import { ControlPlaneError } from "../control-plane-error.ts";
import type { ThreadInput, ThreadStart } from "./thread-input.ts";
import type { ThreadOutput } from "./thread-output.ts";

/** Lines of log that are kept. */
const keptLines = 50;
/** A thread that does not answer is ended after this. */
const stopTimeoutMs = 5000;

/** Where the thread listens, and its number for /proc. */
export interface Listening {
  readonly port: number;
  readonly threadId: number;
}

type State = "starting" | "running" | "stopping" | "stopped" | "failed";

/** The thread in which the embedded API server and its controllers run. */
export class EmbeddedThread {
  readonly #worker: Worker;
  readonly #log: string[] = [];
  readonly #deathListeners = new Set<(death: ComponentDeath) => void>();
  readonly #listening: Promise<Listening>;
  readonly #exited: Promise<void>;
  #state: State = "starting";

  constructor(start: ThreadStart) {
    this.#worker = new Worker(new URL("./entry.js", import.meta.url), { workerData: start, name: "embedded" });
    let listening = (_: Listening): void => undefined;
    let failed = (_: unknown): void => undefined;
    this.#listening = new Promise((resolve, reject) => {
      listening = resolve;
      failed = reject;
    });
    // Whoever waits for it hears of the failure; nobody has to.
    this.#listening.catch(() => undefined);
    this.#worker.on("message", (message: ThreadOutput) => {
      if (message.type === "log") this.#remember(message.line);
      if (message.type === "stopped") void this.#worker.terminate();
      if (message.type !== "listening") return;
      if (this.#state === "starting") this.#state = "running";
      listening(message);
    });
    const die = (cause: string): void => {
      if (this.#state === "stopping" || this.#state === "stopped" || this.#state === "failed") return;
      this.#state = "failed";
      const death: ComponentDeath = { component: "embedded", cause, logTail: this.logTail() };
      failed(new ControlPlaneError("component-died", `the embedded API server died (${cause})`));
      for (const listener of this.#deathListeners) listener(death);
    };
    this.#worker.on("error", (error) => die(error.message));
    this.#exited = new Promise((resolve) => {
      this.#worker.on("exit", (code) => {
        die(`exit code ${code}`);
        resolve();
      });
    });
  }

  listening(): Promise<Listening> {
    return this.#listening;
  }

  beginFaults(): void {
    this.#send({ type: "begin-faults" });
  }

  /** What was injected so far. Undefined when the thread has ended. */
  ledger(): Promise<FaultLedger | undefined> {
    if (this.#state !== "running") return Promise.resolve(undefined);
    const answer = new Promise<FaultLedger>((resolve) => {
      const listen = (message: ThreadOutput): void => {
        if (message.type !== "ledger") return;
        this.#worker.off("message", listen);
        resolve(message.ledger);
      };
      this.#worker.on("message", listen);
    });
    this.#send({ type: "ledger" });
    return Promise.race([answer, this.#exited.then(() => undefined)]);
  }

  /** Its last lines of log, oldest first. */
  logTail(): readonly string[] {
    return [...this.#log];
  }

  onDeath(listener: (death: ComponentDeath) => void): () => void {
    this.#deathListeners.add(listener);
    return () => this.#deathListeners.delete(listener);
  }

  /** Asks it to end, and ends it when it does not. Safe to call twice. */
  async stop(): Promise<void> {
    if (this.#state === "stopped") return;
    if (this.#state !== "failed") {
      this.#state = "stopping";
      this.#send({ type: "stop" });
      const timer = setTimeout(() => void this.#worker.terminate(), stopTimeoutMs);
      await this.#exited;
      clearTimeout(timer);
    }
    this.#state = "stopped";
  }

  #send(message: ThreadInput): void {
    this.#worker.postMessage(message);
  }

  #remember(line: string): void {
    this.#log.push(line);
    if (this.#log.length > keptLines) this.#log.shift();
  }
}
