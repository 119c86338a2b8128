import type { json } from "@hollowfleet/wire";

/** What a table says of a pod. */
export interface PodStatusText {
  /** e.g. Running, Init:0/2, CrashLoopBackOff */
  readonly reason: string;
  readonly ready: number;
  readonly total: number;
  readonly restarts: number;
  /** When the latest of the containers that were restarted had ended; undefined if none was. */
  readonly lastRestart: string | undefined;
}

/** Sums a pod up from its phase, conditions and containers (pkg/printers/internalversion/printers.go, printPod). */
export function podStatusText(pod: json.Pod): PodStatusText {
  const { spec, status = {} } = pod;
  const sidecars = new Set(spec?.initContainers?.filter(isSidecar).map(({ name }) => name));
  const init = initState(pod, sidecars);
  const phase = phaseReason(status);
  const total = (spec?.containers?.length ?? 0) + sidecars.size;
  const isPast = init.waitingFor === undefined || isTrue(status, "Initialized");
  if (!isPast) {
    const restarts = restartsOf(init.seen);
    return { reason: deletionReason(pod) ?? init.waitingFor ?? phase, ready: init.ready, total, ...restarts };
  }
  const containers = status.containerStatuses ?? [];
  const counted = [...init.seen.filter(({ name }) => sidecars.has(name)), ...containers];
  const { reason, ready } = containerReason(containers, init.waitingFor ?? phase, isTrue(status, "Ready"));
  return { reason: deletionReason(pod) ?? reason, ready: init.ready + ready, total, ...restartsOf(counted) };
}

function isSidecar({ restartPolicy }: json.Container): boolean {
  return restartPolicy === "Always";
}

function phaseReason({ phase = "", reason, conditions = [] }: json.PodStatus): string {
  const gated = conditions.some(({ type, reason }) => type === "PodScheduled" && reason === "SchedulingGated");
  return gated ? "SchedulingGated" : reason || phase;
}

interface InitState {
  /** The reason to show while an init container is not done; undefined if all are. */
  readonly waitingFor: string | undefined;
  /** Sidecars that are ready. */
  readonly ready: number;
  /** Init containers up to the one that is waited for. */
  readonly seen: readonly json.ContainerStatus[];
}

function initState({ spec, status }: json.Pod, sidecars: ReadonlySet<string | undefined>): InitState {
  const containers = status?.initContainerStatuses ?? [];
  let ready = 0;
  for (const [i, container] of containers.entries()) {
    const { terminated, waiting } = container.state ?? {};
    if (terminated !== undefined && (terminated.exitCode ?? 0) === 0) continue;
    if (sidecars.has(container.name) && container.started) {
      if (container.ready) ready++;
      continue;
    }
    const seen = containers.slice(0, i + 1);
    if (terminated !== undefined) return { waitingFor: `Init:${endReason(terminated)}`, ready, seen };
    if (waiting?.reason && waiting.reason !== "PodInitializing")
      return { waitingFor: `Init:${waiting.reason}`, ready, seen };
    return { waitingFor: `Init:${i}/${spec?.initContainers?.length ?? 0}`, ready, seen };
  }
  return { waitingFor: undefined, ready, seen: containers };
}

function endReason({ reason, signal, exitCode = 0 }: json.ContainerStateTerminated): string {
  if (reason) return reason;
  return signal ? `Signal:${signal}` : `ExitCode:${exitCode}`;
}

/** The first container that has something to say wins; so they are asked from the last to the first. */
function containerReason(containers: readonly json.ContainerStatus[], phase: string, isReady: boolean) {
  let reason = phase;
  let errorReason = "";
  let isRunning = false;
  let ready = 0;
  for (const container of containers.toReversed()) {
    const { waiting, terminated, running } = container.state ?? {};
    if (waiting?.reason) reason = waiting.reason;
    else if (terminated !== undefined) {
      reason = endReason(terminated);
      if ((terminated.exitCode ?? 0) !== 0) errorReason = reason;
    } else if (container.ready && running !== undefined) {
      isRunning = true;
      ready++;
    }
  }
  if (reason === "Completed") {
    if (isRunning && isReady) reason = "Running";
    else if (errorReason !== "") reason = errorReason;
    else if (isRunning) reason = "NotReady";
  }
  return { reason, ready };
}

function restartsOf(containers: readonly json.ContainerStatus[]) {
  let restarts = 0;
  let lastRestart: string | undefined;
  for (const { restartCount = 0, lastState } of containers) {
    restarts += restartCount;
    const finishedAt = lastState?.terminated?.finishedAt ?? undefined;
    if (finishedAt !== undefined && (lastRestart === undefined || Date.parse(finishedAt) > Date.parse(lastRestart))) {
      lastRestart = finishedAt;
    }
  }
  return { restarts, lastRestart };
}

function deletionReason({ metadata, status }: json.Pod): string | undefined {
  if (metadata?.deletionTimestamp === undefined) return undefined;
  // The node controller's mark for pods of a node that is gone (pkg/util/node, NodeUnreachablePodReason).
  if (status?.reason === "NodeLost") return "Unknown";
  const isTerminal = status?.phase === "Succeeded" || status?.phase === "Failed";
  return isTerminal ? undefined : "Terminating";
}

function isTrue({ conditions = [] }: json.PodStatus, type: string): boolean {
  return conditions.find((condition) => condition.type === type)?.status === "True";
}
