import type { Clock, Logger, Random } from "@hollowfleet/core";
import type { ClusterStore } from "./cluster-store.ts";
import { GarbageCollector } from "./collect/garbage-collector.ts";
import type { ControllerContext } from "./context.ts";
import { DeploymentController } from "./deployment/deployment-controller.ts";
import { DisruptionController } from "./disruption/disruption-controller.ts";
import { EndpointSliceController } from "./endpoints/endpoint-slice-controller.ts";
import { createEventRecorder, type EventStats } from "./events/event-recorder.ts";
import { JobController } from "./job/job-controller.ts";
import { createRootCaController, createServiceAccountController } from "./namespaces/defaults-controller.ts";
import { NamespaceController } from "./namespaces/namespace-controller.ts";
import { NodeLifecycleController } from "./nodes/lifecycle-controller.ts";
import { PodCidrController } from "./nodes/pod-cidr-controller.ts";
import { PodGcController } from "./nodes/pod-gc-controller.ts";
import { TaintEvictionController } from "./nodes/taint-eviction-controller.ts";
import { ReplicaSetController } from "./replicaset/replica-set-controller.ts";
import { createInformers } from "./runtime/informers.ts";
import type { Loop, LoopStats } from "./runtime/loop.ts";
import { createTurns } from "./runtime/turns.ts";
import { Scheduler } from "./scheduler/scheduler.ts";
import { type ControllerSettings, defaultSettings } from "./settings.ts";

export interface ControllerOptions {
  readonly store: ClusterStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** IPv4 network of all pods, e.g. "10.64.0.0/10"; each node gets a part of it. */
  readonly clusterCidr: string;
  /** Certificate of the API server's CA, for the ConfigMap kube-root-ca.crt. */
  readonly rootCaPem: string;
  readonly settings?: Partial<ControllerSettings>;
  /** Calls back soon, after what else the thread has to do; default setImmediate. */
  readonly defer?: (run: () => void) => void;
}

export interface ControllerStats {
  readonly loops: readonly LoopStats[];
  /** Since the start. */
  readonly podsBound: number;
  readonly events: EventStats;
}

/** The control loops of the embedded target, running. */
export interface ControllerSet {
  /** Names of the loops, for the report, e.g. "scheduler (Hollowfleet's own)". */
  readonly names: readonly string[];
  stats(): ControllerStats;
  /** Ends them at once; what they were about to do stays undone. */
  stop(): void;
}

/**
 * Starts the control loops of a cluster without kube-scheduler and kube-controller-manager. They share the thread of the
 * API server and work in slices, so that it stays responsive.
 * @throws RangeError when `clusterCidr` is no IPv4 network with room for a node
 */
export function startControllers(options: ControllerOptions): ControllerSet {
  const { store, clock, random, logger } = options;
  const settings = { ...defaultSettings, ...options.settings };
  const informers = createInformers(store, logger);
  const eventRandom = random.fork("events");
  const { eventRate: rate, eventBurst: burst } = settings;
  const events = createEventRecorder({ store, clock, random: eventRandom, logger, rate, burst });
  const loops: Loop[] = [];
  const defer = options.defer ?? ((run) => void setImmediate(run));
  const turns = createTurns({ loops, clock, defer, sliceMs: settings.sliceMs });
  const recorder = (component: string) => events.for(component);
  const context = { store, informers, clock, random, logger, settings, wake: turns.wake, recorder };

  const scheduler = new Scheduler(context);
  loops.push(scheduler.loop, ...otherLoops(context, options));
  turns.wake();
  return {
    names: loops.map(({ name }) => name),
    stats: () => ({
      loops: loops.map((loop) => loop.stats()),
      podsBound: scheduler.podsBound,
      events: events.stats(),
    }),
    stop() {
      turns.stop();
      for (const loop of loops) loop.stop();
      informers.stop();
    },
  };
}

function otherLoops(context: ControllerContext, { clusterCidr, rootCaPem }: ControllerOptions): Loop[] {
  return [
    new DeploymentController(context).loop,
    new ReplicaSetController(context).loop,
    new JobController(context).loop,
    new NodeLifecycleController(context).loop,
    new TaintEvictionController(context).loop,
    new PodGcController(context).loop,
    new PodCidrController(context, clusterCidr).loop,
    new GarbageCollector(context).loop,
    new NamespaceController(context).loop,
    createServiceAccountController(context),
    createRootCaController(context, rootCaPem),
    new DisruptionController(context).loop,
    new EndpointSliceController(context).loop,
  ];
}
