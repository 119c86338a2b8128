import type { Random } from "@hollowfleet/core";
import { type ControllerContext, ownLoop } from "../context.ts";
import type { Recorder } from "../events/event-recorder.ts";
import { sameValue } from "../objects/canonical.ts";
import { isBeingDeleted, keyOf, nameOf, namespaceOf } from "../objects/meta.ts";
import { isTerminal, withPodCondition } from "../objects/pod.ts";
import type { Node, Pod } from "../objects/types.ts";
import type { Loop } from "../runtime/loop.ts";
import { NodeTable } from "./node-table.ts";
import { place } from "./placement.ts";

const schedulerName = "default-scheduler";

/** Waits of a pod that found no node, before it is tried again when something changed (podInitialBackoff, podMaxBackoff). */
const firstBackoffMs = 1000;
const longestBackoffMs = 10_000;
/** After this it is tried again even if nothing changed (podMaxInUnschedulablePodsDuration). */
const flushMs = 5 * 60_000;

/** The key of the work "try again those that found no node"; a pod's key has a slash. */
const retryAll = "#retry";

/** Whether the pod waits for this scheduler. */
function isSchedulable(pod: Pod): boolean {
  const { spec } = pod;
  return (
    !spec?.nodeName &&
    (spec?.schedulerName ?? schedulerName) === schedulerName &&
    (spec?.schedulingGates ?? []).length === 0 &&
    !isTerminal(pod) &&
    !isBeingDeleted(pod)
  );
}

/** Whether the change of a node matters to pods that are to be placed; heartbeats do not. */
function isRelevant(after: Node, before: Node): boolean {
  return (
    !sameValue(after.spec, before.spec) ||
    !sameValue(after.status?.allocatable, before.status?.allocatable) ||
    !sameValue(after.metadata?.labels, before.metadata?.labels)
  );
}

/** Binds pending pods to nodes, one per step. Pod affinity, topology spread, volumes and preemption are not simulated. */
export class Scheduler {
  readonly loop: Loop;
  readonly #context: ControllerContext;
  readonly #random: Random;
  readonly #recorder: Recorder;
  readonly #table = new NodeTable();
  /** Pods that found no node: how often, and when last. */
  readonly #waiting = new Map<string, { readonly tries: number; readonly triedUs: number }>();
  #startAt = 0;
  #podsBound = 0;

  constructor(context: ControllerContext) {
    const { nodes, pods } = context.informers;
    this.#context = context;
    this.#random = context.random.fork("scheduler");
    this.#recorder = context.recorder(schedulerName);
    const priorityOf = (key: string) =>
      key === retryAll ? Number.POSITIVE_INFINITY : (pods.byKey(key)?.spec?.priority ?? 0);
    this.loop = ownLoop(context, "scheduler", (key) => this.#sync(key), priorityOf);
    nodes.onChange((after, before) => this.#noteNode(after, before));
    pods.onChange((after, before) => this.#notePod(after, before));
  }

  /** Pods bound since the start. */
  get podsBound(): number {
    return this.#podsBound;
  }

  #noteNode(after: Node | undefined, before: Node | undefined): void {
    if (after === undefined) {
      if (before !== undefined) this.#table.removeNode(nameOf(before));
    } else if (before === undefined || isRelevant(after, before)) {
      this.#table.setNode(after);
      this.#retryWaiting();
    }
  }

  #notePod(after: Pod | undefined, before: Pod | undefined): void {
    const key = keyOf(after ?? before ?? {});
    const held = this.#table.boundPods;
    if (after === undefined) this.#table.removePod(key);
    else this.#table.setPod(after);
    if (this.#table.boundPods < held) this.#retryWaiting();
    if (after === undefined) this.#waiting.delete(key);
    // The condition that this scheduler writes itself is no reason to try again.
    else if (isSchedulable(after) && !hasSameSpec(after, before)) this.loop.enqueue(key);
  }

  #retryWaiting(): void {
    if (this.#waiting.size > 0) this.loop.enqueue(retryAll);
  }

  #sync(key: string): number | undefined {
    const { informers, settings } = this.#context;
    if (key === retryAll) return this.#enqueueWaiting();
    const pod = informers.pods.byKey(key);
    if (pod === undefined || !isSchedulable(pod)) {
      this.#waiting.delete(key);
      return undefined;
    }
    const { nodes } = this.#table;
    const placement = place(pod, { nodes, startAt: this.#startAt, enough: settings.nodesToScore }, this.#random);
    if (placement.kind === "unschedulable") return this.#reject(pod, placement.message);
    this.#startAt = (this.#startAt + placement.examined) % nodes.length;
    this.#waiting.delete(key);
    this.#bind(pod, placement.node);
    return undefined;
  }

  #enqueueWaiting(): undefined {
    const nowUs = this.#context.clock.nowUs();
    for (const [key, { tries, triedUs }] of this.#waiting) {
      const backoffMs = Math.min(firstBackoffMs * 2 ** (tries - 1), longestBackoffMs);
      this.loop.enqueueAfter(key, backoffMs - (nowUs - triedUs) / 1000);
    }
    return undefined;
  }

  #bind(pod: Pod, node: string): void {
    this.#context.store.bind(namespaceOf(pod), nameOf(pod), node);
    this.#podsBound += 1;
    this.#recorder.normal(pod, "Scheduled", `Successfully assigned ${keyOf(pod)} to ${node}`);
  }

  #reject(pod: Pod, message: string): number {
    const { clock, store } = this.#context;
    const key = keyOf(pod);
    this.#waiting.set(key, { tries: (this.#waiting.get(key)?.tries ?? 0) + 1, triedUs: clock.nowUs() });
    this.#recorder.warning(pod, "FailedScheduling", message);
    const condition = { type: "PodScheduled", status: "False", reason: "Unschedulable", message };
    const changed = withPodCondition(pod, condition, clock.nowMs());
    if (changed !== undefined) store.updateStatus("pods", changed);
    return flushMs;
  }
}

function hasSameSpec(after: Pod, before: Pod | undefined): boolean {
  return before !== undefined && (after.spec === before.spec || sameValue(after.spec, before.spec));
}
