import type { KubeObject } from "../object.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import { keyOf } from "../store/object-index.ts";
import type { Store } from "../store/store.ts";

/** The node that a pod is bound to; "" for none. */
export function nodeOf(pod: KubeObject): string {
  return (pod["spec"] as { readonly nodeName?: string } | undefined)?.nodeName ?? "";
}

/**
 * Pods by their node, so that a kubelet's list does not look at the pods of all others; the real server has the same index
 * (pkg/registry/core/pod/strategy.go, NodeNameIndexFunc). It is made with the first question and kept from then on.
 */
export class PodsByNode {
  readonly #store: Store;
  readonly #byNode = new Map<string, Map<string, KubeObject>>();
  #isKept = false;

  constructor(store: Store) {
    this.#store = store;
  }

  /** In the order of their keys. @param pods the resource */
  list(pods: ResourceInfo, nodeName: string): readonly KubeObject[] {
    if (!this.#isKept) this.#keep(pods);
    const found = [...(this.#byNode.get(nodeName) ?? [])];
    return found.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pod]) => pod);
  }

  #keep(pods: ResourceInfo): void {
    this.#isKept = true;
    for (const pod of this.#store.list(pods, "")) this.#add(pod);
    this.#store.watch(pods, this.#store.revision, ({ type, object, previous }) => {
      if (previous !== undefined && (type === "DELETED" || nodeOf(previous) !== nodeOf(object))) this.#remove(previous);
      if (type !== "DELETED") this.#add(object);
    });
  }

  #add(pod: KubeObject): void {
    const node = nodeOf(pod);
    const pods = this.#byNode.get(node) ?? new Map<string, KubeObject>();
    this.#byNode.set(node, pods.set(keyOf(pod), pod));
  }

  #remove(pod: KubeObject): void {
    const node = nodeOf(pod);
    const pods = this.#byNode.get(node);
    pods?.delete(keyOf(pod));
    if (pods?.size === 0) this.#byNode.delete(node);
  }
}
