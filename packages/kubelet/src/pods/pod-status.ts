import { containerStatus, isReady } from "./container-status.ts";
import { computedPhase, type PhaseName } from "./pod-phase.ts";
import type { PodPlan } from "./pod-plan.ts";
import type { ContainerState, PodState } from "./pod-state.ts";
import { type ConditionJson, type ContainerStatusJson, isoSeconds, type StatusJson } from "./status-json.ts";

/** pkg/kubelet/kubelet.go rejectPod */
export const rejectedPrefix = "Pod was rejected: ";

/** What a condition says, before it is compared with what the API has. */
export interface DesiredCondition {
  readonly type: string;
  readonly status: "True" | "False";
  readonly reason?: string;
  readonly message?: string;
}

function off(type: string, reason?: string, message?: string): DesiredCondition {
  return {
    type,
    status: "False",
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
  };
}

function endReason(phase: PhaseName): string {
  return phase === "Succeeded" ? "PodCompleted" : "PodFailed";
}

function containersReady(plan: PodPlan, state: PodState, phase: PhaseName): DesiredCondition {
  const type = "ContainersReady";
  if (phase === "Succeeded" || phase === "Failed") return off(type, endReason(phase));
  const unready: string[] = [];
  for (const [index, container] of plan.containers.entries()) {
    const current = state.containers[index];
    if (container.role === "init" || current === undefined) continue;
    const shown = current.phase.t === "queued" ? current.phase.shown : current.phase;
    if (!isReady(container, shown)) unready.push(container.name);
  }
  if (unready.length === 0) return { type, status: "True" };
  return off(type, "ContainersNotReady", `containers with unready status: [${unready.join(" ")}]`);
}

/** pkg/kubelet/status/generate.go GeneratePodReadyCondition: as the containers, and every readiness gate True. */
function podReady(plan: PodPlan, containers: DesiredCondition, api: StatusJson): DesiredCondition {
  if (containers.status === "False") return { ...containers, type: "Ready" };
  const unmet: string[] = [];
  for (const gate of plan.readinessGates) {
    const condition = api.conditions?.find(({ type }) => type === gate);
    if (condition === undefined) {
      unmet.push(`corresponding condition of pod readiness gate "${gate}" does not exist.`);
    } else if (condition.status !== "True") {
      unmet.push(`the status of pod readiness gate "${gate}" is not "True", but ${condition.status}`);
    }
  }
  return unmet.length === 0
    ? { type: "Ready", status: "True" }
    : off("Ready", "ReadinessGatesNotReady", unmet.join(", "));
}

function initialized(plan: PodPlan, state: PodState, phase: PhaseName): DesiredCondition {
  const type = "Initialized";
  if (phase === "Succeeded") return { type, status: "True", reason: "PodCompleted" };
  if (state.initialized) return { type, status: "True" };
  const incomplete = plan.containers.filter((container, index) => {
    const current: ContainerState | undefined = state.containers[index];
    if (container.role === "app" || current === undefined) return false;
    if (container.role === "init") return !isReady(container, current.phase);
    return !(current.phase.t === "running" && current.phase.startupDueMs === undefined);
  });
  if (incomplete.length === 0) return { type, status: "True" };
  const names = incomplete.map(({ name }) => name).join(" ");
  return off(type, "ContainersNotInitialized", `containers with incomplete status: [${names}]`);
}

/** The kubelet's own conditions, in the order in which a kubelet 1.36 writes them. */
function desiredConditions(plan: PodPlan, state: PodState, api: StatusJson): readonly DesiredCondition[] {
  const phase = computedPhase(plan, state);
  const containers = containersReady(plan, state, phase);
  return [
    { type: "PodReadyToStartContainers", status: state.sandbox === "up" ? "True" : "False" },
    initialized(plan, state, phase),
    podReady(plan, containers, api),
    containers,
    { type: "PodScheduled", status: "True" },
  ];
}

/** A condition keeps its transition time while its status is the one that the API has. */
function settled(condition: DesiredCondition, state: PodState, api: StatusJson): ConditionJson {
  const before = api.conditions?.find(({ type }) => type === condition.type);
  const same = before !== undefined && before.status === condition.status;
  const result: Partial<Mutable<ConditionJson>> = {
    lastProbeTime: null,
    lastTransitionTime: same ? before.lastTransitionTime : isoSeconds(state.changedMs),
  };
  if (condition.message !== undefined) result.message = condition.message;
  if (state.generation > 0) result.observedGeneration = state.generation;
  if (condition.reason !== undefined) result.reason = condition.reason;
  result.status = condition.status;
  result.type = condition.type;
  return result as ConditionJson;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * The status that the kubelet wants the API to have. What it does not own, and the phase while a terminal one is held
 * back, is taken from `api`.
 * @param hostIp the node's InternalIP
 */
export function desiredStatus(plan: PodPlan, state: PodState, hostIp: string, api: StatusJson): StatusJson {
  const generation = state.generation > 0 ? { observedGeneration: state.generation } : {};
  if (state.stage.t === "rejected") {
    return {
      ...(state.message === undefined ? {} : { message: `${rejectedPrefix}${state.message}` }),
      ...generation,
      phase: "Failed",
      ...(state.reason === undefined ? {} : { reason: state.reason }),
    };
  }
  const statuses = plan.containers.map((_, index) => containerStatus(plan, state, index));
  const phase = reportedPhase(plan, state, api);
  const told = state.phase !== undefined && state.reason !== undefined;
  return {
    conditions: desiredConditions(plan, state, api).map((condition) => settled(condition, state, api)),
    ...list("containerStatuses", statuses.slice(plan.initCount)),
    hostIP: hostIp,
    hostIPs: [{ ip: hostIp }],
    ...list("initContainerStatuses", statuses.slice(0, plan.initCount)),
    ...(told ? { message: state.message ?? "" } : {}),
    ...generation,
    ...(phase === undefined ? {} : { phase }),
    ...podIp(plan, state, hostIp),
    ...(told ? { reason: state.reason ?? "" } : {}),
    startTime: isoSeconds(state.startMs),
  };
}

function list(
  key: "containerStatuses" | "initContainerStatuses",
  statuses: readonly ContainerStatusJson[],
): StatusJson {
  return statuses.length === 0 ? {} : { [key]: statuses };
}

/** pkg/kubelet/status/status_manager.go mergePodStatus: no terminal phase while a container could run, none ever left. */
function reportedPhase(plan: PodPlan, state: PodState, api: StatusJson): string | undefined {
  if (api.phase === "Succeeded" || api.phase === "Failed") return api.phase;
  if (state.phase !== undefined) return state.phase;
  const phase = computedPhase(plan, state);
  return phase === "Succeeded" || phase === "Failed" ? api.phase : phase;
}

function podIp(plan: PodPlan, state: PodState, hostIp: string): StatusJson {
  const ip = plan.hostNetwork ? hostIp : state.ipShown ? state.ip : undefined;
  return ip === undefined ? {} : { podIP: ip, podIPs: [{ ip }] };
}
