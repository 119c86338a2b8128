import { firstState } from "./pod-lifecycle.ts";
import type { ContainerPlan, PodPlan } from "./pod-plan.ts";
import type { ContainerPhase, ContainerState, Ended, PodState } from "./pod-state.ts";
import { rejectedPrefix } from "./pod-status.ts";
import type { ContainerStatusJson, StatusJson, TerminatedJson } from "./status-json.ts";

function endedOf(from: TerminatedJson): Ended {
  const startedMs = from.startedAt === null ? undefined : Date.parse(from.startedAt);
  const finishedMs = from.finishedAt === null ? undefined : Date.parse(from.finishedAt);
  return {
    exitCode: from.exitCode,
    reason: from.reason ?? "",
    ...(from.message === undefined ? {} : { message: from.message }),
    ...(startedMs === undefined ? {} : { startedMs }),
    ...(finishedMs === undefined ? {} : { finishedMs }),
    ...(from.containerID === undefined ? {} : { containerId: from.containerID }),
  };
}

function adoptedPhase(
  plan: ContainerPlan,
  from: ContainerStatusJson,
  last: Ended | undefined,
  nowMs: number,
): ContainerPhase {
  const { running, terminated } = from.state;
  if (running !== undefined) {
    const startedMs = running.startedAt === null ? nowMs : Date.parse(running.startedAt);
    const { runTimeMs } = plan.behaviour;
    const periodMs = plan.readiness?.periodMs ?? 0;
    return {
      t: "running",
      startedMs,
      startupDueMs: from.started === false ? nowMs + (plan.startup?.periodMs ?? 0) : undefined,
      readyDueMs: from.ready || plan.role === "init" ? undefined : nowMs + periodMs,
      endDueMs: runTimeMs === undefined ? undefined : startedMs + runTimeMs,
      stop: undefined,
    };
  }
  if (terminated !== undefined) {
    const done = plan.role === "init" && terminated.exitCode === 0;
    return { t: "exited", ended: endedOf(terminated), syncMs: done ? undefined : nowMs, shownBackOffMs: undefined };
  }
  if (last === undefined) return { t: "idle" };
  // A restart back-off is not remembered over a restart of the kubelet: it lives in memory (kuberuntime doBackOff).
  return { t: "exited", ended: last, syncMs: nowMs, shownBackOffMs: undefined };
}

function adoptedContainer(plan: ContainerPlan, from: ContainerStatusJson | undefined, nowMs: number): ContainerState {
  const none = { restarts: 0, last: undefined, backOffMs: 0, backOffSetMs: 0 };
  if (from === undefined) return { ...none, phase: { t: "idle" } };
  const last = from.lastState.terminated === undefined ? undefined : endedOf(from.lastState.terminated);
  const phase = adoptedPhase(plan, from, last, nowMs);
  const running = phase.t === "running" && from.containerID !== undefined;
  return {
    ...none,
    phase,
    restarts: from.restartCount,
    last: from.state.waiting === undefined ? last : undefined,
    ...(running ? { adoptedId: from.containerID ?? "" } : {}),
  };
}

/**
 * The state of a pod that was already here before this kubelet started (kubelet-audit §7): Running pods go on running
 * as the API has them, ended ones are left alone, all others begin anew.
 */
export function adoptedState(plan: PodPlan, generation: number, api: StatusJson, nowMs: number): PodState {
  const first = firstState(plan, generation, nowMs);
  const startMs = api.startTime === undefined ? nowMs : Date.parse(api.startTime);
  const statuses = [...(api.initContainerStatuses ?? []), ...(api.containerStatuses ?? [])];
  const containers = plan.containers.map((container) =>
    adoptedContainer(
      container,
      statuses.find(({ name }) => name === container.name),
      nowMs,
    ),
  );
  if (api.phase === "Succeeded" || api.phase === "Failed") return adoptedEnd({ ...first, startMs, containers }, api);
  if (api.phase !== "Running") return { ...first, startMs };
  return {
    ...first,
    stage: { t: "running" },
    containers,
    startMs,
    sandbox: "up",
    ip: api.podIP,
    ipShown: api.podIP !== undefined,
    initialized: true,
  };
}

/** A pod that is over; without container statuses it was rejected. */
function adoptedEnd(state: PodState, api: StatusJson): PodState {
  const rejected = api.containerStatuses === undefined;
  return {
    ...state,
    stage: rejected ? { t: "rejected", finalMs: undefined } : { t: "gone" },
    phase: api.phase === "Succeeded" ? "Succeeded" : "Failed",
    reason: api.reason,
    message: rejected ? api.message?.replace(rejectedPrefix, "") : api.message,
    sandbox: "gone",
    ip: api.podIP,
    ipShown: api.podIP !== undefined,
    initialized: true,
  };
}
