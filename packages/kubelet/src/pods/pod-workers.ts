import { ClientError, type Received } from "@hollowfleet/client";
import { type Pod, peekMeta, timeToMs } from "@hollowfleet/wire";
import { Admission } from "./admission.ts";
import { adoptedState } from "./adopt.ts";
import { apiStatus } from "./api-status.ts";
import { DueHeap } from "./due-heap.ts";
import { ObjectWatches } from "./object-watches.ts";
import { planOf } from "./plan-of.ts";
import { PodClock } from "./pod-clock.ts";
import type { LifecycleContext, Pace } from "./pod-draft.ts";
import { isOver, newEntry, type PodEntry } from "./pod-entry.ts";
import { PodIps } from "./pod-ips.ts";
import { nextWakeMs, sandboxFails, stepPod } from "./pod-lifecycle.ts";
import type { PodManager, PodManagerOptions } from "./pod-manager.ts";
import { PodReports } from "./pod-reports.ts";
import { PodRuntime, paceOf, type RuntimeSubject } from "./pod-runtime.ts";
import type { PodEffect, PodEvent } from "./pod-state.ts";
import { StatusPusher } from "./status-pusher.ts";
import { requestTokens } from "./tokens.ts";

/** pkg/volume/util/nestedpendingoperations: a volume is tried again after 0.5 s, doubled up to 2 min 2 s. */
const mountRetryMs = 500;
const mountRetryCapMs = 122_000;

/** Joins the pure state machine of each pod to the API, the clock and the simulated runtime. */
export class PodWorkers implements PodManager {
  readonly #options: PodManagerOptions;
  readonly #entries = new Map<string, PodEntry>();
  readonly #due = new DueHeap<PodEntry>();
  readonly #clock: PodClock;
  readonly #pace: Pace;
  readonly #ips: PodIps;
  readonly #admission: Admission;
  readonly #runtime: PodRuntime;
  readonly #watches: ObjectWatches;
  readonly #pusher: StatusPusher;
  readonly #reports: PodReports;
  #running = 0;
  #stopped = false;

  constructor(options: PodManagerOptions) {
    const { spec, profile, delays, api, clock, random, observer } = options;
    const onError = (where: string, error: ClientError): void => observer.onError(spec.name, where, error);
    this.#options = options;
    this.#clock = new PodClock(clock, () => this.#tick());
    this.#pace = paceOf(delays);
    this.#ips = new PodIps(spec.fallbackPodCidr);
    this.#admission = new Admission(spec.name, spec.allocatable ?? spec.capacity);
    this.#runtime = new PodRuntime(delays, random);
    this.#watches = new ObjectWatches({ api, clock, random, onError });
    this.#reports = new PodReports(options);
    this.#pusher = new StatusPusher({
      api,
      clock,
      hostIp: spec.address,
      mode: profile.podPushes,
      onStored: (entry, state, phase) => this.#reports.stored(entry, state, phase),
      onError,
    });
  }

  get running(): number {
    return this.#running;
  }

  replace(pods: readonly Received<Pod>[]): void {
    const here = new Set(pods.map(({ raw }) => peekMeta(raw).uid));
    for (const [uid, entry] of this.#entries) if (!here.has(uid)) this.#drop(uid, entry);
    for (const pod of pods) this.set(pod);
  }

  set(pod: Received<Pod>): void {
    if (this.#stopped) return;
    const meta = peekMeta(pod.raw);
    const entry = this.#entries.get(meta.uid);
    if (entry === undefined) {
      this.#add(pod, meta.uid, meta.resourceVersion);
      this.#arm();
      return;
    }
    entry.resourceVersion = meta.resourceVersion;
    // The echo of our own push. A deletion and a new spec bump the generation; readiness gates and servers without
    // generations need the object itself.
    const same = meta.generation > 0 && meta.generation === entry.state.generation && !entry.state.deleting;
    if (same && entry.plan.readinessGates.length === 0) return;
    this.#change(entry, pod.object, meta.generation);
    this.#arm();
  }

  remove(pod: Received<Pod>): void {
    const { uid } = peekMeta(pod.raw);
    const entry = this.#entries.get(uid);
    if (entry !== undefined) this.#drop(uid, entry);
  }

  setPodCidr(cidr: string | undefined): void {
    this.#ips.setCidr(cidr);
  }

  setLabels(labels: Readonly<Record<string, string>> | undefined): void {
    this.#admission.setLabels(labels);
  }

  stop(): void {
    this.#stopped = true;
    this.#clock.stop();
    this.#pusher.stop();
    this.#watches.stop();
    for (const entry of this.#entries.values()) entry.present = false;
    this.#entries.clear();
    this.#due.clear();
    this.#running = 0;
  }

  #add(received: Received<Pod>, uid: string, resourceVersion: string): void {
    const pod = received.object;
    const plan = planOf(pod);
    const nowMs = this.#clock.nowMs();
    const api = apiStatus(pod.status);
    const state = adoptedState(plan, pod.metadata?.generation ?? 0, api, nowMs);
    const entry = newEntry(plan, state, resourceVersion, this.#clock.nowUs());
    entry.gates = gatesOf(entry, pod);
    this.#entries.set(uid, entry);
    this.#reports.phase(entry, state.phase ?? (state.stage.t === "running" ? "Running" : "Pending"));
    // Over already, and nobody's concern but for a deletion.
    if (!isOver(entry)) this.#admit(entry);
    this.#deletion(entry, pod);
  }

  #admit(entry: PodEntry): void {
    const { plan, state } = entry;
    this.#running++;
    const adopted = state.stage.t === "running";
    // What runs already has been admitted by the kubelet before the restart.
    const rejection = adopted ? undefined : this.#admission.check(plan);
    if (rejection !== undefined) {
      this.#happen(entry, { t: "rejected", ...rejection });
      return;
    }
    this.#admission.take(plan);
    entry.admitted = true;
    entry.startTold = adopted;
    if (adopted && state.ip !== undefined && !plan.hostNetwork) this.#ips.reserve(state.ip);
    this.#happen(entry, { t: "seen" });
  }

  #change(entry: PodEntry, pod: Pod, generation: number): void {
    const gates = gatesOf(entry, pod);
    const changed = gates !== entry.gates;
    entry.gates = gates;
    if (pod.metadata?.deletionTimestamp !== undefined) {
      this.#deletion(entry, pod);
      if (!changed) return;
    } else if (generation !== entry.state.generation) {
      this.#replan(entry, pod);
    } else if (!changed) return;
    this.#happen(entry, { t: "changed", generation });
  }

  /** The spec has changed in place: resources, images, a shorter deadline. */
  #replan(entry: PodEntry, pod: Pod): void {
    const plan = planOf(pod);
    if (entry.admitted) {
      this.#admission.release(entry.plan);
      this.#admission.take(plan);
    }
    entry.plan = { ...plan, objects: entry.plan.objects };
  }

  #deletion(entry: PodEntry, pod: Pod): void {
    const { metadata } = pod;
    if (timeToMs(metadata?.deletionTimestamp) === undefined) return;
    const graceMs = (metadata?.deletionGracePeriodSeconds ?? 0) * 1000;
    // Known: only a shorter grace would be news, and only while something still runs.
    if (entry.state.deleting && entry.state.stage.t !== "stopping") return;
    this.#reports.phase(entry, "Terminating");
    this.#happen(entry, { t: "delete", graceMs, generation: metadata?.generation ?? 0 });
  }

  /** The pod is no longer in the API: everything of it ends here, and nothing is sent (kubelet-wire §3.7). */
  #drop(uid: string, entry: PodEntry): void {
    this.#entries.delete(uid);
    entry.present = false;
    this.#pusher.forget(entry);
    this.#runtime.forget(entry);
    this.#due.remove(entry);
    if (!isOver(entry)) this.#running--;
    this.#release(entry);
    this.#reports.gone(entry);
  }

  #release(entry: PodEntry): void {
    const { plan, state } = entry;
    if (!entry.admitted) return;
    entry.admitted = false;
    entry.refreshMs = undefined;
    this.#admission.release(plan);
    if (state.ip !== undefined && !plan.hostNetwork) this.#ips.release(state.ip);
    if (this.#options.profile.objectWatches) this.#watches.remove(plan);
  }

  #happen(entry: PodEntry, event: PodEvent): void {
    const before = isOver(entry);
    const context: LifecycleContext = { plan: entry.plan, pace: this.#pace, random: this.#options.random };
    const step = stepPod(context, entry.state, event, this.#clock.nowMs());
    entry.state = step.state;
    if (!before && isOver(entry)) this.#running--;
    for (const effect of step.effects) this.#carryOut(entry, effect);
    this.#schedule(entry);
  }

  #carryOut(entry: PodEntry, effect: PodEffect): void {
    const { profile } = this.#options;
    switch (effect.do) {
      case "push": {
        const early = effect.step === "created" || effect.step === "sandbox" || effect.step === "init";
        if (!early || profile.podPushes === "kubelet") this.#pusher.request(entry, effect.step === "final");
        break;
      }
      case "event":
        this.#reports.event(entry, effect);
        break;
      case "mount":
        if (profile.objectWatches) this.#watches.add(entry.plan);
        if (entry.state.stage.t !== "creating") void this.#mount(entry);
        break;
      case "create-sandbox":
        if (entry.mounted) this.#runtime.beginSandbox(entry, this.#clock.nowMs());
        else this.#runtime.beginVolumes(entry, this.#clock.nowMs());
        break;
      case "start-container":
        this.#runtime.beginContainer(entry, effect.index, this.#clock.nowMs());
        break;
      case "stop-container":
        this.#runtime.beginStop(entry, effect.index, this.#clock.nowMs());
        break;
      case "release":
        this.#release(entry);
        break;
    }
  }

  /** Asks for the pod's tokens, without which a kubelet cannot mount its volumes. */
  async #mount(entry: PodEntry): Promise<void> {
    const { api, profile, random, observer, spec } = this.#options;
    entry.refreshMs = undefined;
    try {
      const wanted = profile.tokens && entry.plan.tokens.length > 0;
      const refreshMs = wanted ? await requestTokens(api, entry.plan, random, this.#clock.nowMs()) : undefined;
      if (!entry.present || !entry.admitted) return;
      entry.mountFailures = 0;
      if (refreshMs !== undefined) entry.refreshMs = this.#clock.nowMs() + refreshMs;
      if (!entry.mounted && entry.state.stage.t === "creating") {
        this.#runtime.beginSandbox(entry, this.#clock.nowMs());
      }
      entry.mounted = true;
    } catch (thrown) {
      if (!(thrown instanceof ClientError)) throw thrown;
      if (!entry.present || !entry.admitted) return;
      observer.onError(spec.name, "pod token", thrown);
      if (!entry.mounted) this.#reports.mountFailed(entry, thrown);
      entry.refreshMs = this.#clock.nowMs() + Math.min(mountRetryMs * 2 ** entry.mountFailures++, mountRetryCapMs);
    }
    this.#schedule(entry);
    this.#arm();
  }

  #schedule(entry: PodEntry): void {
    const never = Number.POSITIVE_INFINITY;
    const wakeMs = entry.present ? nextWakeMs(entry.plan, entry.state) : undefined;
    const dueMs = entry.present ? Math.min(wakeMs ?? never, entry.refreshMs ?? never) : never;
    if (dueMs === entry.dueMs && entry.heapAt >= 0) return;
    this.#due.remove(entry);
    entry.dueMs = dueMs;
    if (dueMs !== never) this.#due.push(entry);
  }

  #arm(): void {
    if (this.#stopped) return;
    this.#clock.arm(this.#due.peek()?.dueMs);
    this.#clock.arm(this.#runtime.nextMs());
  }

  /** Everything that is due, in the order of its moments as far as the timer was on time. */
  #tick(): void {
    const nowMs = this.#clock.nowMs();
    for (const { subject, tookMs } of this.#runtime.take(nowMs)) {
      this.#runtimeDone(subject, tookMs);
    }
    for (let entry = this.#due.peek(); entry !== undefined && entry.dueMs <= nowMs; entry = this.#due.peek()) {
      this.#due.remove(entry);
      if (entry.refreshMs !== undefined && entry.refreshMs <= nowMs) void this.#mount(entry);
      this.#happen(entry, { t: "wake" });
    }
    this.#arm();
  }

  #runtimeDone({ entry, task, index }: RuntimeSubject, tookMs: number): void {
    if (!entry.present) return;
    if (!entry.startTold) entry.simulatedMs += tookMs;
    if (task === "volumes") void this.#mount(entry);
    else if (task === "sandbox") this.#sandboxDone(entry);
    else this.#happen(entry, { t: task === "start" ? "container-up" : "container-down", index });
  }

  #sandboxDone(entry: PodEntry): void {
    if (entry.state.stage.t !== "creating") return;
    const fails = sandboxFails(entry.plan, entry.state, this.#clock.nowMs());
    const ip = entry.plan.hostNetwork ? this.#options.spec.address : this.#ips.allocate();
    if (fails && ip !== undefined && !entry.plan.hostNetwork) this.#ips.release(ip);
    this.#happen(entry, { t: "sandbox-made", ip: fails ? undefined : ip });
  }
}

/** The statuses of a pod's readiness gates, as one text to compare. */
function gatesOf({ plan }: PodEntry, pod: Pod): string {
  if (plan.readinessGates.length === 0) return "";
  const conditions = pod.status?.conditions ?? [];
  return plan.readinessGates.map((gate) => conditions.find(({ type }) => type === gate)?.status ?? "").join(",");
}
