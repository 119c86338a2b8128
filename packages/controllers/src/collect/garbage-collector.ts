import { refusalOf, type StoreChange, type StoredObject, type StoredResource } from "../cluster-store.ts";
import { type ControllerContext, ownLoop } from "../context.ts";
import { withOwners } from "../objects/claim.ts";
import { isBeingDeleted, type KubeObject, nameOf, namespaceOf, uidOf, withMetadata } from "../objects/meta.ts";
import type { Loop } from "../runtime/loop.ts";
import { type GraphNode, OwnershipGraph, ownersOf } from "./ownership-graph.ts";
import { type CollectAction, planCollect } from "./plan.ts";

/** Resources that nothing owns and that own nothing, and change often (DefaultIgnoredResources). */
const ignored: ReadonlySet<string> = new Set(["events", "events.events.k8s.io"]);

/** Deletes what has lost its owners, and lets go what waits for its dependents. Its keys are uids. */
export class GarbageCollector {
  readonly loop: Loop;
  readonly #context: ControllerContext;
  readonly #graph: OwnershipGraph;

  constructor(context: ControllerContext) {
    const { store } = context;
    const resources = store.resources().filter(({ name }) => !ignored.has(name));
    this.#context = context;
    this.#graph = new OwnershipGraph(resources);
    this.loop = ownLoop(context, "garbage collector", (uid) => this.#sync(uid));
    for (const resource of resources) {
      for (const object of store.listAny(resource.name)) this.#graph.set(resource, object);
    }
    for (const resource of resources) {
      for (const object of store.listAny(resource.name)) this.#consider(object);
      this.loop.onStop(store.watch(resource.name, (change) => this.#note(resource, change)));
    }
  }

  #note(resource: StoredResource, { type, object }: StoreChange<StoredObject>): void {
    const uid = uidOf(object);
    if (type !== "DELETED") {
      const before = this.#graph.get(uid)?.object;
      this.#graph.set(resource, object);
      if (before === undefined || hasNews(before, object)) this.#consider(object);
      return;
    }
    const owners = ownersOf(object);
    const dependents = this.#graph.dependents(uid);
    this.#graph.remove(uid);
    for (const dependent of dependents) this.loop.enqueue(dependent.uid);
    // An owner may have waited for just this one.
    for (const owner of owners) {
      const node = this.#graph.get(owner.uid ?? "");
      if (node !== undefined && isBeingDeleted(node.object)) this.loop.enqueue(node.uid);
    }
  }

  /** Puts an object on the list if there may be something to do about it. */
  #consider(object: KubeObject): void {
    const isOrphaned = ownersOf(object).some((owner) => this.#graph.ownerState(object, owner) !== "present");
    const isHeld = isBeingDeleted(object) && (object.metadata?.finalizers ?? []).length > 0;
    if (isOrphaned || isHeld) this.loop.enqueue(uidOf(object));
  }

  #sync(uid: string): undefined {
    const node = this.#graph.get(uid);
    if (node === undefined) return undefined;
    const ownerState = (owner: Parameters<OwnershipGraph["ownerState"]>[1]) =>
      this.#graph.ownerState(node.object, owner);
    const dependents = this.#graph.dependents(uid);
    this.#carryOut(node, planCollect({ object: node.object, ownerState, dependents, uid }));
    return undefined;
  }

  #carryOut(node: GraphNode, action: CollectAction): void {
    switch (action.do) {
      case "nothing":
        break;
      case "delete":
        this.#delete(node, action.propagation);
        break;
      case "set owners":
        this.#update(node, withOwners(node.object, [...action.owners]));
        break;
      case "remove finalizer":
        this.#update(node, withoutFinalizer(node.object, action.finalizer));
        break;
      case "look at":
        for (const dependent of action.dependents) this.loop.enqueue(dependent.uid);
        break;
      case "orphan":
        for (const dependent of action.dependents) {
          const owners = ownersOf(dependent.object).filter((owner) => owner.uid !== node.uid);
          this.#update(dependent, withOwners(dependent.object, [...owners]));
        }
        // Without dependents the next look lets the object itself go.
        this.loop.enqueue(node.uid);
        break;
    }
  }

  #update({ resource }: GraphNode, object: KubeObject): void {
    this.#context.store.update(resource.name, object);
  }

  #delete({ resource, object, uid }: GraphNode, propagation: "Orphan" | "Background" | "Foreground"): void {
    try {
      this.#context.store.delete(resource.name, namespaceOf(object), nameOf(object), { uid, propagation });
    } catch (thrown) {
      if (refusalOf(thrown) !== "NotFound") throw thrown;
    }
  }
}

/** Whether a change can matter: its owners, its finalizers, or that it is being deleted. */
function hasNews(before: KubeObject, after: KubeObject): boolean {
  return (
    ownersOf(before) !== ownersOf(after) ||
    isBeingDeleted(before) !== isBeingDeleted(after) ||
    (before.metadata?.finalizers?.length ?? 0) !== (after.metadata?.finalizers?.length ?? 0)
  );
}

function withoutFinalizer(object: KubeObject, finalizer: string): KubeObject {
  const finalizers = (object.metadata?.finalizers ?? []).filter((other) => other !== finalizer);
  return withMetadata(object, { finalizers });
}
