import {
  type ContainerState,
  type ContainerStatus,
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

function containerStatus(from: ContainerStatus): ContainerStatusJson {
  const allocatedResources = quantityTexts(from.allocatedResources);
  return {
    ...(allocatedResources === undefined ? {} : { allocatedResources }),
    ...text("containerID", from.containerID),
    image: from.image ?? "",
    imageID: from.imageID ?? "",
    lastState: state(from.lastState),
    name: from.name ?? "",
    ready: from.ready ?? false,
    ...(from.resources === undefined ? {} : { resources: resources(from.resources) }),
    restartCount: from.restartCount ?? 0,
    ...(from.started === undefined ? {} : { started: from.started }),
    state: state(from.state),
    ...(from.user === undefined ? {} : { user: user(from.user) }),
    ...(from.volumeMounts?.length
      ? {
          volumeMounts: from.volumeMounts.map((mount) => ({
            mountPath: mount.mountPath ?? "",
            name: mount.name ?? "",
            ...(mount.readOnly ? { readOnly: true } : {}),
            ...text("recursiveReadOnly", mount.recursiveReadOnly),
          })),
        }
      : {}),
  };
}

function conditions(from: PodStatus): readonly ConditionJson[] {
  return (from.conditions ?? []).map((condition) => ({
    lastProbeTime: timeToJson(condition.lastProbeTime),
    lastTransitionTime: timeToJson(condition.lastTransitionTime),
    ...text("message", condition.message),
    ...(condition.observedGeneration ? { observedGeneration: condition.observedGeneration } : {}),
    ...text("reason", condition.reason),
    status: condition.status ?? "",
    type: condition.type ?? "",
  }));
}

/** The part of a pod's status that a kubelet writes, as the JSON of the same object would have it. */
export function apiStatus(from: PodStatus | undefined): StatusJson {
  if (from === undefined) return {};
  const startTime = timeToJson(from.startTime);
  const ips = (list: readonly { readonly ip?: string }[] | undefined): readonly { readonly ip: string }[] =>
    (list ?? []).map(({ ip }) => ({ ip: ip ?? "" }));
  return {
    conditions: conditions(from),
    ...(from.containerStatuses?.length ? { containerStatuses: from.containerStatuses.map(containerStatus) } : {}),
    ...text("hostIP", from.hostIP),
    ...(from.hostIPs?.length ? { hostIPs: ips(from.hostIPs) } : {}),
    ...(from.initContainerStatuses?.length
      ? { initContainerStatuses: from.initContainerStatuses.map(containerStatus) }
      : {}),
    ...text("message", from.message),
    ...(from.observedGeneration ? { observedGeneration: from.observedGeneration } : {}),
    ...text("phase", from.phase),
    ...text("podIP", from.podIP),
    ...(from.podIPs?.length ? { podIPs: ips(from.podIPs) } : {}),
    ...text("reason", from.reason),
    ...(startTime === null ? {} : { startTime }),
  };
}
