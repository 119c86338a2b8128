import { errorText } from "@hollowfleet/core";
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
} from "../objects/meta.ts";
import { isActive, podFromTemplate } from "../objects/pod.ts";
import { selects } from "../objects/selectors.ts";
import type { Pod, ReplicaSet } from "../objects/types.ts";
import { orphansOf } from "../runtime/informers.ts";
import type { Loop } from "../runtime/loop.ts";
import { nextAvailableMs, planReplicaSet, type ReplicaFailure, replicaSetStatus } from "./plan.ts";

/** Creations or deletions under way, the next one last; void when the ReplicaSet is changed meanwhile. */
interface Burst {
  readonly generation: number | undefined;
  readonly acts: (() => void)[];
}

/** Keeps as many pods as each ReplicaSet wants. */
export class ReplicaSetController {
  readonly loop: Loop;
  readonly #context: ControllerContext;
  readonly #recorder: Recorder;
  readonly #bursts = new Map<string, Burst>();

  constructor(context: ControllerContext) {
    const { replicaSets, pods } = context.informers;
    this.#context = context;
    this.#recorder = context.recorder("replicaset-controller");
    this.loop = ownLoop(context, "replicaset", (key) => this.#sync(key));
    replicaSets.onChange((after, before) => {
      const replicaSet = after ?? before;
      if (replicaSet !== undefined) this.loop.enqueue(keyOf(replicaSet));
    });
    pods.onChange((after, before) => this.#notePod(after, before));
  }

  #notePod(after: Pod | undefined, before: Pod | undefined): void {
    if (before !== undefined) this.#enqueueOwner(before);
    if (after !== undefined) this.#enqueueOwner(after);
    if (after === undefined || controllerOf(after) !== undefined) return;
    if (before !== undefined && sameValue(before.metadata?.labels, after.metadata?.labels)) return;
    for (const replicaSet of this.#context.informers.replicaSets.all()) {
      const isNear = namespaceOf(replicaSet) === namespaceOf(after);
      if (isNear && selects(replicaSet.spec?.selector, after.metadata?.labels)) this.loop.enqueue(keyOf(replicaSet));
    }
  }

  #enqueueOwner(pod: Pod): void {
    const owner = controllerOf(pod);
    if (owner?.kind === "ReplicaSet") this.loop.enqueue(`${namespaceOf(pod)}/${owner.name}`);
  }

  #sync(key: string): number | undefined {
    const { informers, settings } = this.#context;
    const replicaSet = informers.replicaSets.byKey(key);
    const burst = this.#bursts.get(key);
    if (replicaSet === undefined || burst?.generation !== replicaSet.metadata.generation) this.#bursts.delete(key);
    if (replicaSet === undefined) return undefined;
    if (!this.#bursts.has(key)) return this.#look(key, replicaSet);
    for (let step = 0; step < settings.podsPerStep; step++) {
      const act = this.#bursts.get(key)?.acts.pop();
      if (act === undefined) this.#bursts.delete(key);
      else this.#attempt(key, replicaSet, act);
    }
    return 0;
  }

  /** Writes the status, and begins a burst if there are too few pods or too many. */
  #look(key: string, replicaSet: ReplicaSet): number | undefined {
    const { informers, clock, settings } = this.#context;
    const nowMs = clock.nowMs();
    const pods = this.#owned(replicaSet);
    const isTooMany = pods.length > (replicaSet.spec?.replicas ?? 1);
    const neighbours = isTooMany ? this.#neighboursOf(replicaSet) : () => 0;
    const plan = planReplicaSet({ replicaSet, pods, neighbours, most: settings.podsPerBurst }, nowMs);
    // Nothing can be created in a namespace that is being deleted.
    const namespace = informers.namespaces.get("", namespaceOf(replicaSet));
    const isEnding = namespace !== undefined && isBeingDeleted(namespace);
    const acts = [
      ...plan.deletes.map((pod) => () => this.#delete(replicaSet, pod)).reverse(),
      ...new Array<() => void>(isEnding ? 0 : plan.create).fill(() => this.#create(replicaSet)),
    ];
    this.#writeStatus(replicaSet, pods, acts.length > 0 ? "unknown" : undefined);
    if (acts.length === 0) return nextAvailableMs(replicaSet, pods, nowMs);
    this.#bursts.set(key, { generation: replicaSet.metadata.generation, acts });
    return 0;
  }

  /** One at a time, and none after the first refusal: what upstream's slow start is for. */
  #attempt(key: string, replicaSet: ReplicaSet, act: () => void): void {
    try {
      act();
    } catch (thrown) {
      this.#bursts.delete(key);
      const refusal = refusalOf(thrown);
      if (refusal !== undefined && refusal !== "NotFound") this.#tell(replicaSet, errorText(thrown));
      // The loop tries again after a wait that grows.
      throw thrown;
    }
  }

  #tell(replicaSet: ReplicaSet, message: string): void {
    const pods = this.#owned(replicaSet);
    const isCreate = pods.filter(isActive).length < (replicaSet.spec?.replicas ?? 1);
    const reason = isCreate ? "FailedCreate" : "FailedDelete";
    this.#recorder.warning(replicaSet, reason, `Error ${isCreate ? "creating" : "deleting"}: ${message}`);
    this.#writeStatus(replicaSet, pods, { reason, message });
  }

  #writeStatus(replicaSet: ReplicaSet, pods: readonly Pod[], failure: ReplicaFailure | "unknown" | undefined): void {
    const status = replicaSetStatus(replicaSet, pods, failure, this.#context.clock.nowMs());
    if (sameValue(status, replicaSet.status)) return;
    this.#context.store.updateStatus("replicasets.apps", { ...replicaSet, status });
  }

  #owned(replicaSet: ReplicaSet): readonly Pod[] {
    const { store, informers } = this.#context;
    const mine = informers.podsByOwner.get(uidOf(replicaSet));
    const strays = informers.podsByOwner.get(orphansOf(namespaceOf(replicaSet))).filter(isActive);
    const reference = controllerReference(replicaSet, "apps/v1", "ReplicaSet");
    const claimed = claim(replicaSet, reference, replicaSet.spec?.selector, [...mine, ...strays]);
    for (const pod of claimed.release) store.update("pods", pod);
    return [...claimed.owned, ...claimed.adopt.map((pod) => store.update("pods", pod))];
  }

  /** Active pods of all ReplicaSets of the same Deployment, by node. */
  #neighboursOf(replicaSet: ReplicaSet): (node: string) => number {
    const { podsByOwner, replicaSetsByOwner } = this.#context.informers;
    const owner = controllerOf(replicaSet);
    const siblings = owner === undefined ? [replicaSet] : replicaSetsByOwner.get(owner.uid ?? "");
    const byNode = new Map<string, number>();
    for (const pod of siblings.flatMap((sibling) => podsByOwner.get(uidOf(sibling)))) {
      const node = pod.spec?.nodeName;
      if (node && isActive(pod)) byNode.set(node, (byNode.get(node) ?? 0) + 1);
    }
    return (node) => byNode.get(node) ?? 0;
  }

  #create(replicaSet: ReplicaSet): void {
    const pod = podFromTemplate({
      template: replicaSet.spec?.template ?? {},
      namespace: namespaceOf(replicaSet),
      generateName: `${nameOf(replicaSet)}-`,
      owner: controllerReference(replicaSet, "apps/v1", "ReplicaSet"),
    });
    const created = this.#context.store.create("pods", pod);
    this.#recorder.normal(replicaSet, "SuccessfulCreate", `Created pod: ${nameOf(created)}`);
  }

  #delete(replicaSet: ReplicaSet, pod: Pod): void {
    const { store, informers } = this.#context;
    if (!informers.pods.has(pod)) return;
    store.delete("pods", namespaceOf(pod), nameOf(pod), { uid: uidOf(pod) });
    this.#recorder.normal(replicaSet, "SuccessfulDelete", `Deleted pod: ${nameOf(pod)}`);
  }
}
