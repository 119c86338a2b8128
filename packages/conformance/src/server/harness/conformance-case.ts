/** How bodies travel. */
export type Encoding = "json" | "protobuf";

/**
 * Who asks: "admin" (group system:masters), "user:NAME", "node:NAME", "anonymous", "token:TOKEN", or a name with groups,
 * "user:NAME,group,group".
 */
export type Identity = "admin" | "anonymous" | `user:${string}` | `node:${string}` | `token:${string}`;

/**
 * One request. In paths, bodies, headers and identities `{ns}` is the case's own namespace, and `{x}` what an earlier step
 * saved as x, `{x?}` the same or nothing. Objects of the whole cluster have `{ns}` in their names.
 */
export interface RequestStep {
  /** Default GET, or POST with a body. */
  readonly method?: string;
  /** With its query. */
  readonly path: string;
  /** An object in its JSON form; sent in the encoding of the run, a PATCH always as JSON. */
  readonly body?: unknown;
  /** Sent as it is. */
  readonly raw?: string | Uint8Array;
  /** Default: that of the encoding. */
  readonly contentType?: string;
  /** Default: that of the encoding. */
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly as?: Identity;
  /** Names, and where in the answer their values are, e.g. { uid: "metadata.uid" }; what is not there is not saved. */
  readonly save?: Readonly<Record<string, string>>;
  /** What of the answer is compared; default all of it. */
  readonly view?: (body: unknown) => unknown;
  /** Asked again until it is answered so, for what the real server does a moment later; default asked once. */
  readonly until?: number;
  /** Not part of the transcript: it only makes what the case needs. */
  readonly silent?: boolean;
}

/** Opens a watch; its events are looked at by a later step. */
export interface WatchStep {
  /** What it is called in this case. */
  readonly watch: string;
  readonly path: string;
  readonly accept?: string;
  readonly as?: Identity;
}

/** Waits for events of a watch, and takes what came since the last look. */
export interface EventsStep {
  readonly events: string;
  /** How many are expected; a few more are looked out for. */
  readonly count: number;
  /** The server ends the watch after them. */
  readonly ends?: boolean;
  /** How long to look for more; default 60. */
  readonly settleMs?: number;
  readonly view?: (body: unknown) => unknown;
}

export type Step = RequestStep | WatchStep | EventsStep;

/** A sequence of requests whose answers must be the same from every server. */
export interface ConformanceCase {
  /** Unique; what it shows. */
  readonly name: string;
  readonly steps: readonly Step[];
  /** Default both. */
  readonly encodings?: readonly Encoding[];
}

/** What one step was answered, normalised. Plain JSON. */
export type StepRecord = Readonly<Record<string, unknown>>;

/** What a case was answered, normalised: equal from two servers that do the same. */
export type Transcript = readonly StepRecord[];
