import type { ApiClient, Received } from "@hollowfleet/client";
import type { Clock, Random } from "@hollowfleet/core";
import type { Pod } from "@hollowfleet/wire";
import type { EventRecorder } from "../events/event-recorder.ts";
import type { NodeSpec } from "../node-spec.ts";
import type { KubeletObserver } from "../observer.ts";
import type { Profile, StartDelays } from "../profile.ts";
import { PodWorkers } from "./pod-workers.ts";

/** The pods of one hollow node. Fed by the node's pod watch; tells the API server of what becomes of them. */
export interface PodManager {
  /** The whole state: at first, or after a new list. */
  replace(pods: readonly Received<Pod>[]): void;
  /** ADDED or MODIFIED. */
  set(pod: Received<Pod>): void;
  /** DELETED. */
  remove(pod: Received<Pod>): void;
  /** The Node's spec.podCIDR, from which pod IPs come; undefined: the node's fallback. */
  setPodCidr(cidr: string | undefined): void;
  /** The Node's labels, against which node selectors and required affinity are checked; before that nothing is rejected for them. */
  setLabels(labels: Readonly<Record<string, string>> | undefined): void;
  /** Pods on the node that are not over. */
  readonly running: number;
  /** Forgets everything. Nothing is sent any more. */
  stop(): void;
}

export interface PodManagerOptions {
  readonly spec: NodeSpec;
  readonly profile: Profile;
  readonly delays: StartDelays;
  /** The node's client with the kubelet's rate limit. */
  readonly api: ApiClient;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: KubeletObserver;
}

export function createPodManager(options: PodManagerOptions): PodManager {
  return new PodWorkers(options);
}
