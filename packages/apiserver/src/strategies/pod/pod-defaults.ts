import type { json } from "@hollowfleet/wire";
import { setResourceListDefaults } from "../quantities.ts";
import { setContainerDefaults, setRequestsFromLimits } from "./container-defaults.ts";
import { sumOfRequests } from "./sum-requests.ts";
import { setVolumeDefaults } from "./volume-defaults.ts";

// pkg/apis/core/v1/defaults.go and zz_generated.defaults.go; conversion.go for what the real server fills in when it
// converts from and to its internal form

const defaultGracePeriodSeconds = 30;

/** Of a pod's spec wherever it stands, in pods and in templates. */
export function setPodSpecDefaults(spec: json.PodSpec): void {
  spec.dnsPolicy ||= "ClusterFirst";
  spec.restartPolicy ||= "Always";
  spec.securityContext ??= {};
  spec.terminationGracePeriodSeconds ??= defaultGracePeriodSeconds;
  spec.schedulerName ||= "default-scheduler";
  for (const volume of spec.volumes ?? []) setVolumeDefaults(volume);
  for (const container of allContainers(spec)) setContainerDefaults(container);
  setResourceListDefaults(spec.overhead);
  setResourceListDefaults(spec.resources?.limits);
  setResourceListDefaults(spec.resources?.requests);
  aliasServiceAccount(spec);
}

/** The older name of serviceAccountName, which the real server keeps equal to it. */
export function aliasServiceAccount(spec: json.PodSpec): void {
  if (!spec.serviceAccountName && spec.serviceAccount) spec.serviceAccountName = spec.serviceAccount;
  if (spec.serviceAccountName) spec.serviceAccount = spec.serviceAccountName;
}

/** Regular, init and ephemeral ones. */
function allContainers(spec: json.PodSpec): json.Container[] {
  return [
    ...(spec.initContainers ?? []),
    ...(spec.containers ?? []),
    ...((spec.ephemeralContainers ?? []) as json.Container[]),
  ];
}

/** Of a pod; beyond those of its spec. */
export function setPodDefaults(pod: json.Pod): void {
  pod.spec ??= {} as json.PodSpec;
  const { spec } = pod;
  const lasting = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  for (const container of lasting) setRequestsFromLimits(container);
  setPodLevelDefaults(spec);
  spec.enableServiceLinks ??= true;
  if (spec.hostNetwork) setHostPorts(lasting);
  setPodSpecDefaults(spec);
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) spec.terminationGracePeriodSeconds = 1;
  setPodStatusDefaults(pod.status);
}

function setHostPorts(containers: readonly json.Container[]): void {
  for (const { ports } of containers) {
    for (const port of ports ?? []) if (!port.hostPort && port.containerPort) port.hostPort = port.containerPort;
  }
}

function setPodStatusDefaults(status: json.PodStatus | undefined): void {
  if (status === undefined) return;
  if (status.podIP && status.podIP !== status.podIPs?.[0]?.ip) status.podIPs = [{ ip: status.podIP }];
  const first = status.podIPs?.[0]?.ip;
  if (first !== undefined) status.podIP = first;
  for (const list of [status.containerStatuses, status.initContainerStatuses, status.ephemeralContainerStatuses]) {
    for (const { allocatedResources, resources } of list ?? []) {
      setResourceListDefaults(allocatedResources);
      setResourceListDefaults(resources?.limits);
      setResourceListDefaults(resources?.requests);
    }
  }
}

/** Resources of the pod as a whole: requests come from the containers' sum, else from the pod's limits. */
function setPodLevelDefaults(spec: json.PodSpec): void {
  const { resources } = spec;
  if (resources === undefined || Object.keys(resources.limits ?? {}).length === 0) return;
  const requests: Record<string, string> = { ...resources.requests };
  for (const name of ["cpu", "memory"]) {
    const sum = sumOfRequests(spec, name);
    if (sum !== undefined) requests[name] ??= sum;
  }
  for (const [name, limit] of Object.entries(resources.limits ?? {})) requests[name] ??= String(limit);
  if (Object.keys(requests).length > 0) resources.requests = requests;
}
