import { type ApiClient, type Received, resources } from "@hollowfleet/client";
import type { Timer } from "@hollowfleet/core";
import type { Node } from "@hollowfleet/wire";
import {
  type Condition,
  conditionsDiffer,
  type DatedCondition,
  dateConditions,
  readConditions,
  readyCondition,
  readyConditions,
  registeringConditions,
  withCondition,
} from "./conditions.ts";
import { attempt, type NodeContext } from "./node-context.ts";
import { recordConditions } from "./node-events.ts";
import { fastStatusPollMs } from "./registration-plan.ts";
import { newerVersion } from "./resource-version.ts";
import { type StatusMembers, statusPatch } from "./status-patch.ts";
import { reportPeriodMs, statusTickMs } from "./status-plan.ts";

/** nodeStatusUpdateRetry of kubelet_node_status.go: tries without a pause; all but the first read the Node from etcd. */
const triesMax = 5;

/** Told by the status of one node. */
export interface NodeStatusListener {
  /** The API server holds Ready as True. Told each time it becomes so. */
  onReady(): void;
  onPodCidr(podCidr: string | undefined): void;
}

/**
 * Reports the status of one node. Of the Node itself it keeps the conditions only, as the API last held them: a decoded
 * Node takes some 10 KB, and its bytes with managedFields 4 KB, for thousands of nodes.
 */
export class NodeStatus {
  readonly #context: NodeContext;
  readonly #listener: NodeStatusListener;
  #ours: readonly Condition[];
  #base: readonly DatedCondition[] = [];
  #baseVersion = "";
  #podCidr: string | undefined;
  /** Members that a Node found at start lacks; sent with the first patch. */
  #pending: StatusMembers = {};
  /** When the next report is due though nothing changes; before the first one: at once. */
  #reportDueUs = Number.NEGATIVE_INFINITY;
  #ready = false;
  #registered = false;
  #syncing = false;
  #stopped = false;
  #timer: Timer | undefined;

  constructor(context: NodeContext, listener: NodeStatusListener) {
    this.#context = context;
    this.#listener = listener;
    this.#ours = context.profile.csiNode ? registeringConditions : readyConditions;
  }

  /** What the Node of the POST says. */
  initialConditions(): DatedCondition[] {
    return dateConditions(this.#ours, [], this.#nowS());
  }

  /** The Node is in the API: the first patch goes out at once, then the ticks begin. */
  start(node: Received<Node>, pending: StatusMembers = {}): void {
    this.#registered = true;
    this.#pending = pending;
    // After a restart the watch may have told of a Ready node before.
    if (this.#ready) this.#listener.onReady();
    this.observe(node);
    void this.#sync();
  }

  /** A newer copy of the Node, from the watch or from an answer. */
  observe(node: Received<Node>): void {
    const version = node.object.metadata?.resourceVersion ?? "";
    if (!newerVersion(version, this.#baseVersion)) return;
    this.#baseVersion = version;
    this.#base = readConditions(node.object);
    const podCidr = node.object.spec?.podCIDR || undefined;
    if (podCidr !== this.#podCidr) {
      this.#podCidr = podCidr;
      this.#listener.onPodCidr(podCidr);
    }
    const ready = this.#base.some(({ type, status }) => type === "Ready" && status === "True");
    if (ready && !this.#ready && this.#registered && !this.#stopped) this.#listener.onReady();
    this.#ready = ready;
  }

  /** Nothing keeps the node from being Ready any more. */
  setReady(): void {
    this.#ours = this.#ours === registeringConditions ? readyConditions : withCondition(this.#ours, readyCondition);
    this.#soon();
  }

  /** Sets one condition, known or new; it is reported at the next tick. */
  setCondition(condition: Condition): void {
    this.#ours = withCondition(this.#ours, condition);
  }

  /** A report is due though its period is not over. */
  reportAtNextTick(): void {
    this.#reportDueUs = Math.min(this.#reportDueUs, this.#context.clock.nowUs());
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  /** Until the node is Ready for the first time, a kubelet looks every 100 ms whether it is. */
  #soon(): void {
    if (!this.#registered || this.#stopped || this.#syncing || this.#ready) return;
    this.#timer?.cancel();
    this.#timer = this.#context.clock.setTimer(this.#context.random.next() * fastStatusPollMs, () => void this.#sync());
  }

  async #sync(): Promise<void> {
    this.#syncing = true;
    let done = false;
    for (let tries = 0; tries < triesMax && !done && !this.#stopped; tries++) done = await this.#try(tries > 0);
    this.#syncing = false;
    if (this.#stopped) return;
    const { clock, random } = this.#context;
    this.#timer = clock.setTimer(statusTickMs(random), () => void this.#sync());
    // A change that came while a patch was under way.
    if (done && conditionsDiffer(this.#base, this.#next())) this.#soon();
  }

  #next(): readonly DatedCondition[] {
    return dateConditions(this.#ours, this.#base, this.#nowS());
  }

  /** True when nothing had to be sent, or it was accepted. */
  async #try(fromEtcd: boolean): Promise<boolean> {
    const { heartbeat, spec, clock, random, observer } = this.#context;
    if (fromEtcd && !(await this.#read(heartbeat))) return false;
    const next = this.#next();
    const changed = conditionsDiffer(this.#base, next) || Object.keys(this.#pending).length > 0;
    const first = this.#reportDueUs === Number.NEGATIVE_INFINITY;
    if (!changed && clock.nowUs() < this.#reportDueUs) return true;
    if (!fromEtcd) this.#recordFlips(next);
    const body = statusPatch(this.#base, next, this.#pending);
    const options = { subresource: "status" };
    const { value, error } = await attempt(
      heartbeat.patch(resources.nodes, { name: spec.name }, "strategic", body, options),
    );
    if (value === undefined) {
      observer.onError(spec.name, "node-status", error);
      return false;
    }
    this.#pending = {};
    this.#reportDueUs = clock.nowUs() + reportPeriodMs(changed || first, random) * 1000;
    this.observe(value);
    return true;
  }

  async #read(client: ApiClient): Promise<boolean> {
    const { spec, observer } = this.#context;
    const { value, error } = await attempt(client.get(resources.nodes, { name: spec.name }));
    if (value === undefined) observer.onError(spec.name, "node-status", error);
    else this.observe(value);
    return value !== undefined;
  }

  #recordFlips(next: readonly DatedCondition[]): void {
    const flipped = next.filter(
      (condition) => this.#base.find(({ type }) => type === condition.type)?.status !== condition.status,
    );
    recordConditions(this.#context.events, this.#context.spec.name, flipped);
  }

  #nowS(): number {
    return Math.floor(this.#context.clock.nowMs() / 1000);
  }
}
