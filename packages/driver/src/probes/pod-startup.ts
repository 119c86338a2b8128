/** What one watch event says of a pod. */
export interface PodFacts {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  /** "saturation" or "latency", from the pod's label. */
  readonly group: string;
  readonly nodeName: string;
  /** Every container has been started at least once (slo-and-clusterloader2 §1.2). */
  readonly allStarted: boolean;
  readonly running: boolean;
  /** The API's own one-second stamps, milliseconds since the epoch. */
  readonly createdMs: number | undefined;
  readonly scheduledMs: number | undefined;
  readonly startedMs: number | undefined;
}

/** One pod's way, in `Clock.nowUs()` of one observer. */
export interface PodTimes {
  readonly group: string;
  readonly namespace: string;
  readonly name: string;
  /** When the driver sent the POST, for pods that it creates itself; else when its watch first showed the pod. */
  createdUs: number;
  scheduledUs: number | undefined;
  /** When the watch first showed every container started. */
  observedUs: number | undefined;
  /** When the hollow kubelet's status was accepted, as the fleet tells. */
  startedUs: number | undefined;
  simulatedMs: number | undefined;
  api: { createdMs: number | undefined; scheduledMs: number | undefined; startedMs: number | undefined };
  gone: boolean;
}

/** The phases of a pod's startup. "total" is the one that the SLO names: created to observed. */
export type StartupPhase =
  | "create_to_schedule"
  | "schedule_to_start"
  | "start_to_observe"
  | "total"
  | "api_create_to_schedule"
  | "api_schedule_to_start"
  | "api_total"
  | "simulated";

/** Follows pods from what a watch shows of them. Pure: no clock, no sockets. */
export class PodStartupTracker {
  readonly #pods = new Map<string, PodTimes>();
  readonly #createdByDriver = new Map<string, number>();
  readonly #early = new Map<string, { runningPushedUs: number; simulatedMs: number }>();
  #running = 0;
  #present = 0;

  /** The driver is about to POST this pod. */
  expect(namespace: string, name: string, atUs: number): void {
    this.#createdByDriver.set(`${namespace}/${name}`, atUs);
  }

  /** ADDED or MODIFIED. */
  observe(facts: PodFacts, atUs: number): void {
    let pod = this.#pods.get(facts.uid);
    if (pod === undefined) {
      pod = this.#first(facts, atUs);
      this.#pods.set(facts.uid, pod);
    }
    if (facts.nodeName !== "" && pod.scheduledUs === undefined) pod.scheduledUs = atUs;
    if (facts.allStarted && pod.observedUs === undefined) {
      pod.observedUs = atUs;
      this.#running++;
    }
    pod.api = { createdMs: facts.createdMs, scheduledMs: facts.scheduledMs, startedMs: facts.startedMs };
  }

  /** DELETED, or missing after a relist. */
  remove(uid: string): void {
    const pod = this.#pods.get(uid);
    if (pod === undefined || pod.gone) return;
    pod.gone = true;
    this.#present--;
    if (pod.observedUs !== undefined) this.#running--;
  }

  /** The fleet says when it told the API server that the pod runs. May come before the watch shows the pod. */
  started(uid: string, runningPushedUs: number, simulatedMs: number): void {
    const pod = this.#pods.get(uid);
    if (pod === undefined) this.#early.set(uid, { runningPushedUs, simulatedMs });
    else {
      pod.startedUs = runningPushedUs;
      pod.simulatedMs = simulatedMs;
    }
  }

  /** Pods that are there now, and of these the ones that were seen running. */
  get counts(): { readonly present: number; readonly running: number } {
    return { present: this.#present, running: this.#running };
  }

  /** How many of a group have been seen, and seen running, so far. */
  groupCounts(group: string): { readonly seen: number; readonly started: number; readonly present: number } {
    const pods = [...this.#pods.values()].filter((pod) => pod.group === group);
    return {
      seen: pods.length,
      started: pods.filter((pod) => pod.observedUs !== undefined).length,
      present: pods.filter((pod) => !pod.gone).length,
    };
  }

  get pods(): IterableIterator<PodTimes> {
    return this.#pods.values();
  }

  /** The pods that are still there. */
  *uids(): Generator<string> {
    for (const [uid, pod] of this.#pods) if (!pod.gone) yield uid;
  }

  #first(facts: PodFacts, atUs: number): PodTimes {
    this.#present++;
    const key = `${facts.namespace}/${facts.name}`;
    const early = this.#early.get(facts.uid);
    const createdUs = this.#createdByDriver.get(key) ?? atUs;
    this.#createdByDriver.delete(key);
    this.#early.delete(facts.uid);
    return {
      group: facts.group,
      namespace: facts.namespace,
      name: facts.name,
      createdUs,
      scheduledUs: undefined,
      observedUs: undefined,
      startedUs: early?.runningPushedUs,
      simulatedMs: early?.simulatedMs,
      api: { createdMs: undefined, scheduledMs: undefined, startedMs: undefined },
      gone: false,
    };
  }
}

/** The spans of one pod in microseconds; a phase that was not reached is absent. */
export function startupSpans(pod: PodTimes): Partial<Record<StartupPhase, number>> {
  const { createdUs, scheduledUs, startedUs, observedUs, api } = pod;
  return definedOnly({
    create_to_schedule: span(createdUs, scheduledUs),
    schedule_to_start: span(scheduledUs, startedUs),
    start_to_observe: span(startedUs, observedUs),
    total: span(createdUs, observedUs),
    // The API's stamps have whole seconds; ClusterLoader2 subtracted these until 2026.
    api_create_to_schedule: span(stampUs(api.createdMs), stampUs(api.scheduledMs)),
    api_schedule_to_start: span(stampUs(api.scheduledMs), stampUs(api.startedMs)),
    api_total: span(stampUs(api.createdMs), stampUs(api.startedMs)),
    simulated: pod.simulatedMs === undefined ? undefined : pod.simulatedMs * 1000,
  });
}

/** Watch and status answer travel on different connections, so the later one may arrive first: never below 0. */
function span(fromUs: number | undefined, toUs: number | undefined): number | undefined {
  return fromUs === undefined || toUs === undefined ? undefined : Math.max(0, toUs - fromUs);
}

function stampUs(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms * 1000;
}

function definedOnly<K extends string>(spans: Record<K, number | undefined>): Partial<Record<K, number>> {
  return Object.fromEntries(Object.entries(spans).filter(([, value]) => value !== undefined)) as Partial<
    Record<K, number>
  >;
}
