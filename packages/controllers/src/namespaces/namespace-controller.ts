import { refusalOf } from "../cluster-store.ts";
import { type ControllerContext, ownLoop } from "../context.ts";
import { sameValue } from "../objects/canonical.ts";
import { isBeingDeleted, type KubeObject, nameOf, uidOf } from "../objects/meta.ts";
import type { Namespace } from "../objects/types.ts";
import type { Loop } from "../runtime/loop.ts";
import { namespaceConditions } from "./conditions.ts";

/** The finalizer, in spec, that this controller holds. */
const ownFinalizer = "kubernetes";
/** Objects deleted in one pass. */
const deletesPerPass = 50;
/** While something is left that only others can end. */
const waitMs = 1000;

/** Empties namespaces that are being deleted, then lets them go. */
export class NamespaceController {
  readonly loop: Loop;
  readonly #context: ControllerContext;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.loop = ownLoop(context, "namespace", (name) => this.#sync(name));
    context.informers.namespaces.onChange((after) => {
      if (after !== undefined && isBeingDeleted(after)) this.loop.enqueue(nameOf(after));
    });
  }

  #sync(name: string): number | undefined {
    const { store, informers, clock } = this.#context;
    const namespace = informers.namespaces.get("", name);
    if (namespace === undefined || !isBeingDeleted(namespace)) return undefined;
    const finalizers = namespace.spec?.finalizers ?? [];
    if (!finalizers.includes(ownFinalizer)) return undefined;

    const { remaining, deleted } = this.#deleteContent(name);
    // What was deleted may be gone by now; what is left over is told about only once all had their turn.
    if (deleted > 0) return 0;
    const conditions = namespaceConditions(namespace.status?.conditions, remaining, clock.nowMs());
    let stored = namespace;
    if (!sameValue(conditions, namespace.status?.conditions)) {
      stored = store.updateStatus<Namespace>("namespaces", {
        ...namespace,
        status: { ...namespace.status, conditions },
      });
    }
    if (remaining.size > 0) return waitMs;
    const left = finalizers.filter((finalizer) => finalizer !== ownFinalizer);
    store.finalizeNamespace({ ...stored, spec: { ...stored.spec, finalizers: left } } as Namespace);
    return undefined;
  }

  #deleteContent(namespace: string): { remaining: Map<string, readonly KubeObject[]>; deleted: number } {
    const { store } = this.#context;
    const remaining = new Map<string, readonly KubeObject[]>();
    let deleted = 0;
    for (const { name: resource, namespaced } of store.resources()) {
      if (!namespaced) continue;
      const objects = store.listAny(resource, namespace);
      if (objects.length > 0) remaining.set(resource, objects);
      for (const object of objects) {
        if (deleted >= deletesPerPass) return { remaining, deleted };
        if (isBeingDeleted(object)) continue;
        this.#delete(resource, namespace, object);
        deleted += 1;
      }
    }
    return { remaining, deleted };
  }

  #delete(resource: string, namespace: string, object: KubeObject): void {
    const options = { uid: uidOf(object), propagation: "Background" } as const;
    try {
      this.#context.store.delete(resource, namespace, nameOf(object), options);
    } catch (thrown) {
      // Events of two groups are the same objects: the second listing may be of what the first took away.
      if (refusalOf(thrown) !== "NotFound") throw thrown;
    }
  }
}
