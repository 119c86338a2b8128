import type { ApiClient, Received } from "@hollowfleet/client";
import { type Clock, type Random, TokenBucket } from "@hollowfleet/core";
import type { Node, Pod } from "@hollowfleet/wire";
import { createEventRecorder, type EventRecorder, noEvents } from "./events/event-recorder.ts";
import type { Condition } from "./node/conditions.ts";
import { LeaseKeeper, type LeaseListener } from "./node/lease.ts";
import type { NodeContext } from "./node/node-context.ts";
import { NodeStatus, type NodeStatusListener } from "./node/node-status.ts";
import { NodeWatches } from "./node/node-watches.ts";
import { register } from "./node/registration.ts";
import { startOffsetsMs } from "./node/registration-plan.ts";
import { sharedTexts } from "./node/shared-text.ts";
import type { NodeWatchListener } from "./node/watch-handlers.ts";
import type { NodeSpec } from "./node-spec.ts";
import type { KubeletObserver, NodeState } from "./observer.ts";
import { createPodManager, type PodManager } from "./pods/pod-manager.ts";
import type { Profile, StartDelays } from "./profile.ts";

export interface HollowKubeletOptions {
  readonly spec: NodeSpec;
  readonly profile: Profile;
  readonly delays: StartDelays;
  /** Unlimited, with the node's identity; the limited, heartbeat and event clients are derived from it. */
  readonly api: ApiClient;
  readonly clock: Clock;
  /** The node's own. */
  readonly random: Random;
  readonly observer: KubeletObserver;
}

/** One node that exists only on the wire. */
export interface HollowKubelet {
  start(): void;
  /** Stops timers and watches. Nothing is sent: a kubelet says no goodbye. Safe to call twice. */
  stop(): void;
  /** Sets one condition of the Node; it is reported at the next status tick, within 10.4 s. */
  setCondition(condition: Condition): void;
  readonly state: NodeState;
  /** Pods that the node holds. */
  readonly pods: number;
}

export function createHollowKubelet(options: HollowKubeletOptions): HollowKubelet {
  return new WiredKubelet(options);
}

/** Both heartbeats' HTTP timeout: the smaller of 40 s lease and 10 s status period (cmd/kubelet/app/server.go). */
const heartbeatTimeoutMs = 10_000;

/** Listens to its own parts by methods: closures would cost each node half a kilobyte. */
class WiredKubelet implements HollowKubelet, NodeStatusListener, LeaseListener, NodeWatchListener {
  readonly #context: NodeContext;
  readonly #lease: LeaseKeeper;
  readonly #status: NodeStatus;
  readonly #watches: NodeWatches;
  readonly #pods: PodManager;
  /** Only while the node registers. */
  #registration: AbortController | undefined;
  #started = false;
  #state: NodeState = "registering";

  constructor(options: HollowKubeletOptions) {
    const { spec, profile, clock, random, observer, delays } = options;
    // Clients with the same User-Agent share their header lists.
    const api = options.api.derive({
      userAgent: profile.userAgent(spec.kubeletVersion),
      limiter: new TokenBucket(profile.qps, profile.burst, clock),
    });
    const heartbeat = api.derive({
      limiter: null,
      timeoutMs: heartbeatTimeoutMs,
      timeoutQuery: `${heartbeatTimeoutMs / 1000}s`,
    });
    const events = eventRecorder(options, api);
    this.#context = { spec, profile, api, heartbeat, events, clock, random, observer };
    this.#pods = createPodManager({ spec, profile, delays, api, events, clock, random, observer });
    this.#status = new NodeStatus(this.#context, this);
    this.#lease = new LeaseKeeper(this.#context, this);
    this.#watches = new NodeWatches(this.#context, this);
  }

  get state(): NodeState {
    return this.#state;
  }

  get pods(): number {
    return this.#pods.running;
  }

  start(): void {
    const { spec, observer } = this.#context;
    if (this.#state === "stopped" || this.#started) return;
    this.#started = true;
    observer.onNodeState(spec.name, this.#state);
    this.#registration = new AbortController();
    this.#watches.start();
    this.#lease.start(startOffsetsMs.lease);
    void this.#register(this.#registration.signal);
  }

  stop(): void {
    if (this.#state === "stopped") return;
    this.#registration?.abort();
    this.#lease.stop();
    this.#status.stop();
    this.#watches.stop();
    this.#pods.stop();
    this.#context.events.stop();
    this.#enter("stopped");
  }

  setCondition(condition: Condition): void {
    this.#status.setCondition(condition);
  }

  async #register(signal: AbortSignal): Promise<void> {
    await register(this.#context, this.#status, signal, () => this.#enter("registered"));
    this.#registration = undefined;
  }

  onReady(): void {
    this.#enter("ready");
  }

  onPodCidr(podCidr: string | undefined): void {
    this.#pods.setPodCidr(podCidr);
  }

  onNode(node: Received<Node>): void {
    this.#status.observe(node);
  }

  /** Labels are taken from here alone: without this watch those that the driver sets later would be missed, and pods refused for them. */
  onWatchedNode(node: Received<Node>): void {
    this.#status.observe(node);
    this.#pods.setLabels(sharedTexts(node.object.metadata?.labels ?? {}, this.#context.spec.name));
  }

  /**
   * While its lease was not renewed, the node lifecycle controller may have made the Node's conditions Unknown. A kubelet
   * learns that from its watch; without one, from the answer to a report.
   */
  onRecovered(): void {
    if (!this.#context.profile.nodeWatches.includes("nodes")) this.#status.reportAtNextTick();
  }

  onPods(pods: readonly Received<Pod>[]): void {
    this.#pods.replace(pods);
  }

  onPod(pod: Received<Pod>): void {
    this.#pods.set(pod);
  }

  onPodGone(pod: Received<Pod>): void {
    this.#pods.remove(pod);
  }

  #enter(state: NodeState): void {
    if (this.#state === "stopped" || this.#state === state) return;
    this.#state = state;
    this.#context.observer.onNodeState(this.#context.spec.name, state);
  }
}

function eventRecorder({ spec, profile, clock, random }: HollowKubeletOptions, main: ApiClient): EventRecorder {
  if (!profile.events) return noEvents;
  const api = main.derive({ limiter: new TokenBucket(profile.eventQps, profile.eventBurst, clock) });
  return createEventRecorder({ api, node: spec.name, clock, random, component: "kubelet" });
}
