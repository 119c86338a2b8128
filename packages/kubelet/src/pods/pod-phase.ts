import { restarts } from "./container-lifecycle.ts";
import type { PodPlan } from "./pod-plan.ts";
import type { ContainerPhase, ContainerState, Ended, PodState } from "./pod-state.ts";

export type PhaseName = "Pending" | "Running" | "Succeeded" | "Failed";

/** What the API shows: a container in the runtime's hands is still what it was. */
function shown(container: ContainerState): ContainerPhase {
  return container.phase.t === "queued" ? container.phase.shown : container.phase;
}

/** The last end of a container that does not run; undefined: it never ran. */
function endOf(container: ContainerState): Ended | undefined {
  const phase = shown(container);
  if (phase.t === "running") return undefined;
  return phase.t === "exited" ? phase.ended : container.last;
}

/**
 * The phase that follows from the containers (pkg/kubelet/kubelet_pods.go getPhase). A terminal one is not reported
 * before the pod has come to its end: `PodState.phase`.
 */
export function computedPhase(plan: PodPlan, state: PodState): PhaseName {
  if (state.phase !== undefined) return state.phase;
  if (state.stage.t === "stopping" && state.stage.cause === "deadline") return "Failed";
  let pending = false;
  let running = 0;
  let restarting = false;
  let failed = false;
  for (const [index, container] of plan.containers.entries()) {
    const current = state.containers[index];
    if (current === undefined) continue;
    const phase = shown(current);
    const ended = endOf(current);
    if (container.role === "init") {
      if (ended !== undefined && ended.exitCode !== 0 && !restarts(plan, container, ended.exitCode)) return "Failed";
      if (ended === undefined) pending = true;
    } else if (container.role === "sidecar") {
      if (phase.t === "running") running++;
      const unstarted = phase.t === "running" ? phase.startupDueMs !== undefined : ended === undefined;
      if (unstarted && !state.initialized) pending = true;
    } else if (phase.t === "running") {
      running++;
    } else if (ended === undefined) {
      pending = true;
    } else {
      if (restarts(plan, container, ended.exitCode)) restarting = true;
      if (ended.exitCode !== 0) failed = true;
    }
  }
  if (pending) return "Pending";
  if (running > 0 || restarting) return "Running";
  return failed ? "Failed" : "Succeeded";
}
