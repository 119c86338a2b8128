import type { Distribution, Random } from "@hollowfleet/core";
import type { ContainerPlan, PodPlan } from "./pod-plan.ts";
import type { ContainerState, PodEffect, PodStage, PodState, PodStep, PushStep } from "./pod-state.ts";

/** How long the parts of a pod's end take that are not the container's own. Measured: kubelet-audit §5, §6. */
export interface Pace {
  /** From SIGTERM to the end of an application that ends at once. */
  readonly stop: Distribution;
  /** From the last container's end to the final push of a deletion: volumes are unmounted. */
  readonly teardownMs: number;
  /** From the status that shows every container ended to the one with the terminal phase. */
  readonly finishMs: number;
  /** From there to the last push, which changes nothing. */
  readonly settleMs: number;
}

/** What a step needs beside the state: all of it constant for the pod's life but the generator. */
export interface LifecycleContext {
  readonly plan: PodPlan;
  readonly pace: Pace;
  readonly random: Random;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A state being changed within one step, and what the step wants done. */
export class PodDraft {
  readonly context: LifecycleContext;
  readonly nowMs: number;
  readonly effects: PodEffect[] = [];
  readonly #state: Mutable<PodState> & { containers: ContainerState[] };

  constructor(context: LifecycleContext, state: PodState, nowMs: number) {
    this.context = context;
    this.nowMs = nowMs;
    this.#state = { ...state, containers: [...state.containers] };
  }

  get plan(): PodPlan {
    return this.context.plan;
  }

  get state(): PodState {
    return this.#state;
  }

  set(change: Partial<Omit<PodState, "containers">>): void {
    Object.assign(this.#state, change);
  }

  stage(stage: PodStage): void {
    this.#state.stage = stage;
  }

  container(index: number): ContainerState {
    const container = this.#state.containers[index];
    if (container === undefined) throw new RangeError(`pod has no container ${index}`);
    return container;
  }

  planOf(index: number): ContainerPlan {
    const plan = this.plan.containers[index];
    if (plan === undefined) throw new RangeError(`pod has no container ${index}`);
    return plan;
  }

  setContainer(index: number, change: Partial<ContainerState>): void {
    this.#state.containers[index] = { ...this.container(index), ...change };
  }

  replaceContainer(index: number, container: ContainerState): void {
    this.#state.containers[index] = container;
  }

  /** At most one push per step: a kubelet's syncs are one status each. */
  push(step: PushStep): void {
    this.#state.changedMs = this.nowMs;
    if (!this.effects.some((effect) => effect.do === "push")) this.effects.push({ do: "push", step });
  }

  event(type: "Normal" | "Warning", reason: string, message: string, index?: number): void {
    this.effects.push({ do: "event", type, reason, message, index });
  }

  effect(effect: PodEffect): void {
    this.effects.push(effect);
  }

  /** pkg/kubelet/pod_workers.go completeWork: at most 60 s, plus up to half of it. */
  nextSyncMs(remainingMs: number): number {
    return this.nowMs + Math.min(remainingMs, 60_000) * (1 + 0.5 * this.context.random.next());
  }

  done(): PodStep {
    return { state: this.#state, effects: this.effects };
  }
}
