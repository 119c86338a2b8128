import { parseSpanMs } from "@hollowfleet/core";

const prefix = "hollowfleet.dev/";

/** What a container does that nobody asked anything of. */
export interface ContainerBehaviour {
  /** From its start to its own end; undefined: it runs until it is stopped. */
  readonly runTimeMs: number | undefined;
  readonly exitCode: number;
  /** terminated.reason of its own end: Completed, Error or OOMKilled. */
  readonly exitReason: string;
  /** From the pod's first sync on, how long its image cannot be pulled; 0: it can. */
  readonly pullFailsMs: number;
  /** From start to ready; undefined: as its probes say. */
  readonly readinessDelayMs: number | undefined;
  /** Create and start; undefined: drawn from the node's delays. */
  readonly startDelayMs: number | undefined;
  /** From SIGTERM to its end; undefined: drawn from the node's delays. */
  readonly stopDelayMs: number | undefined;
}

/** What a pod may ask for. */
export interface PodBehaviour {
  /** From the first sync on, how long no sandbox can be made for it; 0: it can at once. */
  readonly sandboxFailsMs: number;
  /** Annotations that could not be read, as messages for a Warning event. */
  readonly faults: readonly string[];
}

/** One row of the table that the README prints. */
export interface AnnotationDoc {
  readonly name: string;
  readonly value: string;
  readonly meaning: string;
  /** May be given for one container, as `NAME.CONTAINER`. */
  readonly perContainer: boolean;
}

/** Every annotation that chooses a pod's behaviour. Without a container's name they concern the app containers, not the init containers. */
export const podAnnotations: readonly AnnotationDoc[] = [
  {
    name: `${prefix}run-time`,
    value: "span",
    meaning:
      "Containers end after it. Default: never with restartPolicy Always, else 3s; init containers 1s, and only by their own name.",
    perContainer: true,
  },
  {
    name: `${prefix}exit-code`,
    value: "0-255",
    meaning: "Exit code of that end; default 0.",
    perContainer: true,
  },
  {
    name: `${prefix}crash-loop`,
    value: '"true"',
    meaning: "Ends with exit code 1 after run-time, default 1s.",
    perContainer: true,
  },
  {
    name: `${prefix}oom`,
    value: "span",
    meaning: "Is killed for its memory (137, OOMKilled) after it.",
    perContainer: true,
  },
  {
    name: `${prefix}image-pull-failure`,
    value: '"true" or span',
    meaning: "The image cannot be pulled, for ever or for that long.",
    perContainer: true,
  },
  {
    name: `${prefix}readiness-delay`,
    value: "span",
    meaning: "Ready that long after its start; default: as its readiness probe's timing says, without one at once.",
    perContainer: true,
  },
  {
    name: `${prefix}start-delay`,
    value: "span",
    meaning: "How long the runtime takes to start it; default: the run's start delay.",
    perContainer: true,
  },
  {
    name: `${prefix}stop-delay`,
    value: "span",
    meaning:
      "How long it takes to end after SIGTERM; above the grace period it is killed (137). Default: the run's stop delay.",
    perContainer: true,
  },
  {
    name: `${prefix}sandbox-failure`,
    value: '"true" or span',
    meaning: "No sandbox can be made for the pod, for ever or for that long.",
    perContainer: false,
  },
];

type Annotations = Readonly<Record<string, string>>;

/** Reads one annotation, and notes a fault where its value is none. */
class Reader {
  readonly faults: string[] = [];
  readonly #annotations: Annotations;

  constructor(annotations: Annotations) {
    this.#annotations = annotations;
  }

  /** The value for one container: its own form, else (for app containers) the pod's. */
  read<T>(key: string, container: string, general: boolean, parse: (text: string) => T | undefined): T | undefined {
    const own = `${prefix}${key}.${container}`;
    const name = container !== "" && Object.hasOwn(this.#annotations, own) ? own : `${prefix}${key}`;
    if (name !== own && !general) return undefined;
    const text = this.#annotations[name];
    if (text === undefined) return undefined;
    const value = parse(text);
    if (value === undefined) this.#fault(`Annotation ${name}: ${JSON.stringify(text)} is not understood and ignored`);
    return value;
  }

  #fault(message: string): void {
    if (!this.faults.includes(message)) this.faults.push(message);
  }
}

function parseExitCode(text: string): number | undefined {
  return /^\d{1,3}$/.test(text) && Number(text) <= 255 ? Number(text) : undefined;
}

function parseFlag(text: string): boolean | undefined {
  if (text === "true") return true;
  return text === "false" ? false : undefined;
}

/** "true": for ever; "false": not at all; else a span. */
function parseFailure(text: string): number | undefined {
  const flag = parseFlag(text);
  if (flag !== undefined) return flag ? Number.POSITIVE_INFINITY : 0;
  return parseSpanMs(text);
}

/** A container's name, its role, and how long one of its kind runs by default. */
export interface BehaviourSubject {
  readonly name: string;
  readonly app: boolean;
  readonly defaultRunTimeMs: number | undefined;
}

function containerBehaviour(reader: Reader, subject: BehaviourSubject): ContainerBehaviour {
  const read = <T>(key: string, parse: (text: string) => T | undefined): T | undefined =>
    reader.read(key, subject.name, subject.app, parse);
  const runTimeMs = read("run-time", parseSpanMs);
  const exitCode = read("exit-code", parseExitCode) ?? 0;
  const oomMs = read("oom", parseSpanMs);
  const crash = read("crash-loop", parseFlag) ?? false;
  const rest = {
    pullFailsMs: read("image-pull-failure", parseFailure) ?? 0,
    readinessDelayMs: read("readiness-delay", parseSpanMs),
    startDelayMs: read("start-delay", parseSpanMs),
    stopDelayMs: read("stop-delay", parseSpanMs),
  };
  if (oomMs !== undefined) return { runTimeMs: oomMs, exitCode: 137, exitReason: "OOMKilled", ...rest };
  if (crash) return { runTimeMs: runTimeMs ?? 1000, exitCode: exitCode || 1, exitReason: "Error", ...rest };
  return {
    runTimeMs: runTimeMs ?? subject.defaultRunTimeMs,
    exitCode,
    exitReason: exitCode === 0 ? "Completed" : "Error",
    ...rest,
  };
}

const unaskedPod: PodBehaviour = { sandboxFailsMs: 0, faults: [] };

/** What a pod's annotations ask for; `containers` answers in the order of `subjects`. */
export function readBehaviour(
  annotations: Annotations,
  subjects: readonly BehaviourSubject[],
): { readonly pod: PodBehaviour; readonly containers: readonly ContainerBehaviour[] } {
  if (!Object.keys(annotations).some((key) => key.startsWith(prefix))) {
    return { pod: unaskedPod, containers: subjects.map((subject) => unasked(subject.defaultRunTimeMs)) };
  }
  const reader = new Reader(annotations);
  const containers = subjects.map((subject) => containerBehaviour(reader, subject));
  const sandboxFailsMs = reader.read("sandbox-failure", "", true, parseFailure) ?? 0;
  return { pod: { sandboxFailsMs, faults: reader.faults }, containers };
}

/** One object per default run time, shared by all pods that ask for nothing. */
const unaskedByRunTime = new Map<number | undefined, ContainerBehaviour>();

function unasked(runTimeMs: number | undefined): ContainerBehaviour {
  let behaviour = unaskedByRunTime.get(runTimeMs);
  if (behaviour === undefined) {
    behaviour = {
      runTimeMs,
      exitCode: 0,
      exitReason: "Completed",
      pullFailsMs: 0,
      readinessDelayMs: undefined,
      startDelayMs: undefined,
      stopDelayMs: undefined,
    };
    unaskedByRunTime.set(runTimeMs, behaviour);
  }
  return behaviour;
}
