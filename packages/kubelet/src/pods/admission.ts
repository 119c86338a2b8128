import { resourceAmount } from "./plan-of.ts";
import type { NodeTerm, PodPlan } from "./pod-plan.ts";

/** Why a kubelet will not run a pod that was bound to its node. */
export interface Rejection {
  readonly reason: string;
  readonly message: string;
}

/** pkg/kubelet/lifecycle/predicate.go names the three it knows; every other resource gets the prefix. */
const reasons: Readonly<Record<string, string>> = {
  cpu: "OutOfcpu",
  memory: "OutOfmemory",
  "ephemeral-storage": "OutOfephemeral-storage",
  pods: "OutOfpods",
};

/** What the node has and what its admitted pods have asked for. */
export class Admission {
  readonly #capacity: Readonly<Record<string, number>>;
  readonly #used: Record<string, number> = {};
  readonly #node: string;
  #labels: Readonly<Record<string, string>> | undefined;

  /** @param allocatable quantities as the Node reports them */
  constructor(node: string, allocatable: Readonly<Record<string, string>>) {
    this.#node = node;
    this.#capacity = Object.fromEntries(
      Object.entries(allocatable).map(([name, quantity]) => [name, resourceAmount(name, quantity)]),
    );
  }

  /** The Node's labels; before they are known no pod is rejected for its selectors. */
  setLabels(labels: Readonly<Record<string, string>> | undefined): void {
    this.#labels = labels;
  }

  /** undefined: the pod is let in. In the order of a kubelet: pods, resources, node affinity. */
  check(plan: PodPlan): Rejection | undefined {
    return this.#insufficient("pods", 1) ?? this.#resources(plan) ?? this.#affinity(plan);
  }

  take(plan: PodPlan): void {
    this.#count(plan, 1);
  }

  release(plan: PodPlan): void {
    this.#count(plan, -1);
  }

  #count(plan: PodPlan, sign: 1 | -1): void {
    this.#used["pods"] = (this.#used["pods"] ?? 0) + sign;
    for (const [name, amount] of Object.entries(plan.requests)) {
      this.#used[name] = (this.#used[name] ?? 0) + sign * amount;
    }
  }

  #resources(plan: PodPlan): Rejection | undefined {
    for (const [name, amount] of Object.entries(plan.requests)) {
      const rejection = amount > 0 ? this.#insufficient(name, amount) : undefined;
      if (rejection !== undefined) return rejection;
    }
    return undefined;
  }

  #insufficient(name: string, requested: number): Rejection | undefined {
    const capacity = this.#capacity[name];
    const used = this.#used[name] ?? 0;
    // Extended resources that the node does not have are none of the kubelet's business (removeMissingExtendedResources).
    if (capacity === undefined || used + requested <= capacity) return undefined;
    const message = `Node didn't have enough resource: ${name}, requested: ${requested}, used: ${used}, capacity: ${capacity}`;
    return { reason: reasons[name] ?? `OutOf${name}`, message };
  }

  #affinity(plan: PodPlan): Rejection | undefined {
    const labels = this.#labels;
    if (labels === undefined) return undefined;
    const selected = Object.entries(plan.nodeSelector ?? {}).every(([key, value]) => labels[key] === value);
    const terms = plan.nodeTerms;
    const matched = terms === undefined || terms.some((term) => term.length > 0 && this.#matches(term, labels));
    if (selected && matched) return undefined;
    return {
      reason: "NodeAffinity",
      message: "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
    };
  }

  #matches(term: readonly NodeTerm[], labels: Readonly<Record<string, string>>): boolean {
    return term.every((requirement) => {
      const value = requirement.field ? this.#node : labels[requirement.key];
      return requirementMet(requirement, value);
    });
  }
}

/** k8s.io/apimachinery/pkg/labels Requirement.Matches */
function requirementMet({ operator, values }: NodeTerm, value: string | undefined): boolean {
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return value !== undefined && Number(value) > Number(values[0]);
    case "Lt":
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      return false;
  }
}
