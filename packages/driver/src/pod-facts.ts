import { type ContainerStatus, type Pod, timeToMs } from "@hollowfleet/wire";
import type { PodFacts } from "./probes/pod-startup.ts";
import { groupLabel } from "./workload.ts";

/** What the startup tracker needs of a pod. */
export function podFacts(pod: Pod): PodFacts {
  const { metadata, spec, status } = pod;
  const containers = status?.containerStatuses ?? [];
  const scheduled = status?.conditions?.find((condition) => condition.type === "PodScheduled");
  return {
    uid: metadata?.uid ?? "",
    namespace: metadata?.namespace ?? "",
    name: metadata?.name ?? "",
    group: metadata?.labels?.[groupLabel] ?? "",
    nodeName: spec?.nodeName ?? "",
    allStarted: containers.length > 0 && containers.length === spec?.containers?.length && containers.every(wasStarted),
    running: status?.phase === "Running",
    createdMs: timeToMs(metadata?.creationTimestamp),
    scheduledMs: scheduled?.status === "True" ? timeToMs(scheduled.lastTransitionTime) : undefined,
    startedMs: latest(containers.map((container) => timeToMs(container.state?.running?.startedAt))),
  };
}

/** A container that ended has been started, too. */
function wasStarted(container: ContainerStatus): boolean {
  const { state, lastState } = container;
  return Boolean(state?.running ?? state?.terminated ?? lastState?.terminated);
}

function latest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
