import type { json } from "@hollowfleet/wire";
import { validateImmutable, validateQualifiedName } from "../validation/common.ts";
import { type FieldErrors, forbidden, invalid, invalidEach } from "../validation/field-error.ts";
import { isDualStack, validateIp } from "../validation/ip.ts";
import { dnsSubdomainFaults } from "../validation/names.ts";

// core/validation/validation.go, ValidatePodStatusUpdate. Resource claims and users of containers are not looked at.

export function validatePodStatus(pod: json.Pod, old: json.Pod): FieldErrors {
  const status: json.PodStatus = pod.status ?? {};
  const before: json.PodStatus = old.status ?? {};
  const spec = old.spec ?? ({} as json.PodSpec);
  const { observedGeneration = 0 } = status;
  return [
    ...validateConditions("status.conditions", status.conditions ?? []),
    ...validateNomination("status.nominatedNodeName", status, before, spec),
    ...(observedGeneration < 0
      ? [invalid("status.observedGeneration", observedGeneration, "must be a non-negative integer")]
      : []),
    ...validateImmutable("status.qosClass", status.qosClass, before.qosClass),
    ...validateTransitions(
      "status.containerStatuses",
      status.containerStatuses,
      before.containerStatuses,
      (name, exitCode) => mayRestart(spec, spec.containers ?? [], name, exitCode),
    ),
    ...validateTransitions(
      "status.initContainerStatuses",
      status.initContainerStatuses,
      before.initContainerStatuses,
      (name, exitCode) => mayRestart(spec, spec.initContainers, name, exitCode),
    ),
    ...validateTransitions(
      "status.ephemeralContainerStatuses",
      status.ephemeralContainerStatuses,
      before.ephemeralContainerStatuses,
      () => false,
    ),
    ...validateAddresses("status.podIPs", status.podIPs, before.podIPs),
    ...validateFirstHostIp("status.hostIPs[0].ip", status),
    ...validateAddresses("status.hostIPs", status.hostIPs, before.hostIPs),
  ];
}

const systemConditions = new Set(["PodScheduled", "Ready", "Initialized"]);

function validateConditions(field: string, conditions: readonly json.PodCondition[]): FieldErrors {
  return conditions.flatMap(({ type = "", observedGeneration = 0 }, index) => {
    const path = `${field}[${index}]`;
    return [
      ...(observedGeneration < 0
        ? [invalid(`${path}.observedGeneration`, observedGeneration, "must be a non-negative integer")]
        : []),
      ...(systemConditions.has(type) ? [] : validateQualifiedName(`${path}.Type`, type)),
    ];
  });
}

function validateNomination(
  field: string,
  { nominatedNodeName: node = "" }: json.PodStatus,
  { nominatedNodeName: before = "" }: json.PodStatus,
  { nodeName = "" }: json.PodSpec,
): FieldErrors {
  if (node === "" || node === before) return [];
  return [
    ...invalidEach(field, node, dnsSubdomainFaults(node)),
    ...(nodeName === "" ? [] : [forbidden(field, "may not be set on pods that are already bound to a node")]),
  ];
}

/** A container that has ended for good must not come back to life. */
function validateTransitions(
  field: string,
  statuses: readonly json.ContainerStatus[] = [],
  old: readonly json.ContainerStatus[] = [],
  mayRestartAfter: (name: string, exitCode: number) => boolean,
): FieldErrors {
  return old.flatMap(({ name = "", state }, index) => {
    const terminated = state?.terminated;
    const now = statuses.find((status) => status.name === name);
    if (terminated === undefined || now === undefined || now.state?.terminated !== undefined) return [];
    if (mayRestartAfter(name, terminated.exitCode ?? 0)) return [];
    return [forbidden(`${field}[${index}].state`, "may not be transitioned to non-terminated state")];
  });
}

/** pkg/api/v1/pod/util.go, AllContainersCouldRestart and ContainerShouldRestart */
function mayRestart(
  spec: json.PodSpec,
  containers: readonly json.Container[] = [],
  name: string,
  exitCode: number,
): boolean {
  const all = [...(spec.initContainers ?? []), ...(spec.containers ?? [])];
  const restartsAll = all.some(({ restartPolicyRules = [] }) =>
    restartPolicyRules.some(({ action }) => action === "RestartAllContainers"),
  );
  if (restartsAll) return true;
  const container = containers.find((one) => one.name === name);
  if (container === undefined) return false;
  if ((container.restartPolicyRules ?? []).some((rule) => ruleApplies(rule, exitCode))) return true;
  switch (container.restartPolicy ?? spec.restartPolicy) {
    case "Never":
      return false;
    case "OnFailure":
      return exitCode !== 0;
    default:
      return true;
  }
}

function ruleApplies({ exitCodes }: json.ContainerRestartRule, exitCode: number): boolean {
  const isListed = (exitCodes?.values ?? []).includes(exitCode);
  return exitCodes?.operator === "NotIn" ? !isListed : isListed;
}

function validateFirstHostIp(field: string, { hostIP = "", hostIPs = [] }: json.PodStatus): FieldErrors {
  const first = hostIPs[0]?.ip ?? "";
  return hostIPs.length === 0 || first === hostIP ? [] : [invalid(field, first, "must be equal to `hostIP`")];
}

interface Address {
  readonly ip?: string;
}

function validateAddresses(
  field: string,
  addresses: readonly Address[] = [],
  old: readonly Address[] = [],
): FieldErrors {
  const texts = addresses.map(({ ip = "" }) => ip);
  const before = old.map(({ ip = "" }) => ip);
  const isTooMuch = texts.length > 1 && !isDualStack(texts);
  const shown = texts.map((IP) => ({ IP }));
  return [
    ...texts.flatMap((text, index) => validateIp(`${field}[${index}]`, text, before)),
    ...(isTooMuch ? [invalid(field, shown, "may specify no more than one IP for each IP family")] : []),
  ];
}
