import { setTimeout as sleep } from "node:timers/promises";
import { mediaTypes } from "@hollowfleet/wire";
import { type DecodedEvent, decodeBody, encodeBody, eventReader } from "./body.ts";
import type {
  ConformanceCase,
  Encoding,
  EventsStep,
  Identity,
  RequestStep,
  Step,
  StepRecord,
  Transcript,
  WatchStep,
} from "./conformance-case.ts";
import type { Answer, OpenStream } from "./exchange.ts";
import { Normaliser, withoutListVersion } from "./normaliser.ts";
import type { Connections } from "./server-target.ts";

/** Headers whose values clients go by. */
const headersThatMatter = ["content-type", "warning", "retry-after", "allow", "cache-control", "location"] as const;

const eventsTimeoutMs = 8000;
/** So long a look for events that nobody expected takes. */
const defaultSettleMs = 60;
const untilTimeoutMs = 10_000;

/** Plays a case in namespaces of its own, of which the first is {ns}, and tells what was answered. */
export async function runCase(
  connections: Connections,
  { steps, name }: ConformanceCase,
  encoding: Encoding,
  namespace: string,
  others: readonly string[] = [],
): Promise<Transcript> {
  const run = new CaseRun(connections, encoding, namespace);
  for (const each of [namespace, ...others]) await makeNamespace(connections, each);
  try {
    const records: StepRecord[] = [];
    for (const [index, step] of steps.entries()) {
      try {
        const record = await run.play(step);
        if (record !== undefined) records.push(record);
      } catch (cause) {
        throw new Error(`${name}, step ${index} (${encoding}): ${String(cause)}`, { cause });
      }
    }
    return records;
  } finally {
    run.close();
  }
}

/** A namespace in which pods can be made: no controller runs that would give it its service account. */
export async function makeNamespace(connections: Connections, namespace: string): Promise<void> {
  const make = async (path: string, kind: string, name: string): Promise<void> => {
    const body = encodeBody({ apiVersion: "v1", kind, metadata: { name } }, "json");
    const headers = { "content-type": mediaTypes.json };
    const answer = await connections.as("admin").send({ method: "POST", path, headers, body });
    if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${answer.body.toString("utf8")}`);
  };
  await make("/api/v1/namespaces", "Namespace", namespace);
  await make(`/api/v1/namespaces/${namespace}/serviceaccounts`, "ServiceAccount", "default");
}

interface OpenWatch {
  readonly stream: OpenStream;
  readonly collection: string;
  readonly events: DecodedEvent[];
  ended: boolean;
}

class CaseRun {
  readonly #connections: Connections;
  readonly #encoding: Encoding;
  readonly #saved: Map<string, string>;
  readonly #watches = new Map<string, OpenWatch>();
  readonly #normaliser: Normaliser;

  constructor(connections: Connections, encoding: Encoding, namespace: string) {
    this.#connections = connections;
    this.#encoding = encoding;
    this.#saved = new Map([["ns", namespace]]);
    this.#normaliser = new Normaliser(namespace);
  }

  play(step: Step): Promise<StepRecord | undefined> {
    if ("watch" in step) return this.#open(step);
    return "events" in step ? this.#look(step) : this.#request(step);
  }

  close(): void {
    for (const { stream } of this.#watches.values()) stream.close();
  }

  async #request(step: RequestStep): Promise<StepRecord | undefined> {
    const { method = hasBody(step) ? "POST" : "GET", silent = false } = step;
    const path = this.#fill(step.path);
    const answer = await this.#send(step, method, path);
    const contentType = String(answer.headers["content-type"] ?? "");
    const body = decodeBody(contentType, answer.body);
    if (silent && answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(body)}`);
    for (const [name, place] of Object.entries(step.save ?? {})) {
      const value = valueAt(body, place);
      if (typeof value === "string" || typeof value === "number") this.#saved.set(name, String(value));
    }
    const compared = withoutListVersion(body);
    const shown = step.view === undefined ? compared : step.view(compared);
    const seen = this.#normaliser.value(shown, collectionOf(path));
    if (silent) return undefined;
    return {
      request: `${method} ${step.path}`,
      status: answer.status,
      headers: this.#headers(answer, step.accept),
      body: seen,
    };
  }

  async #send(step: RequestStep, method: string, path: string): Promise<Answer> {
    const exchange = { method, path, headers: this.#requestHeaders(step, method), ...this.#body(step, method) };
    const connection = this.#connections.as(this.#identity(step.as));
    const endMs = Date.now() + untilTimeoutMs;
    for (;;) {
      const answer = await connection.send(exchange);
      if (step.until === undefined || answer.status === step.until || Date.now() > endMs) return answer;
      await sleep(20);
    }
  }

  #body({ raw, body }: RequestStep, method: string): { readonly body?: Uint8Array } {
    if (raw !== undefined) return { body: typeof raw === "string" ? Buffer.from(this.#fill(raw)) : raw };
    if (body === undefined) return {};
    const filled = JSON.parse(JSON.stringify(body), (_key, value: unknown) =>
      typeof value === "string" ? this.#fill(value) : value,
    ) as unknown;
    this.#normaliser.request(filled);
    return { body: encodeBody(filled, method === "PATCH" ? "json" : this.#encoding) };
  }

  #requestHeaders(step: RequestStep, method: string): Record<string, string> {
    const own = Object.entries(step.headers ?? {}).map(([name, value]) => [name, this.#fill(value)]);
    const contentType = step.contentType ?? (method === "PATCH" ? mediaTypes.mergePatch : mediaTypes[this.#encoding]);
    return {
      accept: step.accept ?? mediaTypes[this.#encoding],
      ...(hasBody(step) && contentType !== "" && { "content-type": contentType }),
      ...Object.fromEntries(own),
    };
  }

  async #open({ watch, path, accept = mediaTypes[this.#encoding], as }: WatchStep): Promise<StepRecord> {
    const filled = this.#fill(path);
    const stream = await this.#connections
      .as(this.#identity(as))
      .open({ method: "GET", path: filled, headers: { accept } });
    const contentType = String(stream.headers["content-type"] ?? "");
    const record = { request: `WATCH ${path}`, status: stream.status, headers: this.#headers(stream, accept) };
    if (stream.status >= 300) {
      const chunks: Buffer[] = [];
      stream.onData((chunk) => void chunks.push(chunk));
      await stream.ended;
      return { ...record, body: this.#normaliser.value(decodeBody(contentType, Buffer.concat(chunks)), "") };
    }
    const open: OpenWatch = { stream, collection: collectionOf(filled), events: [], ended: false };
    const read = eventReader(contentType);
    stream.onData((chunk) => void open.events.push(...read(chunk).filter(isNoRoutineBookmark)));
    void stream.ended.then(() => {
      open.ended = true;
    });
    this.#watches.set(watch, open);
    return record;
  }

  async #look({
    events: name,
    count,
    ends = false,
    settleMs = defaultSettleMs,
    view,
  }: EventsStep): Promise<StepRecord> {
    const watch = this.#watches.get(name);
    if (watch === undefined) return { events: name, seen: "nothing: it was refused" };
    const endMs = Date.now() + eventsTimeoutMs;
    while ((watch.events.length < count || (ends && !watch.ended)) && Date.now() < endMs) await sleep(5);
    await sleep(settleMs);
    const seen = watch.events.splice(0).map((event) => this.#event(event, watch.collection, view));
    return { events: name, seen, ended: watch.ended };
  }

  #event({ type, object }: DecodedEvent, collection: string, view: EventsStep["view"]): unknown {
    const shown = withoutListVersion(object);
    return { type, object: this.#normaliser.value(view === undefined ? shown : view(shown), collection) };
  }

  #headers({ headers }: Pick<Answer, "headers">, accept: string | undefined): Record<string, unknown> {
    const expected = accept ?? mediaTypes[this.#encoding];
    return Object.fromEntries(
      headersThatMatter.flatMap((name) => {
        const value = headers[name];
        if (value === undefined) return [];
        // So that the transcripts of both encodings can be the same.
        if (name === "content-type" && value === expected) return [[name, "as asked"]];
        if (name === "content-type" && value === `${expected};stream=watch`) return [[name, "as asked, stream=watch"]];
        return [[name, this.#normaliser.text(String(value))]];
      }),
    );
  }

  #identity(as: Identity = "admin"): Identity {
    return this.#fill(as) as Identity;
  }

  #fill(text: string): string {
    return text.replace(
      /\{(\w+)(\??)\}/g,
      (all, name: string, optional: string) => this.#saved.get(name) ?? (optional === "" ? all : ""),
    );
  }
}

/** Bookmarks come when they come; the one that ends the state at the beginning has its place. */
function isNoRoutineBookmark({ type, object }: DecodedEvent): boolean {
  const { annotations } = (object as { metadata?: { annotations?: Record<string, string> } }).metadata ?? {};
  return type !== "BOOKMARK" || annotations?.["k8s.io/initial-events-end"] === "true";
}

/** "pods" of any path to pods, one of them or a subresource. */
function collectionOf(path: string): string {
  return /^\/(?:api|apis\/[^/]+)\/[^/]+\/(?:namespaces\/[^/?]+\/)?([^/?]+)/.exec(path)?.[1] ?? "";
}

function hasBody({ body, raw }: RequestStep): boolean {
  return body !== undefined || raw !== undefined;
}

function valueAt(body: unknown, place: string): unknown {
  let at = body;
  for (const part of place.split(".")) at = (at as Record<string, unknown> | null | undefined)?.[part];
  return at;
}
