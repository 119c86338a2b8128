import { type ControllerContext, ownLoop } from "../context.ts";
import type { Recorder } from "../events/event-recorder.ts";
import { sameValue } from "../objects/canonical.ts";
import { isBeingDeleted, keyOf, nameOf, namespaceOf, uidOf } from "../objects/meta.ts";
import { isTerminal, withPodCondition } from "../objects/pod.ts";
import type { Node, Pod, Taint } from "../objects/types.ts";
import type { Loop } from "../runtime/loop.ts";
import { planStay, type Stay } from "./taint-eviction.ts";

/** The key of a node whose taints changed; a pod's key has a slash. */
const nodeKey = "#node ";

function noExecute(node: Node | undefined): Taint[] {
  return (node?.spec?.taints ?? []).filter(({ effect }) => effect === "NoExecute");
}

/** Deletes pods from nodes whose NoExecute taints they do not tolerate, or no longer. */
export class TaintEvictionController {
  readonly loop: Loop;
  readonly #context: ControllerContext;
  readonly #recorder: Recorder;
  readonly #stays = new Map<string, Stay>();

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#recorder = context.recorder("taint-eviction-controller");
    this.loop = ownLoop(context, "taint eviction", (key) => this.#sync(key));
    context.informers.nodes.onChange((after, before) => {
      const taints = noExecute(after);
      if (taints.length === 0 && noExecute(before).length === 0) return;
      if (!sameValue(taints, noExecute(before))) this.loop.enqueue(nodeKey + nameOf(after ?? before ?? {}));
    });
    context.informers.pods.onChange((after, before) => {
      const pod = after ?? before;
      const node = pod?.spec?.nodeName;
      if (pod === undefined || !node) return;
      const isNews = before?.spec?.nodeName !== node || after === undefined;
      const isTainted = noExecute(context.informers.nodes.get("", node)).length > 0;
      if (isNews && (isTainted || this.#stays.has(keyOf(pod)))) this.loop.enqueue(keyOf(pod));
    });
  }

  #sync(key: string): number | undefined {
    const { informers } = this.#context;
    if (key.startsWith(nodeKey)) {
      for (const pod of informers.podsByNode.get(key.slice(nodeKey.length))) this.loop.enqueue(keyOf(pod));
      return undefined;
    }
    const pod = informers.pods.byKey(key);
    if (pod === undefined || isBeingDeleted(pod) || isTerminal(pod)) {
      this.#stays.delete(key);
      return undefined;
    }
    return this.#syncPod(key, pod);
  }

  #syncPod(key: string, pod: Pod): number | undefined {
    const nowMs = this.#context.clock.nowMs();
    const taints = noExecute(this.#context.informers.nodes.get("", pod.spec?.nodeName ?? ""));
    const before = this.#stays.get(key);
    const stay = planStay(pod.spec?.tolerations, taints, before, nowMs);
    if (stay === undefined) {
      if (before !== undefined) {
        this.#stays.delete(key);
        this.#recorder.normal(pod, "TaintManagerEviction", `Cancelling deletion of Pod ${key}`);
      }
      return undefined;
    }
    this.#stays.set(key, stay);
    if (stay.untilMs > nowMs) return stay.untilMs - nowMs;
    this.#evict(key, pod, nowMs);
    return undefined;
  }

  #evict(key: string, pod: Pod, nowMs: number): void {
    const { store } = this.#context;
    this.#recorder.normal(pod, "TaintManagerEviction", `Marking for deletion Pod ${key}`);
    const condition = {
      type: "DisruptionTarget",
      status: "True",
      reason: "DeletionByTaintManager",
      message: "Taint manager: deleting due to NoExecute taint",
    };
    const changed = withPodCondition(pod, condition, nowMs);
    if (changed !== undefined) store.updateStatus("pods", changed);
    store.delete("pods", namespaceOf(pod), nameOf(pod), { uid: uidOf(pod) });
    this.#stays.delete(key);
  }
}
