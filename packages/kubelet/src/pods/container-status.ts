import { containerId, imageId } from "./container-id.ts";
import { pullError } from "./container-lifecycle.ts";
import { type ContainerPlan, type MountPlan, type PodPlan, podText, type ResourceList } from "./pod-plan.ts";
import type { ContainerPhase, ContainerState, Ended, PodState } from "./pod-state.ts";
import {
  type ContainerStatusJson,
  isoSeconds,
  type ResourcesJson,
  type StateJson,
  type VolumeMountJson,
} from "./status-json.ts";

/** What is reported of one container (pkg/kubelet/kubelet_pods.go convertToAPIContainerStatuses). */
export function containerStatus(plan: PodPlan, state: PodState, index: number): ContainerStatusJson {
  const container = plan.containers[index];
  const current = state.containers[index];
  if (container === undefined || current === undefined) throw new RangeError(`pod has no container ${index}`);
  const phase = current.phase.t === "queued" ? current.phase.shown : current.phase;
  const known = idOf(plan, container, current, phase);
  const last = phase.t === "exited" && phase.shownBackOffMs !== undefined ? phase.ended : current.last;
  // Key by key in the order of Go's encoder: this runs for every container of every push.
  const status: Partial<Mutable<ContainerStatusJson>> = {};
  if (known !== undefined && container.requests !== undefined) status.allocatedResources = container.requests;
  if (known !== undefined) status.containerID = known;
  status.image = container.image;
  status.imageID = known === undefined ? "" : imageId(container.image);
  status.lastState = last === undefined ? {} : { terminated: terminatedJson(last) };
  status.name = container.name;
  status.ready = isReady(container, phase);
  if (known !== undefined) status.resources = resourcesJson(container);
  status.restartCount = current.restarts;
  status.started = phase.t === "running" && phase.startupDueMs === undefined;
  status.state = stateJson(plan, container, phase);
  if (known !== undefined) status.user = userJson(container);
  if (container.mounts.length > 0) status.volumeMounts = container.mounts.map((mount) => mountJson(plan, mount));
  return status as ContainerStatusJson;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

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

function mountJson(plan: PodPlan, mount: MountPlan): VolumeMountJson {
  const { mountPath } = mount;
  const name = mount.name === "" ? plan.tokenVolume : mount.name;
  return mount.readOnly ? { mountPath, name, readOnly: true, recursiveReadOnly: "Disabled" } : { mountPath, name };
}
