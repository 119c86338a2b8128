import { sample } from "@hollowfleet/core";
import { endOf, restarts } from "./container-lifecycle.ts";
import type { PodDraft } from "./pod-draft.ts";
import type { ContainerPhase, ContainerState, Ended, StopCause } from "./pod-state.ts";

/** pkg/kubelet/kuberuntime/kuberuntime_container.go minimumGracePeriodInSeconds */
const minGraceMs = 2000;

/** pkg/kubelet/status/status_manager.go TerminatePod: containers that nobody knows anything of. */
const notLocated: Ended = {
  exitCode: 137,
  reason: "ContainerStatusUnknown",
  message: "The container could not be located when the pod was terminated",
};

/** A container of a pod of which every app container may have ended for good: if so, the pod comes to its end. */
export function reachEnd(draft: PodDraft): void {
  const { plan, state } = draft;
  const initFailed = state.containers.some(({ phase }, index) => {
    const container = draft.planOf(index);
    return (
      container.role === "init" && phase.t === "exited" && phase.ended.exitCode !== 0 && phase.syncMs === undefined
    );
  });
  const appsEnded = state.containers.every(({ phase }, index) => {
    const container = draft.planOf(index);
    if (container.role !== "app") return true;
    return phase.t === "exited" && !restarts(plan, container, phase.ended.exitCode);
  });
  if (!initFailed && !appsEnded) return;
  if (state.containers.some(({ phase }) => phase.t === "running")) {
    beginStop(draft, "finished", undefined);
    return;
  }
  draft.stage({ t: "finishing", dueMs: draft.nowMs + draft.context.pace.finishMs });
}

/**
 * Ends the pod before its time, or for good where it has ended already. A second call with a shorter grace shortens.
 * @param graceMs undefined: as long as each container takes
 */
export function stopPod(draft: PodDraft, cause: StopCause, graceMs: number | undefined, generation: number): void {
  const { stage, deleting } = draft.state;
  const again = deleting && cause === "deleted";
  if (cause === "deleted") draft.set({ deleting: true, generation });
  switch (stage.t) {
    case "stopping":
      shorten(draft, graceMs);
      // What ends for a deadline may be deleted meanwhile: the new generation is echoed as in any deletion.
      if (!again) draft.push("change");
      return;
    case "creating":
    case "running":
    case "finishing":
      beginStop(draft, cause, graceMs);
      return;
    case "ended":
      if (!again) draft.stage({ t: "ended", finalMs: draft.nowMs });
      return;
    case "gone":
      if (!again) draft.stage({ t: "ended", finalMs: reconcileMs(draft) });
      return;
    case "rejected":
      if (!again) draft.stage({ t: "rejected", finalMs: reconcileMs(draft) });
      return;
  }
}

/**
 * A kubelet no longer looks at a pod that is over: the next 10 s pass of the status manager finds the deletion, if the
 * API server has not removed the pod by itself before (which it does unless a finalizer holds it).
 */
function reconcileMs(draft: PodDraft): number {
  return draft.nowMs + draft.context.random.next() * 10_000;
}

function beginStop(draft: PodDraft, cause: StopCause, graceMs: number | undefined): void {
  const limitMs = draft.nowMs + Math.max(graceMs ?? Number.POSITIVE_INFINITY, minGraceMs);
  for (let index = 0; index < draft.state.containers.length; index++) {
    const { phase } = draft.container(index);
    if (phase.t !== "running") continue;
    const asked = draft.planOf(index).behaviour.stopDelayMs;
    // Without a wish of its own it ends of SIGTERM, and only the runtime takes time: nothing that a grace would cut short.
    const dueMs = asked === undefined ? Number.POSITIVE_INFINITY : draft.nowMs + asked;
    const killed = asked !== undefined && dueMs > limitMs;
    draft.setContainer(index, { phase: { ...phase, stop: { dueMs: killed ? limitMs : dueMs, killed } } });
    if (asked === undefined) draft.effect({ do: "stop-container", index });
    draft.event("Normal", "Killing", `Stopping container ${draft.planOf(index).name}`, index);
  }
  const restMs = draft.nowMs + sample(draft.context.pace.stop, draft.context.random);
  draft.stage({ t: "stopping", cause, restMs: Math.min(restMs, limitMs) });
  draft.push("change");
}

function shorten(draft: PodDraft, graceMs: number | undefined): void {
  if (graceMs === undefined) return;
  const limitMs = draft.nowMs + Math.max(graceMs, minGraceMs);
  for (let index = 0; index < draft.state.containers.length; index++) {
    const { phase } = draft.container(index);
    if (phase.t !== "running" || phase.stop === undefined || phase.stop.dueMs <= limitMs) continue;
    if (phase.stop.dueMs === Number.POSITIVE_INFINITY) continue;
    draft.setContainer(index, { phase: { ...phase, stop: { dueMs: limitMs, killed: true } } });
  }
}

/** Time has passed for a pod on its way out. */
export function stopWake(draft: PodDraft): void {
  const { stage } = draft.state;
  if (stage.t === "ended" && stage.finalMs <= draft.nowMs) {
    draft.stage({ t: "gone" });
    draft.push("final");
    draft.effect({ do: "release" });
  }
  if (stage.t === "rejected" && stage.finalMs !== undefined && stage.finalMs <= draft.nowMs) {
    draft.stage({ t: "rejected", finalMs: undefined });
    draft.push("final");
  }
  if (stage.t === "finishing" && stage.dueMs <= draft.nowMs) endPod(draft, draft.context.pace.settleMs);
  if (stage.t !== "stopping") return;
  for (let index = 0; index < draft.state.containers.length; index++) stopContainer(draft, index);
  if (draft.state.containers.some(({ phase }) => phase.t === "running")) return;
  if (stage.restMs <= draft.nowMs) endPod(draft, draft.context.pace.teardownMs);
}

/** The runtime has stopped container `index`. */
export function containerDown(draft: PodDraft, index: number): void {
  const { phase } = draft.container(index);
  if (draft.state.stage.t !== "stopping" || phase.t !== "running") return;
  const ended = endOf(draft, index, 0, "Completed");
  draft.setContainer(index, { phase: { t: "exited", ended, syncMs: undefined, shownBackOffMs: undefined } });
  stopWake(draft);
}

/** A stopping container ends: killed, of SIGTERM, or of itself before either. */
function stopContainer(draft: PodDraft, index: number): void {
  const { phase } = draft.container(index);
  if (phase.t !== "running") return;
  let ended: Ended;
  if (phase.endDueMs !== undefined && phase.endDueMs <= Math.min(draft.nowMs, phase.stop?.dueMs ?? draft.nowMs)) {
    const { exitCode, exitReason } = draft.planOf(index).behaviour;
    ended = endOf(draft, index, exitCode, exitReason);
  } else if (phase.stop !== undefined && phase.stop.dueMs <= draft.nowMs) {
    ended = phase.stop.killed ? endOf(draft, index, 137, "Error") : endOf(draft, index, 0, "Completed");
  } else return;
  draft.setContainer(index, { phase: { t: "exited", ended, syncMs: undefined, shownBackOffMs: undefined } });
}

/** Nothing runs and nothing will: the phase becomes terminal, for ever. */
function endPod(draft: PodDraft, untilFinalMs: number): void {
  const { initialized, stage } = draft.state;
  let failed = stage.t === "stopping" && stage.cause === "deadline";
  for (let index = 0; index < draft.state.containers.length; index++) {
    const container = draft.container(index);
    const { role } = draft.planOf(index);
    const phase = endedPhase(container, initialized || (role !== "app" && lastTried(draft.state.containers, index)));
    draft.setContainer(index, { phase });
    if (role === "app" && (phase.t !== "exited" || phase.ended.exitCode !== 0)) failed = true;
  }
  draft.set({
    stage: { t: "ended", finalMs: draft.nowMs + untilFinalMs },
    sandbox: draft.state.sandbox === "up" ? "gone" : draft.state.sandbox,
    phase: failed ? "Failed" : "Succeeded",
  });
  draft.push("change");
}

/** Init containers with evidence that a later one was begun are marked too (TerminatePod, initializedContainers). */
function lastTried(containers: readonly ContainerState[], index: number): boolean {
  return containers.slice(index + 1).some(({ phase, last }) => phase.t !== "idle" || last !== undefined);
}

function endedPhase(container: ContainerState, marked: boolean): ContainerPhase {
  let { phase } = container;
  if (phase.t === "queued") phase = phase.shown;
  if (phase.t === "exited") return { ...phase, syncMs: undefined, shownBackOffMs: undefined };
  if (container.last !== undefined) {
    return { t: "exited", ended: container.last, syncMs: undefined, shownBackOffMs: undefined };
  }
  if (!marked) return { t: "idle" };
  return { t: "exited", ended: notLocated, syncMs: undefined, shownBackOffMs: undefined };
}
