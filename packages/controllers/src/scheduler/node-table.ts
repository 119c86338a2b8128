import { keyOf, nameOf } from "../objects/meta.ts";
import { isTerminal } from "../objects/pod.ts";
import { unschedulableTaint } from "../objects/taints.ts";
import type { Node, Pod, Taint } from "../objects/types.ts";
import { amountsOf, type PodNeeds, podNeeds } from "./pod-needs.ts";

/** A node and what its pods take of it; changed in place, pod by pod. */
export interface NodeRoom {
  readonly name: string;
  /** Undefined while there are pods bound to a node that is not registered. */
  node: Node | undefined;
  allocatable: ReadonlyMap<string, number>;
  /** Those that keep pods away: NoSchedule and NoExecute. */
  taints: readonly Taint[];
  preferNoSchedule: readonly Taint[];
  readonly requested: Map<string, number>;
  readonly hostPorts: Map<string, number>;
  pods: number;
  scoredCpuMilli: number;
  scoredMemory: number;
  /** Place in the table's list; -1 while not in it. */
  position: number;
}

/** All nodes with their accounts, brought up to date by each change so that no pass has to add anything up. */
export class NodeTable {
  readonly #rooms = new Map<string, NodeRoom>();
  readonly #list: NodeRoom[] = [];
  readonly #bound = new Map<string, { readonly room: NodeRoom; readonly needs: PodNeeds }>();

  /** The registered nodes, in no order that means anything. */
  get nodes(): readonly NodeRoom[] {
    return this.#list;
  }

  /** How many pods take room. */
  get boundPods(): number {
    return this.#bound.size;
  }

  setNode(node: Node): void {
    const room = this.#roomOf(nameOf(node));
    const taints = node.spec?.taints ?? [];
    room.node = node;
    room.allocatable = amountsOf(node.status?.allocatable ?? node.status?.capacity);
    room.taints = taints.filter(({ effect }) => effect === "NoSchedule" || effect === "NoExecute");
    room.preferNoSchedule = taints.filter(({ effect }) => effect === "PreferNoSchedule");
    if (room.position < 0) room.position = this.#list.push(room) - 1;
  }

  removeNode(name: string): void {
    const room = this.#rooms.get(name);
    if (room === undefined || room.position < 0) return;
    const last = this.#list.pop();
    if (last !== undefined && last !== room) {
      this.#list[room.position] = last;
      last.position = room.position;
    }
    room.position = -1;
    room.node = undefined;
    this.#dropIfUnused(room);
  }

  /** Accounts for the pod as it is now: bound and not ended, or else not at all. */
  setPod(pod: Pod): void {
    const name = isTerminal(pod) ? undefined : pod.spec?.nodeName;
    // What a bound pod requests changes only by resizing in place, which is not simulated.
    if (name && this.#bound.get(keyOf(pod))?.room.name === name) return;
    this.removePod(keyOf(pod));
    if (!name) return;
    const room = this.#roomOf(name);
    const needs = podNeeds(pod);
    this.#bound.set(keyOf(pod), { room, needs });
    account(room, needs, 1);
  }

  removePod(key: string): void {
    const bound = this.#bound.get(key);
    if (bound === undefined) return;
    this.#bound.delete(key);
    account(bound.room, bound.needs, -1);
    this.#dropIfUnused(bound.room);
  }

  #roomOf(name: string): NodeRoom {
    const known = this.#rooms.get(name);
    if (known !== undefined) return known;
    const room: NodeRoom = {
      name,
      node: undefined,
      allocatable: new Map(),
      taints: [],
      preferNoSchedule: [],
      requested: new Map(),
      hostPorts: new Map(),
      pods: 0,
      scoredCpuMilli: 0,
      scoredMemory: 0,
      position: -1,
    };
    this.#rooms.set(name, room);
    return room;
  }

  #dropIfUnused(room: NodeRoom): void {
    if (room.node === undefined && room.pods === 0) this.#rooms.delete(room.name);
  }
}

function account(room: NodeRoom, needs: PodNeeds, sign: 1 | -1): void {
  room.pods += sign;
  room.scoredCpuMilli += sign * needs.scoredCpuMilli;
  room.scoredMemory += sign * needs.scoredMemory;
  for (const [resource, amount] of needs.requests) count(room.requested, resource, sign * amount);
  for (const port of needs.hostPorts) count(room.hostPorts, port, sign);
}

function count(amounts: Map<string, number>, key: string, change: number): void {
  amounts.set(key, (amounts.get(key) ?? 0) + change);
}

/** What a cordoned node is tainted with, whether or not the taint is there yet. */
export const cordon: Taint = { key: unschedulableTaint, effect: "NoSchedule" };
