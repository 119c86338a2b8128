import {
  type ContainerState,
  type ContainerStatus,
  type PodCondition,
  type PodStatus,
  type Quantity,
  type ResourceRequirements,
  timeToJson,
} from "@hollowfleet/wire";
import type {
  ConditionJson,
  ContainerStatusJson,
  ResourcesJson,
  StateJson,
  StatusJson,
  TerminatedJson,
  VolumeMountJson,
} from "./status-json.ts";

type Quantities = Readonly<Record<string, Quantity>> | undefined;

/** Go's protobuf writes empty strings; JSON leaves them out. */
function text<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  return (value === undefined || value === "" ? {} : { [key]: value }) as { readonly [P in K]?: string };
}

/** Quantities as text, in the order of Go's encoder: by name. */
export function quantityTexts(quantities: Quantities): Readonly<Record<string, string>> | undefined {
  if (quantities === undefined) return undefined;
  const names = Object.keys(quantities).sort();
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map((name) => [name, quantities[name]?.string ?? "0"]));
}

function resources(from: ResourceRequirements): ResourcesJson {
  const limits = quantityTexts(from.limits);
  const requests = quantityTexts(from.requests);
  return { ...(limits === undefined ? {} : { limits }), ...(requests === undefined ? {} : { requests }) };
}

function state(from: ContainerState | undefined): StateJson {
  if (from?.running !== undefined) return { running: { startedAt: timeToJson(from.running.startedAt) } };
  if (from?.waiting !== undefined) {
    return { waiting: { ...text("message", from.waiting.message), ...text("reason", from.waiting.reason) } };
  }
  if (from?.terminated === undefined) return {};
  const { containerID, exitCode, finishedAt, message, reason, signal, startedAt } = from.terminated;
  const terminated: TerminatedJson = {
    ...text("containerID", containerID),
    exitCode: exitCode ?? 0,
    finishedAt: timeToJson(finishedAt),
    ...text("message", message),
    ...text("reason", reason),
    ...(signal ? { signal } : {}),
    startedAt: timeToJson(startedAt),
  };
  return { terminated };
}

function user(from: NonNullable<ContainerStatus["user"]>): NonNullable<ContainerStatusJson["user"]> {
  if (from.linux === undefined) return {};
  const { gid, supplementalGroups, uid } = from.linux;
  return {
    linux: {
      gid: gid ?? 0,
      ...(supplementalGroups?.length ? { supplementalGroups } : {}),
      uid: uid ?? 0,
    },
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function volumeMount(from: NonNullable<ContainerStatus["volumeMounts"]>[number]): VolumeMountJson {
  const mount: Mutable<VolumeMountJson> = { mountPath: from.mountPath ?? "", name: from.name ?? "" };
  if (from.readOnly) mount.readOnly = true;
  if (from.recursiveReadOnly) mount.recursiveReadOnly = from.recursiveReadOnly;
  return mount;
}

/** Assigned key by key in the order of Go's encoder: this runs for every container of every push. */
function containerStatus(from: ContainerStatus): ContainerStatusJson {
  const status: Partial<Mutable<ContainerStatusJson>> = {};
  const allocatedResources = quantityTexts(from.allocatedResources);
  if (allocatedResources !== undefined) status.allocatedResources = allocatedResources;
  if (from.containerID) status.containerID = from.containerID;
  status.image = from.image ?? "";
  status.imageID = from.imageID ?? "";
  status.lastState = state(from.lastState);
  status.name = from.name ?? "";
  status.ready = from.ready ?? false;
  if (from.resources !== undefined) status.resources = resources(from.resources);
  status.restartCount = from.restartCount ?? 0;
  if (from.started !== undefined) status.started = from.started;
  status.state = state(from.state);
  if (from.user !== undefined) status.user = user(from.user);
  if (from.volumeMounts?.length) status.volumeMounts = from.volumeMounts.map(volumeMount);
  return status as ContainerStatusJson;
}

function condition(from: PodCondition): ConditionJson {
  const result: Partial<Mutable<ConditionJson>> = {
    lastProbeTime: timeToJson(from.lastProbeTime),
    lastTransitionTime: timeToJson(from.lastTransitionTime),
  };
  if (from.message) result.message = from.message;
  if (from.observedGeneration) result.observedGeneration = from.observedGeneration;
  if (from.reason) result.reason = from.reason;
  result.status = from.status ?? "";
  result.type = from.type ?? "";
  return result as ConditionJson;
}

function ips(from: readonly { readonly ip?: string }[]): readonly { readonly ip: string }[] {
  return from.map(({ ip }) => ({ ip: ip ?? "" }));
}

/** The part of a pod's status that a kubelet writes, as the JSON of the same object would have it. */
export function apiStatus(from: PodStatus | undefined): StatusJson {
  const status: Mutable<StatusJson> = {};
  if (from === undefined) return status;
  if (from.conditions?.length) status.conditions = from.conditions.map(condition);
  if (from.containerStatuses?.length) status.containerStatuses = from.containerStatuses.map(containerStatus);
  if (from.hostIP) status.hostIP = from.hostIP;
  if (from.hostIPs?.length) status.hostIPs = ips(from.hostIPs);
  if (from.initContainerStatuses?.length) {
    status.initContainerStatuses = from.initContainerStatuses.map(containerStatus);
  }
  if (from.message) status.message = from.message;
  if (from.observedGeneration) status.observedGeneration = from.observedGeneration;
  if (from.phase) status.phase = from.phase;
  if (from.podIP) status.podIP = from.podIP;
  if (from.podIPs?.length) status.podIPs = ips(from.podIPs);
  if (from.reason) status.reason = from.reason;
  const startTime = timeToJson(from.startTime);
  if (startTime !== null) status.startTime = startTime;
  return status;
}
