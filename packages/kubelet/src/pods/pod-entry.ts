import type { PodPhase } from "../observer.ts";
import type { HeapItem } from "./due-heap.ts";
import type { PodPlan } from "./pod-plan.ts";
import type { PodState } from "./pod-state.ts";

/** One pod on the node: a plain record, since a process holds tens of thousands. */
export interface PodEntry extends HeapItem {
  plan: PodPlan;
  state: PodState;
  /** As the watch last had it; told in events. */
  resourceVersion: string;
  /** Statuses of the readiness gates as the watch last had them. */
  gates: string;
  /** When the manager next looks at it, milliseconds since the epoch; Infinity: nothing is due, and it is in no heap. */
  dueMs: number;
  /** When its tokens must be asked for again. */
  refreshMs: number | undefined;
  /** Counted in the node's resources. */
  admitted: boolean;
  /** Its volumes are there: the sandbox can be made. */
  mounted: boolean;
  /** How often its tokens were refused in a row. */
  mountFailures: number;
  /** Still on this node: answers that come later are dropped. */
  present: boolean;
  /** What the observer was last told. */
  told: PodPhase | "none";
  startTold: boolean;
  seenUs: number;
  simulatedMs: number;
}

export function newEntry(plan: PodPlan, state: PodState, resourceVersion: string, seenUs: number): PodEntry {
  return {
    plan,
    state,
    resourceVersion,
    gates: "",
    dueMs: Number.POSITIVE_INFINITY,
    heapAt: -1,
    refreshMs: undefined,
    admitted: false,
    mounted: false,
    mountFailures: 0,
    present: true,
    told: "none",
    startTold: false,
    seenUs,
    simulatedMs: 0,
  };
}

/** The pod can have no running container any more. */
export function isOver(entry: PodEntry): boolean {
  return entry.state.phase !== undefined;
}
