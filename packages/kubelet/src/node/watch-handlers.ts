import type { ClientError, Received, ReflectorHandler } from "@hollowfleet/client";
import type { Node, Pod } from "@hollowfleet/wire";
import type { NodeContext } from "./node-context.ts";

/** Where the objects go that a hollow kubelet looks at. */
export interface NodeWatchListener {
  onWatchedNode(node: Received<Node>): void;
  /** The whole state: at first, and after a watch that could not go on. */
  onPods(pods: readonly Received<Pod>[]): void;
  onPod(pod: Received<Pod>): void;
  onPodGone(pod: Received<Pod>): void;
}

/** Classes, since the closures of five handlers would cost each node a kilobyte. */
class WatchHandler {
  readonly #context: NodeContext;

  constructor(context: NodeContext) {
    this.#context = context;
  }

  onError(error: ClientError): void {
    this.#context.observer.onError(this.#context.spec.name, "watch", error);
  }
}

/** Drops what comes. */
export class DroppingHandler extends WatchHandler implements ReflectorHandler<unknown> {
  onReplace(): void {}
  onAdd(): void {}
  onUpdate(): void {}
  onDelete(): void {}
}

/** Passes the node's own Node on. */
export class NodeHandler extends WatchHandler implements ReflectorHandler<Node> {
  readonly #listener: NodeWatchListener;

  constructor(context: NodeContext, listener: NodeWatchListener) {
    super(context);
    this.#listener = listener;
  }

  onReplace(nodes: readonly Received<Node>[]): void {
    for (const node of nodes) this.#listener.onWatchedNode(node);
  }

  onAdd(node: Received<Node>): void {
    this.#listener.onWatchedNode(node);
  }

  onUpdate(node: Received<Node>): void {
    this.#listener.onWatchedNode(node);
  }

  /** A kubelet whose Node was deleted goes on as it was, and does not register anew. */
  onDelete(): void {}
}

/** Passes the node's pods on. */
export class PodsHandler extends WatchHandler implements ReflectorHandler<Pod> {
  readonly #listener: NodeWatchListener;

  constructor(context: NodeContext, listener: NodeWatchListener) {
    super(context);
    this.#listener = listener;
  }

  onReplace(pods: readonly Received<Pod>[]): void {
    this.#listener.onPods(pods);
  }

  onAdd(pod: Received<Pod>): void {
    this.#listener.onPod(pod);
  }

  onUpdate(pod: Received<Pod>): void {
    this.#listener.onPod(pod);
  }

  onDelete(pod: Received<Pod>): void {
    this.#listener.onPodGone(pod);
  }
}
