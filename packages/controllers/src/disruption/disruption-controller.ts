import { type ControllerContext, ownLoop } from "../context.ts";
import { sameValue } from "../objects/canonical.ts";
import { controllerOf, keyOf, namespaceOf, uidOf } from "../objects/meta.ts";
import { selects } from "../objects/selectors.ts";
import type { Pod, PodDisruptionBudget } from "../objects/types.ts";
import type { Loop } from "../runtime/loop.ts";
import { planBudget } from "./plan.ts";

/** Keeps the status of PodDisruptionBudgets, which eviction and `kubectl drain` go by. */
export class DisruptionController {
  readonly loop: Loop;
  readonly #context: ControllerContext;

  constructor(context: ControllerContext) {
    const { informers } = context;
    this.#context = context;
    this.loop = ownLoop(context, "disruption", (key) => this.#sync(key));
    informers.budgets.onChange((after) => {
      if (after !== undefined) this.loop.enqueue(keyOf(after));
    });
    informers.pods.onChange((after, before) => {
      const pod = after ?? before;
      if (informers.budgets.size === 0 || pod === undefined) return;
      for (const budget of informers.budgetsByNamespace.get(namespaceOf(pod))) {
        if (isSelected(budget, pod)) this.loop.enqueue(keyOf(budget));
      }
    });
  }

  #sync(key: string): number | undefined {
    const { informers, store, clock } = this.#context;
    const budget = informers.budgets.byKey(key);
    if (budget === undefined) return undefined;
    const pods = informers.podsByNamespace.get(namespaceOf(budget)).filter((pod) => isSelected(budget, pod));
    const plan = planBudget({ budget, pods, expectedScale: this.#expectedScale(pods) }, clock.nowMs());
    if (!sameValue(plan.status, budget.status)) {
      store.updateStatus("poddisruptionbudgets.policy", { ...budget, status: plan.status });
    }
    return plan.againMs;
  }

  /** Each controller counts once; pods of controllers without a scale count as none (getExpectedScale). */
  #expectedScale(pods: readonly Pod[]): number {
    const { replicaSets, deployments } = this.#context.informers;
    const scales = new Map<string, number>();
    for (const pod of pods) {
      const owner = controllerOf(pod);
      const replicaSet = owner?.kind === "ReplicaSet" ? replicaSets.get(namespaceOf(pod), owner.name ?? "") : undefined;
      if (replicaSet === undefined || uidOf(replicaSet) !== owner?.uid) continue;
      const above = controllerOf(replicaSet);
      const deployment = above?.kind === "Deployment" ? deployments.get(namespaceOf(pod), above.name ?? "") : undefined;
      const scaler = deployment ?? replicaSet;
      scales.set(uidOf(scaler), scaler.spec?.replicas ?? 1);
    }
    return [...scales.values()].reduce((total, scale) => total + scale, 0);
  }
}

function isSelected(budget: PodDisruptionBudget, pod: Pod): boolean {
  return selects(budget.spec?.selector, pod.metadata?.labels);
}
