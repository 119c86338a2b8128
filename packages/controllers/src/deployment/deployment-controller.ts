import { type ControllerContext, ownLoop } from "../context.ts";
import type { Recorder } from "../events/event-recorder.ts";
import { claim } from "../objects/claim.ts";
import {
  controllerOf,
  controllerReference,
  type KubeObject,
  keyOf,
  nameOf,
  namespaceOf,
  uidOf,
} from "../objects/meta.ts";
import { isTerminal } from "../objects/pod.ts";
import { isEverything, selects } from "../objects/selectors.ts";
import type { Deployment, ReplicaSet } from "../objects/types.ts";
import { orphansOf } from "../runtime/informers.ts";
import type { Loop } from "../runtime/loop.ts";
import { type DeploymentPlan, planDeployment } from "./plan.ts";
import { replicasOf } from "./replica-sets.ts";

/** Runs Deployments by ReplicaSets. */
export class DeploymentController {
  readonly loop: Loop;
  readonly #context: ControllerContext;
  readonly #recorder: Recorder;

  constructor(context: ControllerContext) {
    const { deployments, replicaSets, pods } = context.informers;
    this.#context = context;
    this.#recorder = context.recorder("deployment-controller");
    this.loop = ownLoop(context, "deployment", (key) => this.#sync(key));
    deployments.onChange((after) => {
      if (after !== undefined) this.loop.enqueue(keyOf(after));
    });
    replicaSets.onChange((after, before) => {
      this.#enqueueOwner(after ?? before);
      if (after !== undefined && controllerOf(after) === undefined) this.#enqueueSelecting(after);
    });
    // Recreate waits for old pods to be gone, and no change of a ReplicaSet tells of a terminating pod's end.
    pods.onChange((after, before) => {
      if (before === undefined || (after !== undefined && !isTerminal(after))) return;
      const owner = controllerOf(before);
      if (owner?.kind === "ReplicaSet") this.#enqueueOwner(replicaSets.get(namespaceOf(before), owner.name ?? ""));
    });
  }

  #enqueueOwner(object: KubeObject | undefined): void {
    const owner = object === undefined ? undefined : controllerOf(object);
    if (object !== undefined && owner?.kind === "Deployment") {
      this.loop.enqueue(`${namespaceOf(object)}/${owner.name}`);
    }
  }

  #enqueueSelecting(orphan: ReplicaSet): void {
    for (const deployment of this.#context.informers.deployments.all()) {
      const isNear = namespaceOf(deployment) === namespaceOf(orphan);
      if (isNear && selects(deployment.spec?.selector, orphan.metadata?.labels)) this.loop.enqueue(keyOf(deployment));
    }
  }

  #sync(key: string): number | undefined {
    const { informers, clock } = this.#context;
    const deployment = informers.deployments.byKey(key);
    if (deployment === undefined) return undefined;
    if (isEverything(deployment.spec?.selector)) {
      const message = "This deployment is selecting all pods. A non-empty selector is required.";
      this.#recorder.warning(deployment, "SelectingAll", message);
      return undefined;
    }
    const isTaken = (name: string) => informers.replicaSets.get(namespaceOf(deployment), name) !== undefined;
    const hasPods = (sets: readonly ReplicaSet[]) =>
      sets.some((set) => informers.podsByOwner.get(uidOf(set)).some((pod) => !isTerminal(pod)));
    const state = { deployment, replicaSets: this.#owned(deployment), isTaken, hasPods };
    const plan = planDeployment(state, clock.nowMs());
    this.#carryOut(deployment, plan);
    return plan.againMs;
  }

  #owned(deployment: Deployment): readonly ReplicaSet[] {
    const { store, informers } = this.#context;
    const candidates = [
      ...informers.replicaSetsByOwner.get(uidOf(deployment)),
      ...informers.replicaSetsByOwner.get(orphansOf(namespaceOf(deployment))),
    ];
    const reference = controllerReference(deployment, "apps/v1", "Deployment");
    const claimed = claim(deployment, reference, deployment.spec?.selector, candidates);
    for (const replicaSet of claimed.release) store.update("replicasets.apps", replicaSet);
    const adopted = claimed.adopt.map((replicaSet) => store.update("replicasets.apps", replicaSet));
    return [...claimed.owned, ...adopted];
  }

  #carryOut(deployment: Deployment, plan: DeploymentPlan): void {
    const { store } = this.#context;
    if (plan.create !== undefined) {
      const created = store.create("replicasets.apps", plan.create);
      const replicas = replicasOf(created);
      const message = `Scaled up replica set ${nameOf(created)} from 0 to ${replicas}`;
      if (replicas > 0) this.#recorder.normal(deployment, "ScalingReplicaSet", message);
    }
    for (const { replicaSet, message } of plan.updates) {
      store.update("replicasets.apps", replicaSet);
      if (message !== undefined) this.#recorder.normal(deployment, "ScalingReplicaSet", message);
    }
    for (const replicaSet of plan.deletes) {
      store.delete("replicasets.apps", namespaceOf(replicaSet), nameOf(replicaSet), { uid: uidOf(replicaSet) });
    }
    if (plan.deployment !== undefined) store.updateStatus("deployments.apps", plan.deployment);
  }
}
