import {
  type ContainerState,
  type ContainerStatus,
  type PodStatus,
  type Quantity,
  type Time,
  timeFromJson,
} from "@hollowfleet/wire";
import type { ContainerStatusJson, StateJson, StatusJson } from "../status-json.ts";

const time = (text: string | null | undefined): Time => timeFromJson(text ?? null);

function quantities(from: Readonly<Record<string, string>>): Record<string, Quantity> {
  return Object.fromEntries(Object.entries(from).map(([name, string]) => [name, { string }]));
}

function state({ running, terminated, waiting }: StateJson): ContainerState {
  if (running !== undefined) return { running: { startedAt: time(running.startedAt) } };
  if (waiting !== undefined) return { waiting: { reason: waiting.reason ?? "", message: waiting.message ?? "" } };
  if (terminated === undefined) return {};
  return {
    terminated: { ...terminated, startedAt: time(terminated.startedAt), finishedAt: time(terminated.finishedAt) },
  };
}

function container(from: ContainerStatusJson): ContainerStatus {
  const { allocatedResources, resources, state: now, lastState, user, volumeMounts, ...plain } = from;
  return {
    ...plain,
    state: state(now),
    lastState: state(lastState),
    ...(allocatedResources === undefined ? {} : { allocatedResources: quantities(allocatedResources) }),
    ...(resources === undefined
      ? {}
      : { resources: { limits: quantities(resources.limits ?? {}), requests: quantities(resources.requests ?? {}) } }),
    ...(volumeMounts === undefined ? {} : { volumeMounts: volumeMounts.map((mount) => ({ ...mount })) }),
    ...(user?.linux === undefined
      ? {}
      : { user: { linux: { ...user.linux, supplementalGroups: [...(user.linux.supplementalGroups ?? [])] } } }),
  };
}

/** The wire's form of a status that JSON patches have made. */
export function wireStatus(from: StatusJson): PodStatus {
  const { conditions, containerStatuses, hostIPs, initContainerStatuses, podIPs, startTime, ...plain } = from;
  return {
    ...plain,
    conditions: (conditions ?? []).map((condition) => ({
      ...condition,
      lastProbeTime: time(condition.lastProbeTime),
      lastTransitionTime: time(condition.lastTransitionTime),
    })),
    containerStatuses: (containerStatuses ?? []).map(container),
    initContainerStatuses: (initContainerStatuses ?? []).map(container),
    hostIPs: (hostIPs ?? []).map(({ ip }) => ({ ip })),
    podIPs: (podIPs ?? []).map(({ ip }) => ({ ip })),
    ...(startTime === undefined ? {} : { startTime: time(startTime) }),
  };
}
