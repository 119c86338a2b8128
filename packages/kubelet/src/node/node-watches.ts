import { createReflector, type Reflector, type ReflectorHandler, type Resource, resources } from "@hollowfleet/client";
import type { Timer } from "@hollowfleet/core";
import type { Node } from "@hollowfleet/wire";
import type { NodeWatchName } from "../profile.ts";
import type { NodeContext } from "./node-context.ts";
import { podsWatchPollMs, startOffsetsMs } from "./registration-plan.ts";
import { DroppingHandler, NodeHandler, type NodeWatchListener, PodsHandler } from "./watch-handlers.ts";

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
  #reflectors: readonly Pick<Reflector<unknown>, "stop">[] = [];
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
    if (name === "nodes")
      this.#nodes = this.#reflect(resources.nodes, name, new NodeHandler(this.#context, this.#listener));
    else this.#reflect(resource, name, new DroppingHandler(this.#context));
  }

  /** A kubelet asks every second whether its Node informer has synced, and only then watches its pods. */
  #pollForPods(): void {
    if (this.#nodes?.synced === false) this.#after(podsWatchPollMs, () => this.#pollForPods());
    else this.#openPods();
  }

  #openPods(): void {
    this.#timers = [];
    this.#nodes = undefined;
    this.#reflect(resources.pods, "pods", new PodsHandler(this.#context, this.#listener));
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
    this.#reflectors = this.#reflectors.concat(reflector);
    reflector.start();
    return reflector;
  }
}
