import {
  type ClientError,
  createReflector,
  type Received,
  type Reflector,
  type ReflectorHandler,
  type Resource,
  resources,
} from "@hollowfleet/client";
import type { Timer } from "@hollowfleet/core";
import type { Node, Pod } from "@hollowfleet/wire";
import type { NodeWatchName } from "../profile.ts";
import type { NodeContext } from "./node-context.ts";
import { podsWatchPollMs, startOffsetsMs } from "./registration-plan.ts";

/** Where the objects go that a hollow kubelet looks at. */
export interface NodeWatchListener {
  onNode(node: Received<Node>): void;
  /** The whole state: at first, and after a watch that could not go on. */
  onPods(pods: readonly Received<Pod>[]): void;
  onPod(pod: Received<Pod>): void;
  onPodGone(pod: Received<Pod>): void;
}

/** One of the watches, as the API sees it. */
interface WatchPlan {
  readonly name: Exclude<NodeWatchName, "pods">;
  readonly resource: Resource<unknown>;
  readonly offsetMs: number;
}

/** In the order in which a kubelet opens them (kubelet-audit §1.1); pods follow when the Node is known. */
const plans: readonly WatchPlan[] = [
  { name: "nodes", resource: resources.nodes, offsetMs: 0 },
  { name: "services", resource: resources.services, offsetMs: 0 },
  { name: "csidrivers", resource: resources.csidrivers, offsetMs: startOffsetsMs.csiDriversWatch },
  { name: "runtimeclasses", resource: resources.runtimeclasses, offsetMs: startOffsetsMs.runtimeClassesWatch },
];

/** kubelet-wire §5; Kubernetes servers know the field label of services since 1.21. */
function fieldSelector(name: NodeWatchName, node: string): string | undefined {
  if (name === "nodes") return `metadata.name=${node}`;
  if (name === "pods") return `spec.nodeName=${node}`;
  return name === "services" ? "spec.clusterIP!=None" : undefined;
}

/**
 * The reflectors that a kubelet keeps for its whole life. What comes on services, csidrivers and runtimeclasses costs the
 * API server as much as a real kubelet's, and is dropped on arrival.
 */
export class NodeWatches {
  readonly #context: NodeContext;
  readonly #listener: NodeWatchListener;
  #reflectors: Pick<Reflector<unknown>, "stop">[] = [];
  #timers: Timer[] = [];
  #nodes: Reflector<Node> | undefined;

  constructor(context: NodeContext, listener: NodeWatchListener) {
    this.#context = context;
    this.#listener = listener;
  }

  start(): void {
    const wanted = plans.filter(({ name }) => this.#context.profile.nodeWatches.includes(name));
    for (const plan of wanted) this.#after(plan.offsetMs, () => this.#open(plan));
    if (!this.#context.profile.nodeWatches.includes("pods")) return;
    if (wanted.length === 0) this.#openPods();
    else this.#after(podsWatchPollMs, () => this.#pollForPods());
  }

  stop(): void {
    for (const timer of this.#timers) timer.cancel();
    for (const reflector of this.#reflectors) reflector.stop();
    this.#timers = [];
    this.#reflectors = [];
  }

  /** Every watch here may begin a little after the start, and none later. */
  #after(delayMs: number, open: () => void): void {
    if (delayMs === 0) open();
    else this.#timers.push(this.#context.clock.setTimer(delayMs, open));
  }

  #open({ name, resource }: WatchPlan): void {
    if (name === "nodes") this.#nodes = this.#reflect(resources.nodes, name, this.#nodeHandler());
    else this.#reflect(resource, name, this.#discard);
  }

  /** A kubelet asks every second whether its Node informer has synced, and only then watches its pods. */
  #pollForPods(): void {
    if (this.#nodes?.synced === false) this.#after(podsWatchPollMs, () => this.#pollForPods());
    else this.#openPods();
  }

  #openPods(): void {
    const listener = this.#listener;
    this.#timers = [];
    this.#nodes = undefined;
    this.#reflect(resources.pods, "pods", {
      onReplace: (pods) => listener.onPods(pods),
      onAdd: (pod) => listener.onPod(pod),
      onUpdate: (pod) => listener.onPod(pod),
      onDelete: (pod) => listener.onPodGone(pod),
      onError: this.#onError,
    });
  }

  #reflect<T>(resource: Resource<T>, name: NodeWatchName, handler: ReflectorHandler<T>): Reflector<T> {
    const { api, clock, random, spec } = this.#context;
    const selector = fieldSelector(name, spec.name);
    const reflector = createReflector({
      api,
      resource,
      handler,
      clock,
      random,
      // The handlers keep what they need.
      keep: "none",
      // The pod watch is opened without client-go's typed client, which would add it.
      timeoutQuery: name !== "pods",
      ...(selector !== undefined && { fieldSelector: selector }),
    });
    this.#reflectors.push(reflector);
    reflector.start();
    return reflector;
  }

  #nodeHandler(): ReflectorHandler<Node> {
    const listener = this.#listener;
    return {
      onReplace(nodes) {
        for (const node of nodes) listener.onNode(node);
      },
      onAdd: (node) => listener.onNode(node),
      onUpdate: (node) => listener.onNode(node),
      // A kubelet whose Node was deleted goes on as it was, and does not register anew.
      onDelete: () => undefined,
      onError: this.#onError,
    };
  }

  readonly #onError = (error: ClientError): void => {
    this.#context.observer.onError(this.#context.spec.name, "watch", error);
  };

  readonly #discard: ReflectorHandler<unknown> = {
    onReplace: () => undefined,
    onAdd: () => undefined,
    onUpdate: () => undefined,
    onDelete: () => undefined,
    onError: this.#onError,
  };
}
