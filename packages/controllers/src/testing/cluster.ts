import { ManualClock, type Random, seededRandom, silentLogger } from "@hollowfleet/core";
import type { ClusterStore } from "../cluster-store.ts";
import { type ControllerSet, startControllers } from "../controller-set.ts";
import { isBeingDeleted, nameOf, namespaceOf, timestamp, uidOf } from "../objects/meta.ts";
import { isTerminal } from "../objects/pod.ts";
import type { Deployment, Lease, Node, Pod } from "../objects/types.ts";
import type { ControllerSettings } from "../settings.ts";
import { MemoryStore } from "./memory-store.ts";
import { node } from "./objects.ts";

const startMs = 500;
const stopMs = 1000;
const renewMs = 10_000;

/** A cluster in memory: the store, the control loops, and kubelets of the simplest kind, on a clock that a test moves. */
export class TestCluster {
  readonly clock: ManualClock = new ManualClock();
  readonly random: Random = seededRandom("cluster");
  readonly store: MemoryStore;
  readonly controllers: ControllerSet;
  readonly #alive = new Set<string>();
  #addresses = 0;

  /** @param seenBy what the control loops get to see of the store; default the store itself */
  constructor(
    settings: Partial<ControllerSettings> = {},
    seenBy: (store: MemoryStore) => ClusterStore = (store) => store,
  ) {
    this.store = new MemoryStore(this.clock, this.random.fork("store"));
    for (const name of ["default", "kube-system", "kube-node-lease"]) {
      this.store.create("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
    }
    this.controllers = startControllers({
      store: seenBy(this.store),
      clock: this.clock,
      random: this.random.fork("controllers"),
      logger: { ...silentLogger, error: (message) => this.errors.push(message) },
      clusterCidr: "10.64.0.0/16",
      rootCaPem: "PEM",
      settings,
      defer: (run) => void this.clock.setTimer(0, run),
    });
    this.store.watch<Pod>("pods", ({ type, object }) => {
      if (type !== "DELETED") this.#onPod(object);
    });
  }

  /** What the loops logged as bugs. */
  readonly errors: string[] = [];

  pods(namespace = "default"): readonly Pod[] {
    return this.store.list<Pod>("pods", namespace);
  }

  deployment(name: string): Deployment {
    return this.store.get<Deployment>("deployments.apps", "default", name) as Deployment;
  }

  node(name: string): Node {
    return this.store.get<Node>("nodes", "", name) as Node;
  }

  /** Registers nodes that renew their leases and run what is bound to them. */
  addNodes(count: number, labels: Record<string, string> = {}, prefix = "node"): void {
    for (let index = 0; index < count; index++) {
      const name = `${prefix}-${index}`;
      this.store.create("nodes", node(name, this.clock.nowMs(), labels));
      this.#alive.add(name);
      this.#renew(name);
    }
  }

  /** The node falls silent. */
  kill(name: string): void {
    this.#alive.delete(name);
  }

  /** The node speaks again, and posts that it is Ready. */
  revive(name: string): void {
    this.#alive.add(name);
    const before = this.node(name);
    this.store.updateStatus("nodes", { ...before, status: node(name, this.clock.nowMs()).status } as Node);
    this.#renew(name);
    for (const pod of this.store.list<Pod>("pods")) this.#onPod(pod);
  }

  /** What the pods' containers end with, from now on. */
  end(pod: Pod, phase: "Succeeded" | "Failed"): void {
    const now = this.store.get<Pod>("pods", namespaceOf(pod), nameOf(pod));
    if (now === undefined || isTerminal(now)) return;
    const terminated = { exitCode: phase === "Failed" ? 1 : 0, finishedAt: timestamp(this.clock.nowMs()) };
    const containerStatuses = [{ name: "main", ready: false, restartCount: 0, state: { terminated } }];
    const conditions = (now.status?.conditions ?? []).filter(({ type }) => type !== "Ready");
    this.store.updateStatus("pods", { ...now, status: { ...now.status, phase, containerStatuses, conditions } } as Pod);
  }

  stop(): void {
    this.controllers.stop();
  }

  #renew(name: string): void {
    if (!this.#alive.has(name)) return;
    const before = this.store.get<Lease>("leases.coordination.k8s.io", "kube-node-lease", name);
    const spec = {
      holderIdentity: name,
      leaseDurationSeconds: 40,
      renewTime: new Date(this.clock.nowMs()).toISOString(),
    };
    if (before !== undefined) this.store.update("leases.coordination.k8s.io", { ...before, spec });
    else {
      const metadata = { name, namespace: "kube-node-lease" };
      const lease = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, spec };
      this.store.create("leases.coordination.k8s.io", lease);
    }
    this.clock.setTimer(renewMs, () => this.#renew(name));
  }

  #onPod(pod: Pod): void {
    const name = pod.spec?.nodeName;
    if (!name || !this.#alive.has(name)) return;
    if (isBeingDeleted(pod)) this.clock.setTimer(stopMs, () => this.#whileAlive(name, pod, () => this.#finish(pod)));
    else if (pod.status?.phase === "Pending") {
      this.clock.setTimer(startMs, () => this.#whileAlive(name, pod, () => this.#run(pod)));
    }
  }

  #whileAlive(node: string, pod: Pod, act: () => void): void {
    const now = this.store.get<Pod>("pods", namespaceOf(pod), nameOf(pod));
    if (this.#alive.has(node) && now !== undefined && uidOf(now) === uidOf(pod)) act();
  }

  #run(pod: Pod): void {
    const now = this.store.get<Pod>("pods", namespaceOf(pod), nameOf(pod)) as Pod;
    if (now.status?.phase !== "Pending" || isBeingDeleted(now)) return;
    const at = timestamp(this.clock.nowMs());
    const ready = { type: "Ready", status: "True", lastTransitionTime: at };
    const podIP = `10.1.${this.#addresses >> 8}.${this.#addresses++ & 255}`;
    const conditions = [...(now.status.conditions ?? []), ready];
    this.store.updateStatus("pods", { ...now, status: { ...now.status, phase: "Running", podIP, conditions } } as Pod);
  }

  #finish(pod: Pod): void {
    this.end(pod, "Failed");
    this.store.delete("pods", namespaceOf(pod), nameOf(pod), { gracePeriodSeconds: 0, uid: uidOf(pod) });
  }
}
