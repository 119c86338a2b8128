import { type ControllerContext, ownLoop } from "../context.ts";
import type { Recorder } from "../events/event-recorder.ts";
import { findCondition } from "../objects/conditions.ts";
import { nameOf, timestamp } from "../objects/meta.ts";
import { withPodCondition } from "../objects/pod.ts";
import { changeTaints, isSameTaint, notReadyTaint, unreachableTaint } from "../objects/taints.ts";
import type { Node, Taint } from "../objects/types.ts";
import type { Loop } from "../runtime/loop.ts";
import { noScheduleChanges, type Readiness, readiness } from "./conditions.ts";
import { EvictionQueue } from "./eviction-queue.ts";
import { type NodeHealth, planHealth } from "./health.ts";
import { excludeLabel, planDisruption, type ZoneRates, type ZoneState, zoneOf } from "./zones.ts";

const leaseNamespace = "kube-node-lease";

/** Keys that are no node's: a pass over all nodes, its end, and the nodes whose turn to be emptied has come. */
const pass = "#pass";
const passEnd = "#zones";
const evict = "#evict";
/** The key of a node whose taints are to follow its conditions, apart from the passes. */
const taints = "#taints ";
/** How often the eviction queues are looked at (NodeEvictionPeriod). */
const evictPeriodMs = 100;

const notReady: Taint = { key: notReadyTaint, effect: "NoExecute" };
const unreachable: Taint = { key: unreachableTaint, effect: "NoExecute" };

/** The NoExecute taint that stands for a readiness, and the one that must not be beside it. */
function noExecutePair(current: Readiness): readonly [wanted: Taint, other: Taint] {
  return current === "False" ? [notReady, unreachable] : [unreachable, notReady];
}

function hasTaint(node: Node, taint: Taint): boolean {
  return (node.spec?.taints ?? []).some((present) => isSameTaint(present, taint));
}

/** Watches over nodes' heartbeats, taints those that are not ready, and orders which are emptied when. */
export class NodeLifecycleController {
  readonly loop: Loop;
  readonly #context: ControllerContext;
  readonly #recorder: Recorder;
  readonly #rates: ZoneRates;
  readonly #healths = new Map<string, NodeHealth>();
  readonly #queues = new Map<string, EvictionQueue>();
  readonly #removed = new Map<string, Node>();
  /** Nodes that fell silent and whose pods have not all been told yet. */
  readonly #unmarked = new Set<string>();
  #states: ReadonlyMap<string, ZoneState> = new Map();

  constructor(context: ControllerContext) {
    const { settings, informers } = context;
    this.#context = context;
    this.#recorder = context.recorder("node-controller");
    this.#rates = {
      normal: settings.nodeEvictionRate,
      secondary: settings.secondaryNodeEvictionRate,
      largeClusterNodes: settings.largeClusterNodes,
    };
    this.loop = ownLoop(context, "node lifecycle", (key) => this.#sync(key));
    informers.nodes.onChange((after, before) => {
      if (after !== undefined) this.loop.enqueue(taints + nameOf(after));
      else if (before !== undefined) this.#removed.set(nameOf(before), before);
    });
    this.loop.enqueue(pass);
  }

  #sync(key: string): number | undefined {
    if (key === pass) return this.#startPass();
    if (key === passEnd) return this.#endPass();
    if (key === evict) return this.#evictNext();
    const isTaints = key.startsWith(taints);
    const node = this.#context.informers.nodes.get("", isTaints ? key.slice(taints.length) : key);
    if (node === undefined) return undefined;
    if (isTaints) {
      const { add, remove } = noScheduleChanges(node);
      this.#setTaints(node, add, remove);
    } else {
      this.#check(node);
    }
    return undefined;
  }

  #startPass(): number {
    for (const node of this.#context.informers.nodes.all()) this.loop.enqueue(nameOf(node));
    this.loop.enqueue(passEnd);
    return this.#context.settings.nodeMonitorPeriodMs;
  }

  #check(node: Node): void {
    const { informers, clock, settings, store } = this.#context;
    const name = nameOf(node);
    const lease = informers.leases.get(leaseNamespace, name);
    const grace = { monitorMs: settings.nodeMonitorGraceMs, startupMs: settings.nodeStartupGraceMs };
    const before = this.#healths.get(name);
    if (before === undefined) {
      this.#recorder.normal(node, "RegisteredNode", `Node ${name} event: Registered Node ${name} in Controller`);
    }
    const plan = planHealth(node, lease, before, grace, clock.nowMs());
    const stored = plan.node === undefined ? node : store.updateStatus("nodes", plan.node);
    this.#healths.set(name, plan.health);
    this.#followReadiness(stored, plan.current);
    if (plan.observed === "True" && plan.current !== "True") {
      this.#recorder.normal(node, "NodeNotReady", `Node ${name} status is now: NodeNotReady`);
      this.#unmarked.add(name);
    }
    if (this.#unmarked.has(name)) this.#markPodsNotReady(name);
  }

  /** A node that is tainted for the other reason changes its taint at once; else it waits for its turn. */
  #followReadiness(node: Node, current: Readiness): void {
    const queue = this.#queueOf(node);
    const [wanted, other] = noExecutePair(current);
    if (current === "True") this.#markReachable(node);
    else if (hasTaint(node, other)) this.#setTaints(node, [wanted], [other]);
    else if (current !== undefined && !hasTaint(node, wanted)) {
      queue.add(nameOf(node));
      this.loop.enqueueAfter(evict, evictPeriodMs);
    }
  }

  #markReachable(node: Node): void {
    this.#setTaints(node, [], [notReady, unreachable]);
    this.#queueOf(node).remove(nameOf(node));
  }

  #markPodsNotReady(name: string): void {
    const { informers, clock, store } = this.#context;
    for (const pod of informers.podsByNode.get(name)) {
      const ready = findCondition(pod.status?.conditions, "Ready");
      if (ready?.status !== "True") continue;
      const changed = withPodCondition(pod, { ...ready, type: "Ready", status: "False" }, clock.nowMs());
      if (changed !== undefined) store.updateStatus("pods", changed);
      this.#recorder.warning(pod, "NodeNotReady", "Node is not ready");
    }
    this.#unmarked.delete(name);
  }

  #endPass(): undefined {
    const { informers, clock, settings } = this.#context;
    this.#forgetRemoved();
    const zones = new Map<string, Readiness[]>();
    for (const node of informers.nodes.all()) {
      if (node.metadata?.labels?.[excludeLabel] !== undefined) continue;
      const zone = zones.get(zoneOf(node));
      if (zone === undefined) zones.set(zoneOf(node), [readiness(node)]);
      else zone.push(readiness(node));
    }
    const plan = planDisruption(this.#states, zones, settings.unhealthyZoneShare, this.#rates);
    this.#states = plan.states;
    if (plan.masterDisruption === "enter") {
      for (const node of [...informers.nodes.all()]) this.#markReachable(node);
    } else if (plan.masterDisruption === "leave") {
      const probeMs = clock.nowMs();
      for (const [name, health] of this.#healths) this.#healths.set(name, { ...health, probeMs });
    }
    for (const [zone, rate] of plan.rates) this.#queues.get(zone)?.setRate(rate);
    return undefined;
  }

  #forgetRemoved(): void {
    for (const [name, node] of this.#removed) {
      this.#queueOf(node).remove(name);
      this.#healths.delete(name);
      this.#unmarked.delete(name);
      this.#recorder.normal(node, "RemovingNode", `Node ${name} event: Removing Node ${name} from Controller`);
    }
    this.#removed.clear();
  }

  #evictNext(): number | undefined {
    const queues = [...this.#queues.values()];
    for (const name of queues.flatMap((queue) => queue.take())) {
      const node = this.#context.informers.nodes.get("", name);
      const current = node === undefined ? undefined : readiness(node);
      if (node === undefined || current === undefined || current === "True") continue;
      const [wanted, other] = noExecutePair(current);
      this.#setTaints(node, [wanted], [other]);
    }
    return queues.some((queue) => queue.size > 0) ? evictPeriodMs : undefined;
  }

  #queueOf(node: Node): EvictionQueue {
    const zone = zoneOf(node);
    const known = this.#queues.get(zone);
    if (known !== undefined) return known;
    const queue = new EvictionQueue(this.#rates.normal, this.#context.clock);
    this.#queues.set(zone, queue);
    return queue;
  }

  #setTaints(node: Node, add: readonly Taint[], remove: readonly Taint[]): void {
    const { clock, store } = this.#context;
    const missing = add.filter((taint) => !hasTaint(node, taint));
    const surplus = remove.filter((taint) => hasTaint(node, taint));
    if (missing.length === 0 && surplus.length === 0) return;
    const timeAdded = timestamp(clock.nowMs());
    const stamped = missing.map((taint) => ({ ...taint, timeAdded }));
    const changed = changeTaints(node.spec?.taints, stamped, surplus);
    store.update("nodes", { ...node, spec: { ...node.spec, taints: changed } });
  }
}
