import type { Node } from "@hollowfleet/wire";
import { sharedText } from "./shared-text.ts";

/** What a kubelet says of one condition. The texts are shared between nodes. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** A condition as the API holds it. Times are whole seconds since the Unix epoch. */
export interface DatedCondition extends Condition {
  readonly heartbeatS: number;
  readonly transitionS: number;
}

/** kubelet-wire §1.5, in the order in which a kubelet sets them; Ready comes last. */
const memoryPressure: Condition = {
  type: "MemoryPressure",
  status: "False",
  reason: "KubeletHasSufficientMemory",
  message: "kubelet has sufficient memory available",
};
const diskPressure: Condition = {
  type: "DiskPressure",
  status: "False",
  reason: "KubeletHasNoDiskPressure",
  message: "kubelet has no disk pressure",
};
const pidPressure: Condition = {
  type: "PIDPressure",
  status: "False",
  reason: "KubeletHasSufficientPID",
  message: "kubelet has sufficient PID available",
};
export const readyCondition: Condition = {
  type: "Ready",
  status: "True",
  reason: "KubeletReady",
  message: "kubelet is posting ready status",
};
const csiNodeMissing: Condition = {
  type: "Ready",
  status: "False",
  reason: "KubeletNotReady",
  message: "CSINode is not yet initialized",
};

/** A healthy node. One array for all nodes. */
export const readyConditions: readonly Condition[] = [memoryPressure, diskPressure, pidPressure, readyCondition];
/** A node whose CSINode does not exist yet. One array for all nodes. */
export const registeringConditions: readonly Condition[] = [memoryPressure, diskPressure, pidPressure, csiNodeMissing];

/** The conditions of a Node as received. */
export function readConditions(node: Node): DatedCondition[] {
  return (node.status?.conditions ?? []).map((condition) => ({
    type: sharedText(condition.type ?? ""),
    status: sharedText(condition.status ?? ""),
    reason: sharedText(condition.reason ?? ""),
    message: sharedText(condition.message ?? ""),
    heartbeatS: condition.lastHeartbeatTime?.seconds ?? 0,
    transitionS: condition.lastTransitionTime?.seconds ?? 0,
  }));
}

/**
 * What the API should hold next: every condition of ours with a new heartbeat and, where its status flipped, a new
 * transition time; others' conditions as they are. Shaped as k8s.io/kubernetes/pkg/kubelet/nodestatus/setters.go.
 */
export function dateConditions(
  ours: readonly Condition[],
  base: readonly DatedCondition[],
  nowS: number,
): DatedCondition[] {
  const next = [...base];
  for (const condition of ours) {
    const at = next.findIndex((other) => other.type === condition.type);
    const before = next[at];
    const transitionS = before?.status === condition.status ? before.transitionS : nowS;
    const dated = { ...condition, heartbeatS: nowS, transitionS };
    if (at < 0) next.push(dated);
    else next[at] = dated;
  }
  return next;
}

/** Whether anything but a heartbeat differs, which is what makes a kubelet report at once. */
export function conditionsDiffer(base: readonly DatedCondition[], next: readonly DatedCondition[]): boolean {
  if (base.length !== next.length) return true;
  return next.some((condition, i) => {
    const before = base[i];
    return (
      before === undefined ||
      before.type !== condition.type ||
      before.status !== condition.status ||
      before.reason !== condition.reason ||
      before.message !== condition.message ||
      before.transitionS !== condition.transitionS
    );
  });
}

/** `ours` with one condition replaced, or added before Ready, which stays last. */
export function withCondition(ours: readonly Condition[], condition: Condition): readonly Condition[] {
  if (ours.some((other) => other.type === condition.type))
    return ours.map((other) => (other.type === condition.type ? condition : other));
  return [...ours.slice(0, -1), condition, ...ours.slice(-1)];
}
