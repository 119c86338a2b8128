import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const bench = resolve(import.meta.dirname, "../../../../bench");
const binary = join(bench, ".cache", "informer-peer");
const missing = await buildOrSay();

/** Whether bench/peers/client-go/informer cannot be built here, for `describe.skipIf(noInformerPeer)`. */
export const noInformerPeer: boolean = missing;

/**
 * Builds the peer from the modules that this machine has; with nothing changed that is a matter of seconds. Where it
 * cannot, it says so once; with HOLLOW_REQUIRE_ASSETS=1, which CI sets, it throws instead.
 */
async function buildOrSay(): Promise<boolean> {
  const cwd = join(bench, "peers", "client-go");
  const env = { ...process.env, CGO_ENABLED: "0", GOTOOLCHAIN: "local" };
  mkdirSync(join(bench, ".cache"), { recursive: true });
  try {
    await promisify(execFile)("go", ["build", "-trimpath", "-mod=readonly", "-o", binary, "./informer"], { cwd, env });
    return false;
  } catch (cause) {
    const { code, stderr } = cause as NodeJS.ErrnoException & { readonly stderr?: string };
    const why = code === "ENOENT" ? "there is no go command" : (stderr ?? String(cause)).trim();
    const text = `the informers of client-go cannot be built: ${why}`;
    if (process.env["HOLLOW_REQUIRE_ASSETS"] === "1") throw new Error(text, { cause });
    process.stderr.write(`skipped: ${text}\n`);
    return true;
  }
}

export const informerKinds = ["configmaps", "pods"] as const;
export type InformerKind = (typeof informerKinds)[number];

/** Of each object, by "namespace/name". */
export type HeldObjects = Readonly<Record<string, { readonly resourceVersion: string; readonly hash: string }>>;

/** What one informer holds and has counted since it began. */
export interface KindDump {
  readonly synced: boolean;
  readonly objects: HeldObjects;
  /** Resynced changes nothing; backwards are updates to an older resourceVersion. */
  readonly events: Readonly<Record<"added" | "updated" | "deleted" | "resynced" | "backwards", number>>;
  /** Watches go on from a resourceVersion, watchLists begin with the present state; expired are answers 410. */
  readonly requests: Readonly<Record<"lists" | "watches" | "watchLists" | "expired", number>>;
}

export interface InformerDump {
  readonly kinds: Readonly<Record<InformerKind, KindDump>>;
  /** What client-go gave to its error handlers. */
  readonly faults: number;
}

export interface InformerOptions {
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly encoding: "protobuf" | "json";
  /** Begins with a stream of the present state instead of a list. */
  readonly watchList: boolean;
}

/** A process with client-go's informers of the ConfigMaps and Pods of a namespace. */
export class InformerPeer {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #complaints = "";

  constructor({ kubeconfig, namespace, encoding, watchList }: InformerOptions) {
    const argv = ["--kubeconfig", kubeconfig, "--namespace", namespace, "--encoding", encoding];
    const env = { ...process.env, KUBE_FEATURE_WatchListClient: String(watchList) };
    const child = spawn(binary, argv, { env, stdio: "pipe" });
    child.on("error", (error) => {
      this.#complaints += String(error);
    });
    // Writing to one that has ended; that it has is told by the missing answer.
    child.stdin.on("error", () => undefined);
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#complaints += text;
    });
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** What it has written to stderr. */
  get complaints(): string {
    return this.#complaints;
  }

  async dump(): Promise<InformerDump> {
    this.#child.stdin?.write("dump\n");
    const { value, done = false } = await this.#lines.next();
    if (done) throw new Error(`the informer has ended: ${this.#complaints}`);
    return JSON.parse(value) as InformerDump;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once("close", resolve));
    if (this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined) return;
    this.#child.stdin?.end();
    await ended;
  }
}
