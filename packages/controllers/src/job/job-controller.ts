import { refusalOf } from "../cluster-store.ts";
import { type ControllerContext, ownLoop } from "../context.ts";
import type { Recorder } from "../events/event-recorder.ts";
import { sameValue } from "../objects/canonical.ts";
import { claim } from "../objects/claim.ts";
import {
  controllerOf,
  controllerReference,
  isBeingDeleted,
  keyOf,
  nameOf,
  namespaceOf,
  uidOf,
  withMetadata,
} from "../objects/meta.ts";
import { isActive } from "../objects/pod.ts";
import type { Job, JobStatus, Pod } from "../objects/types.ts";
import { orphansOf } from "../runtime/informers.ts";
import type { Loop } from "../runtime/loop.ts";
import { type JobBackoff, noBackoff } from "./backoff.ts";
import { isFinished, isTracked, trackingFinalizer } from "./job-facts.ts";
import { jobPod } from "./job-pod.ts";
import { type JobPlan, planJob } from "./plan.ts";
import { type Tally, tally } from "./tally.ts";
import { expiryMs } from "./ttl.ts";

/** The key of a pod that nobody counts any more, since its Job is gone or finished. */
const abandoned = "#pod ";

/** Runs Jobs' pods, counts their ends, and deletes finished Jobs whose time is over. */
export class JobController {
  readonly loop: Loop;
  readonly #context: ControllerContext;
  readonly #recorder: Recorder;
  readonly #backoffs = new Map<string, JobBackoff>();

  constructor(context: ControllerContext) {
    const { jobs, pods } = context.informers;
    this.#context = context;
    this.#recorder = context.recorder("job-controller");
    this.loop = ownLoop(context, "job", (key) => this.#sync(key));
    jobs.onChange((after, before) => this.#noteJob(after, before));
    pods.onChange((after, before) => this.#notePod(after ?? before));
  }

  #noteJob(after: Job | undefined, before: Job | undefined): void {
    if (after !== undefined) this.loop.enqueue(keyOf(after));
    if (before === undefined || (after !== undefined && !isFinished(after))) return;
    this.#backoffs.delete(uidOf(before));
    for (const pod of this.#context.informers.podsByOwner.get(uidOf(before))) {
      if (isTracked(pod)) this.loop.enqueue(abandoned + keyOf(pod));
    }
  }

  #notePod(pod: Pod | undefined): void {
    const owner = pod === undefined ? undefined : controllerOf(pod);
    if (pod === undefined || owner?.kind !== "Job") return;
    const job = this.#context.informers.jobs.get(namespaceOf(pod), owner.name ?? "");
    const isIts = job !== undefined && uidOf(job) === owner.uid;
    if (isIts) this.loop.enqueue(keyOf(job));
    if (isTracked(pod) && (!isIts || isFinished(job))) this.loop.enqueue(abandoned + keyOf(pod));
  }

  #sync(key: string): number | undefined {
    if (key.startsWith(abandoned)) return this.#syncAbandoned(key.slice(abandoned.length));
    const { informers, clock, settings } = this.#context;
    const job = informers.jobs.byKey(key);
    if (job === undefined) return undefined;
    if (isFinished(job)) return this.#syncFinished(job);
    const nowMs = clock.nowMs();
    const pods = this.#owned(job);
    const backoff = this.#backoffs.get(uidOf(job)) ?? noBackoff;
    // Nothing can be created in a namespace that is being deleted.
    const namespace = informers.namespaces.get("", namespaceOf(job));
    const isEnding = namespace !== undefined && isBeingDeleted(namespace);
    const plan = planJob({ job, pods, backoff, most: isEnding ? 0 : settings.podsPerStep }, nowMs);
    const kept = plan.deletes.length === 0 ? pods : pods.filter((pod) => !plan.deletes.includes(pod));
    const counting = tally(job, kept, plan, nowMs);
    this.#carryOut(job, plan);
    this.#count(job, counting);
    this.#backoffs.set(uidOf(job), plan.backoff);
    return plan.againMs;
  }

  #syncAbandoned(key: string): undefined {
    const { informers } = this.#context;
    const pod = informers.pods.byKey(key);
    if (pod === undefined) return undefined;
    const owner = controllerOf(pod);
    const job = informers.jobs.get(namespaceOf(pod), owner?.name ?? "");
    const isCounted = job !== undefined && uidOf(job) === owner?.uid && !isFinished(job);
    if (!isCounted) this.#release(pod);
    return undefined;
  }

  #syncFinished(job: Job): number | undefined {
    const atMs = expiryMs(job);
    if (atMs === undefined) return undefined;
    const leftMs = atMs - this.#context.clock.nowMs();
    if (leftMs > 0) return leftMs;
    const options = { uid: uidOf(job), propagation: "Foreground" } as const;
    this.#context.store.delete("jobs.batch", namespaceOf(job), nameOf(job), options);
    return undefined;
  }

  #owned(job: Job): readonly Pod[] {
    const { store, informers } = this.#context;
    const mine = informers.podsByOwner.get(uidOf(job));
    const strays = informers.podsByOwner.get(orphansOf(namespaceOf(job))).filter(isActive);
    const reference = controllerReference(job, "batch/v1", "Job");
    const claimed = claim(job, reference, job.spec?.selector, [...mine, ...strays]);
    for (const pod of claimed.release) store.update("pods", withoutTracking(pod));
    const adopted = claimed.adopt.map((pod) => {
      const finalizers = [...(pod.metadata?.finalizers ?? []), trackingFinalizer];
      return store.update("pods", withMetadata(pod, { finalizers }));
    });
    return [...claimed.owned, ...adopted];
  }

  #carryOut(job: Job, plan: JobPlan): void {
    for (const pod of plan.kills) this.#delete(job, pod);
    for (const pod of plan.deletes) {
      this.#release(pod);
      this.#delete(job, pod);
    }
    for (const index of plan.creates) {
      const created = this.#context.store.create("pods", jobPod(job, index));
      this.#recorder.normal(job, "SuccessfulCreate", `Created pod: ${nameOf(created)}`);
    }
    if (plan.event !== undefined) this.#recorder.normal(job, plan.event.reason, plan.event.message);
  }

  #count(job: Job, { status, release, counted, finished }: Tally): void {
    const written = this.#writeStatus(job, status);
    for (const pod of release) this.#release(pod);
    this.#writeStatus(written, counted);
    if (finished === undefined) return;
    if (finished.type === "Complete") this.#recorder.normal(job, "Completed", "Job completed");
    else this.#recorder.warning(job, finished.reason ?? "", finished.message ?? "");
  }

  #writeStatus(job: Job, status: JobStatus): Job {
    return sameValue(job.status, status) ? job : this.#context.store.updateStatus("jobs.batch", { ...job, status });
  }

  /** Ends the tracking of a pod, as it is now. */
  #release(pod: Pod): void {
    const now = this.#context.informers.pods.byKey(keyOf(pod));
    if (now === undefined || uidOf(now) !== uidOf(pod) || !isTracked(now)) return;
    this.#context.store.update("pods", withoutTracking(now));
  }

  #delete(job: Job, pod: Pod): void {
    const now = this.#context.informers.pods.byKey(keyOf(pod));
    if (now === undefined || uidOf(now) !== uidOf(pod) || isBeingDeleted(now)) return;
    try {
      this.#context.store.delete("pods", namespaceOf(pod), nameOf(pod), { uid: uidOf(pod) });
    } catch (thrown) {
      if (refusalOf(thrown) !== "NotFound") throw thrown;
    }
    this.#recorder.normal(job, "SuccessfulDelete", `Deleted pod: ${nameOf(pod)}`);
  }
}

function withoutTracking(pod: Pod): Pod {
  const finalizers = (pod.metadata?.finalizers ?? []).filter((finalizer) => finalizer !== trackingFinalizer);
  return withMetadata(pod, { finalizers });
}
