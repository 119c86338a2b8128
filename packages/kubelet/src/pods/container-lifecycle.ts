import { containerId } from "./container-id.ts";
import type { PodDraft } from "./pod-draft.ts";
import { type ContainerPlan, type PodPlan, type ProbePlan, podText } from "./pod-plan.ts";
import type { ContainerPhase, Ended, PodState } from "./pod-state.ts";

/** pkg/kubelet/kubelet.go: initial and greatest back-off of restarts and of image pulls. */
const backOffInitialMs = 10_000;
const backOffCapMs = 300_000;
/** k8s.io/client-go/util/flowcontrol/backoff.go: forgotten after twice the cap. */
const backOffForgetMs = 2 * backOffCapMs;
/** From a failed pull to the sync that finds the image in back-off. */
const pullFlipMs = 1000;

/** What a pull says that was made to fail. */
export function pullError(image: string): string {
  return `failed to pull and unpack image ${JSON.stringify(image)}: not found`;
}

/**
 * From a container's start to the first moment a probe has passed often enough. Probes run at multiples of the period
 * from the start on, the first of them one period in, and not before the initial delay (pkg/kubelet/prober/worker.go).
 */
export function probeDelayMs(probe: ProbePlan): number {
  const firstTick = Math.max(1, Math.ceil(probe.initialDelayMs / probe.periodMs));
  return (firstTick + probe.successThreshold - 1) * probe.periodMs;
}

function pullFails(state: PodState, container: ContainerPlan, nowMs: number): boolean {
  return nowMs < state.startMs + container.behaviour.pullFailsMs;
}

/** Hands container `index` to the runtime. */
export function beginContainer(draft: PodDraft, index: number): void {
  const { phase, last } = draft.container(index);
  const plan = draft.planOf(index);
  const absent = plan.behaviour.pullFailsMs > 0 && last === undefined && phase.t !== "exited";
  if (absent) draft.event("Normal", "Pulling", `Pulling image "${plan.image}"`, index);
  else draft.event("Normal", "Pulled", presentMessage(plan), index);
  draft.setContainer(index, { phase: { t: "queued", shown: phase } });
  draft.effect({ do: "start-container", index });
}

function presentMessage(plan: ContainerPlan): string {
  return `Container image "${plan.image}" already present on machine and can be accessed by the pod`;
}

/** The runtime is through with container `index`: it runs, or its image could not be pulled. */
export function containerUp(draft: PodDraft, index: number): void {
  const { phase, last } = draft.container(index);
  if (phase.t !== "queued") return;
  draft.set({ ipShown: true });
  const plan = draft.planOf(index);
  const ended = phase.shown.t === "exited" ? phase.shown.ended : undefined;
  if (pullFails(draft.state, plan, draft.nowMs)) {
    pullFailed(draft, index, ended);
    return;
  }
  if (plan.behaviour.pullFailsMs > 0 && last === undefined && ended === undefined) {
    draft.event("Normal", "Pulled", `Successfully pulled image "${plan.image}"`, index);
  }
  draft.event("Normal", "Created", "Container created", index);
  draft.event("Normal", "Started", "Container started", index);
  const { restarts, adoptedId: _adopted, ...rest } = draft.container(index);
  const again = ended !== undefined || last !== undefined;
  draft.replaceContainer(index, {
    ...rest,
    restarts: again ? restarts + 1 : restarts,
    last: ended ?? last,
    phase: runningPhase(plan, draft.nowMs),
  });
}

/** A container that has just been started. */
function runningPhase(plan: ContainerPlan, startedMs: number): ContainerPhase {
  const { behaviour, startup, readiness } = plan;
  const startupDueMs = startup === undefined ? undefined : startedMs + probeDelayMs(startup);
  let readyDueMs: number | undefined;
  if (plan.role !== "init") {
    if (behaviour.readinessDelayMs !== undefined) readyDueMs = startedMs + behaviour.readinessDelayMs;
    else if (readiness !== undefined) readyDueMs = startedMs + probeDelayMs(readiness);
    if (startupDueMs !== undefined) readyDueMs = Math.max(readyDueMs ?? 0, startupDueMs);
    if (readyDueMs === startedMs) readyDueMs = undefined;
  }
  const endDueMs = behaviour.runTimeMs === undefined ? undefined : startedMs + behaviour.runTimeMs;
  return { t: "running", startedMs, startupDueMs, readyDueMs, endDueMs, stop: undefined };
}

function pullFailed(draft: PodDraft, index: number, ended: Ended | undefined): void {
  const { image } = draft.planOf(index);
  const backOffMs = raisedBackOff(draft, index);
  draft.event("Warning", "Failed", `Failed to pull image "${image}": ${pullError(image)}`, index);
  draft.event("Warning", "Failed", "Error: ErrImagePull", index);
  draft.setContainer(index, {
    phase: { t: "pulling-back", retryMs: draft.nowMs + backOffMs, flipMs: draft.nowMs + pullFlipMs },
    ...(ended === undefined ? {} : { last: ended }),
  });
}

/** flowcontrol.Backoff.Next: doubles, or begins anew after a long quiet. */
function raisedBackOff(draft: PodDraft, index: number): number {
  const { backOffMs, backOffSetMs } = draft.container(index);
  const fresh = backOffMs === 0 || draft.nowMs - backOffSetMs > backOffForgetMs;
  const raised = fresh ? backOffInitialMs : Math.min(backOffMs * 2, backOffCapMs);
  draft.setContainer(index, { backOffMs: raised, backOffSetMs: draft.nowMs });
  return raised;
}

/** What a container's state was when it stopped running. */
export function endOf(draft: PodDraft, index: number, exitCode: number, reason: string): Ended {
  const container = draft.container(index);
  const startedMs = container.phase.t === "running" ? container.phase.startedMs : draft.nowMs;
  const id = containerId(draft.plan.uid, draft.planOf(index).name, container.restarts, container.adoptedId);
  return { exitCode, reason, startedMs, finishedMs: draft.nowMs, containerId: id };
}

/** Whether the pod's policy starts a container again that ended so (pkg/api/v1/pod ContainerShouldRestart). */
export function restarts(plan: PodPlan, container: ContainerPlan, exitCode: number): boolean {
  if (container.role === "sidecar") return true;
  if (container.role === "init") return exitCode !== 0 && plan.restartPolicy !== "Never";
  if (plan.restartPolicy === "Always") return true;
  return plan.restartPolicy === "OnFailure" && exitCode !== 0;
}

/** Container `index` has ended of itself: at once again, or after a back-off (kubelet-audit §6). */
export function scheduleRestart(draft: PodDraft, index: number, ended: Ended): void {
  const { backOffMs, backOffSetMs } = draft.container(index);
  const waits = backOffMs > 0 && draft.nowMs - backOffSetMs <= backOffForgetMs;
  const syncMs = waits ? draft.nextSyncMs(backOffMs) : draft.nowMs;
  draft.setContainer(index, { phase: { t: "exited", ended, syncMs, shownBackOffMs: undefined } });
  if (waits) {
    backOffEvent(draft, index);
    return;
  }
  raisedBackOff(draft, index);
  beginContainer(draft, index);
}

function backOffEvent(draft: PodDraft, index: number): void {
  const message = `Back-off restarting failed container ${draft.planOf(index).name} in pod ${podText(draft.plan)}`;
  draft.event("Warning", "BackOff", message, index);
}

/** A sync of a pod with an ended container: shows the back-off, and starts the container if that is over. */
export function syncExited(draft: PodDraft, index: number): void {
  const { phase, backOffMs } = draft.container(index);
  if (phase.t !== "exited" || phase.syncMs === undefined || phase.syncMs > draft.nowMs) return;
  const overMs = (phase.ended.finishedMs ?? 0) + backOffMs;
  const { shownBackOffMs } = phase;
  if (overMs > draft.nowMs) {
    const syncMs = draft.nextSyncMs(overMs - draft.nowMs);
    draft.setContainer(index, { phase: { ...phase, syncMs, shownBackOffMs: backOffMs } });
    backOffEvent(draft, index);
    if (shownBackOffMs === undefined) draft.push("change");
    return;
  }
  if (backOffMs > 0) {
    draft.setContainer(index, { phase: { ...phase, shownBackOffMs: backOffMs } });
    if (shownBackOffMs === undefined) draft.push("change");
  }
  raisedBackOff(draft, index);
  beginContainer(draft, index);
}

/** A sync of a pod with a container whose image could not be pulled. */
export function syncPull(draft: PodDraft, index: number): void {
  const { phase } = draft.container(index);
  if (phase.t !== "pulling-back") return;
  if (phase.retryMs <= draft.nowMs) {
    beginContainer(draft, index);
    return;
  }
  if (phase.flipMs === undefined || phase.flipMs > draft.nowMs) return;
  const { image } = draft.planOf(index);
  draft.event("Normal", "BackOff", `Back-off pulling image "${image}"`, index);
  draft.event("Warning", "Failed", "Error: ImagePullBackOff", index);
  draft.setContainer(index, { phase: { ...phase, flipMs: undefined } });
  draft.push("change");
}

/** When something is due for a container; Infinity: never. */
export function containerWakeMs(phase: ContainerPhase): number {
  const never = Number.POSITIVE_INFINITY;
  switch (phase.t) {
    case "idle":
    case "queued":
      return never;
    case "pulling-back":
      return Math.min(phase.retryMs, phase.flipMs ?? never);
    case "running":
      if (phase.stop !== undefined) return Math.min(phase.stop.dueMs, phase.endDueMs ?? never);
      return Math.min(phase.startupDueMs ?? never, phase.readyDueMs ?? never, phase.endDueMs ?? never);
    case "exited":
      return phase.syncMs ?? never;
  }
}
