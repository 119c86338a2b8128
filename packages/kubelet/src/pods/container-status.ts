import { containerId, imageId } from "./container-id.ts";
import { pullError } from "./container-lifecycle.ts";
import { type ContainerPlan, type PodPlan, podText, type ResourceList } from "./pod-plan.ts";
import type { ContainerPhase, ContainerState, Ended, PodState } from "./pod-state.ts";
import { type ContainerStatusJson, isoSeconds, type ResourcesJson, type StateJson } from "./status-json.ts";

/** What is reported of one container (pkg/kubelet/kubelet_pods.go convertToAPIContainerStatuses). */
export function containerStatus(plan: PodPlan, state: PodState, index: number): ContainerStatusJson {
  const container = plan.containers[index];
  const current = state.containers[index];
  if (container === undefined || current === undefined) throw new RangeError(`pod has no container ${index}`);
  const phase = current.phase.t === "queued" ? current.phase.shown : current.phase;
  const known = idOf(plan, container, current, phase);
  const last = phase.t === "exited" && phase.shownBackOffMs !== undefined ? phase.ended : current.last;
  const started = phase.t === "running" && phase.startupDueMs === undefined;
  return {
    ...(known !== undefined && container.requests !== undefined ? { allocatedResources: container.requests } : {}),
    ...(known === undefined ? {} : { containerID: known }),
    image: container.image,
    imageID: known === undefined ? "" : imageId(container.image),
    lastState: last === undefined ? {} : { terminated: terminatedJson(last) },
    name: container.name,
    ready: isReady(container, phase),
    ...(known === undefined ? {} : { resources: resourcesJson(container) }),
    restartCount: current.restarts,
    started,
    state: stateJson(plan, container, phase),
    ...(known === undefined ? {} : { user: userJson(container) }),
    ...(container.mounts.length === 0 ? {} : { volumeMounts: container.mounts.map(mountJson) }),
  };
}

/** The ID of the container that the runtime has, if it has one: a new one on each start. */
function idOf(
  plan: PodPlan,
  container: ContainerPlan,
  current: ContainerState,
  phase: ContainerPhase,
): string | undefined {
  if (phase.t === "exited") return phase.ended.containerId;
  if (phase.t !== "running") return current.last?.containerId;
  return containerId(plan.uid, container.name, current.restarts, current.adoptedId);
}

/** An init container is ready once it has succeeded, every other while it runs and its probes have passed. */
export function isReady(container: ContainerPlan, phase: ContainerPhase): boolean {
  if (container.role === "init") return phase.t === "exited" && phase.ended.exitCode === 0;
  return phase.t === "running" && phase.startupDueMs === undefined && phase.readyDueMs === undefined;
}

function stateJson(plan: PodPlan, container: ContainerPlan, phase: ContainerPhase): StateJson {
  switch (phase.t) {
    case "idle":
    case "queued":
      return { waiting: { reason: plan.initCount > 0 ? "PodInitializing" : "ContainerCreating" } };
    case "pulling-back": {
      const error = pullError(container.image);
      if (phase.flipMs !== undefined) return { waiting: { message: error, reason: "ErrImagePull" } };
      const message = `Back-off pulling image "${container.image}": ErrImagePull: ${error}`;
      return { waiting: { message, reason: "ImagePullBackOff" } };
    }
    case "running":
      return { running: { startedAt: isoSeconds(phase.startedMs) } };
    case "exited": {
      if (phase.shownBackOffMs === undefined) return { terminated: terminatedJson(phase.ended) };
      const span = goDuration(phase.shownBackOffMs);
      const message = `back-off ${span} restarting failed container=${container.name} pod=${podText(plan)}`;
      return { waiting: { message, reason: "CrashLoopBackOff" } };
    }
  }
}

/** Whole seconds as Go's time.Duration prints them: "10s", "1m20s", "5m0s". */
function goDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

function terminatedJson(ended: Ended): NonNullable<StateJson["terminated"]> {
  return {
    ...(ended.containerId === undefined ? {} : { containerID: ended.containerId }),
    exitCode: ended.exitCode,
    finishedAt: ended.finishedMs === undefined ? null : isoSeconds(ended.finishedMs),
    ...(ended.message === undefined ? {} : { message: ended.message }),
    ...(ended.reason === "" ? {} : { reason: ended.reason }),
    startedAt: ended.startedMs === undefined ? null : isoSeconds(ended.startedMs),
  };
}

function resourcesJson(container: ContainerPlan): ResourcesJson {
  const limits: ResourceList | undefined = container.limits;
  const requests: ResourceList | undefined = container.requests;
  return { ...(limits === undefined ? {} : { limits }), ...(requests === undefined ? {} : { requests }) };
}

function userJson(container: ContainerPlan): NonNullable<ContainerStatusJson["user"]> {
  return { linux: { gid: container.gid, supplementalGroups: container.groups, uid: container.uid } };
}

function mountJson(mount: ContainerPlan["mounts"][number]): NonNullable<ContainerStatusJson["volumeMounts"]>[number] {
  const { mountPath, name } = mount;
  return mount.readOnly ? { mountPath, name, readOnly: true, recursiveReadOnly: "Disabled" } : { mountPath, name };
}
