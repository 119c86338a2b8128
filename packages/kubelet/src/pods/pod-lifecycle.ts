import { unreachable } from "@hollowfleet/core";
import {
  beginContainer,
  containerUp,
  containerWakeMs,
  endOf,
  restarts,
  scheduleRestart,
  syncExited,
  syncPull,
} from "./container-lifecycle.ts";
import { type LifecycleContext, PodDraft } from "./pod-draft.ts";
import { containerDown, reachEnd, stopPod, stopWake } from "./pod-ending.ts";
import type { PodPlan } from "./pod-plan.ts";
import type { ContainerState, PodEvent, PodState, PodStep } from "./pod-state.ts";

/** pkg/kubelet/pod_workers.go backOffPeriod, with its jitter: a sandbox is tried again after 10 to 15 s. */
const sandboxRetryMs = 10_000;

const idleContainer: ContainerState = {
  phase: { t: "idle" },
  restarts: 0,
  last: undefined,
  backOffMs: 0,
  backOffSetMs: 0,
};

/** A pod of which nothing has been done yet. */
export function firstState(plan: PodPlan, generation: number, nowMs: number): PodState {
  return {
    stage: { t: "creating", retryMs: undefined },
    containers: plan.containers.map(() => idleContainer),
    startMs: nowMs,
    generation,
    deleting: false,
    sandbox: "none",
    ip: undefined,
    ipShown: false,
    initialized: plan.initCount === 0,
    phase: undefined,
    reason: undefined,
    message: undefined,
    changedMs: nowMs,
  };
}

/**
 * One step of a pod's life: what happened to it, and what follows from that. Pure but for the draws of the context's
 * generator. The transitions stand beside `PodStage` and `ContainerPhase`.
 */
export function stepPod(context: LifecycleContext, state: PodState, event: PodEvent, nowMs: number): PodStep {
  const draft = new PodDraft(context, state, nowMs);
  switch (event.t) {
    case "seen":
      see(draft);
      break;
    case "rejected":
      draft.set({
        stage: { t: "rejected", finalMs: undefined },
        phase: "Failed",
        reason: event.reason,
        message: event.message,
      });
      draft.event("Warning", event.reason, event.message);
      draft.push("change");
      break;
    case "sandbox-made":
      sandboxMade(draft, event.ip);
      break;
    case "container-up":
      started(draft, event.index);
      break;
    case "container-down":
      containerDown(draft, event.index);
      break;
    case "delete":
      stopPod(draft, "deleted", event.graceMs, event.generation);
      break;
    case "changed":
      draft.set({ generation: event.generation });
      if (draft.state.stage.t !== "gone") draft.push("change");
      break;
    case "wake":
      wake(draft);
      break;
    default:
      unreachable(event);
  }
  return draft.done();
}

/** The first sync: everything is waiting, volumes are mounted, the sandbox is asked for. */
function see(draft: PodDraft): void {
  for (const fault of draft.plan.behaviour.faults) draft.event("Warning", "InvalidAnnotation", fault);
  if (draft.state.stage.t === "creating") {
    draft.push("created");
    draft.effect({ do: "mount" });
    draft.effect({ do: "create-sandbox" });
    return;
  }
  // Adopted: a kubelet that has been restarted looks once and asks for a token (kubelet-audit §7).
  if (draft.state.stage.t === "gone") return;
  draft.push("change");
  draft.effect({ do: "mount" });
}

/** Whether the pod asked for its sandbox to fail now. */
export function sandboxFails(plan: PodPlan, state: PodState, nowMs: number): boolean {
  return nowMs < state.startMs + plan.behaviour.sandboxFailsMs;
}

function sandboxMade(draft: PodDraft, ip: string | undefined): void {
  if (draft.state.stage.t !== "creating") return;
  if (ip === undefined) {
    // Each try has a sandbox of its own, so that the texts differ and the events are not counted together (kubelet-audit §6).
    const sandbox = draft.context.random.hex(64);
    const asked = sandboxFails(draft.plan, draft.state, draft.nowMs);
    const cause = asked ? "asked for by annotation" : "no IP addresses available in the node's pod CIDR";
    draft.event(
      "Warning",
      "FailedCreatePodSandBox",
      `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to set up sandbox "${sandbox}": ${cause}`,
    );
    draft.stage({ t: "creating", retryMs: draft.nowMs + sandboxRetryMs * (1 + 0.5 * draft.context.random.next()) });
    return;
  }
  draft.set({ stage: { t: "running" }, sandbox: "up", ip });
  draft.push("sandbox");
  startNext(draft);
}

/** Begins the container whose turn it is, one at a time (pkg/kubelet/kuberuntime computePodActions); undefined: none's. */
function startNext(draft: PodDraft): number | undefined {
  const { containers } = draft.state;
  if (containers.some(({ phase }) => phase.t === "queued")) return undefined;
  for (let index = 0; index < containers.length; index++) {
    const { phase } = draft.container(index);
    const { role } = draft.planOf(index);
    if (phase.t === "idle") {
      if (role === "app") draft.set({ initialized: true });
      beginContainer(draft, index);
      return index;
    }
    if (role === "app" || draft.state.initialized) continue;
    if (role === "sidecar" && phase.t === "running" && phase.startupDueMs === undefined) continue;
    if (role === "init" && phase.t === "exited" && phase.ended.exitCode === 0) continue;
    return undefined;
  }
  return undefined;
}

function started(draft: PodDraft, index: number): void {
  if (draft.state.stage.t !== "running") return;
  containerUp(draft, index);
  const next = startNext(draft);
  const role = draft.planOf(index).role;
  // All app containers are started by one sync, which ends in one status.
  if (next !== undefined && role === "app") return;
  draft.push(role === "app" ? "change" : "init");
}

function wake(draft: PodDraft): void {
  const { stage } = draft.state;
  switch (stage.t) {
    case "creating":
      if (deadlineReached(draft)) return;
      if (stage.retryMs === undefined || stage.retryMs > draft.nowMs) return;
      draft.stage({ t: "creating", retryMs: undefined });
      draft.effect({ do: "create-sandbox" });
      return;
    case "running":
      if (deadlineReached(draft)) return;
      for (let index = 0; index < draft.state.containers.length; index++) {
        if (draft.state.stage.t === "running") containerWake(draft, index);
      }
      return;
    case "finishing":
    case "stopping":
    case "ended":
    case "rejected":
      stopWake(draft);
      return;
    case "gone":
      return;
  }
}

function deadlineMs(plan: PodPlan, state: PodState): number {
  return plan.activeDeadlineMs === undefined ? Number.POSITIVE_INFINITY : state.startMs + plan.activeDeadlineMs;
}

/** pkg/kubelet/active_deadline.go */
function deadlineReached(draft: PodDraft): boolean {
  if (deadlineMs(draft.plan, draft.state) > draft.nowMs) return false;
  const message = "Pod was active on the node longer than the specified deadline";
  draft.event("Normal", "DeadlineExceeded", message);
  draft.set({ reason: "DeadlineExceeded", message });
  stopPod(draft, "deadline", undefined, draft.state.generation);
  return true;
}

function containerWake(draft: PodDraft, index: number): void {
  const { phase } = draft.container(index);
  if (phase.t === "pulling-back") {
    syncPull(draft, index);
    return;
  }
  if (phase.t === "exited") {
    syncExited(draft, index);
    return;
  }
  if (phase.t !== "running") return;
  const { nowMs } = draft;
  if (phase.endDueMs !== undefined && phase.endDueMs <= nowMs) {
    endContainer(draft, index);
    return;
  }
  const { startupDueMs, readyDueMs } = phase;
  const startup = startupDueMs !== undefined && startupDueMs <= nowMs ? undefined : startupDueMs;
  const ready = readyDueMs !== undefined && readyDueMs <= nowMs ? undefined : readyDueMs;
  if (startup === startupDueMs && ready === readyDueMs) return;
  draft.setContainer(index, { phase: { ...phase, startupDueMs: startup, readyDueMs: ready } });
  draft.push("change");
  if (startup !== startupDueMs) startNext(draft);
}

/** Container `index` ends of itself. */
function endContainer(draft: PodDraft, index: number): void {
  const plan = draft.planOf(index);
  const { exitCode, exitReason } = plan.behaviour;
  const ended = endOf(draft, index, exitCode, exitReason);
  draft.push(plan.role === "app" ? "change" : "init");
  if (restarts(draft.plan, plan, exitCode)) {
    scheduleRestart(draft, index, ended);
    return;
  }
  draft.setContainer(index, { phase: { t: "exited", ended, syncMs: undefined, shownBackOffMs: undefined } });
  if (plan.role === "init" && exitCode === 0) {
    startNext(draft);
    return;
  }
  reachEnd(draft);
}

/** When `stepPod` must be called with a wake event; undefined: nothing is due. */
export function nextWakeMs(plan: PodPlan, state: PodState): number | undefined {
  const { stage } = state;
  let due = Number.POSITIVE_INFINITY;
  switch (stage.t) {
    case "creating":
      due = Math.min(stage.retryMs ?? due, deadlineMs(plan, state));
      break;
    case "running":
      due = deadlineMs(plan, state);
      for (const { phase } of state.containers) due = Math.min(due, containerWakeMs(phase));
      break;
    case "finishing":
      due = stage.dueMs;
      break;
    case "stopping":
      due = stoppingWakeMs(state, stage.restMs);
      break;
    case "ended":
      due = stage.finalMs;
      break;
    case "rejected":
      due = stage.finalMs ?? due;
      break;
    case "gone":
      break;
  }
  return due === Number.POSITIVE_INFINITY ? undefined : due;
}

/** The next container's end, or when none runs the earliest moment at which the pod may end. */
function stoppingWakeMs(state: PodState, restMs: number): number {
  let due = Number.POSITIVE_INFINITY;
  let running = false;
  for (const { phase } of state.containers) {
    if (phase.t !== "running") continue;
    running = true;
    due = Math.min(due, containerWakeMs(phase));
  }
  return running ? due : restMs;
}
