import type { json } from "@hollowfleet/wire";
import { validateDnsLabel } from "../validation/common.ts";
import {
  duplicate,
  type FieldErrors,
  forbidden,
  invalid,
  invalidEach,
  notFound,
  notSupported,
  required,
  tooMany,
} from "../validation/field-error.ts";
import { portNameFaults, portNumberFaults } from "../validation/names.ts";
import { validateContainerResources } from "../validation/resources.ts";
import { validateEnv, validateEnvFrom } from "./validate-env.ts";
import { validateDevices, validateMounts } from "./validate-mounts.ts";
import { validateLifecycle, validateProbes } from "./validate-probes.ts";
import { validateSecurityContext } from "./validate-security.ts";
import type { VolumesByName } from "./validate-volumes.ts";

// core/validation/validation.go, validateContainers, validateInitContainers and validateEphemeralContainers

/** What a container's rules need to know of its pod. */
export interface PodScope {
  readonly spec: json.PodSpec;
  readonly volumes: VolumesByName;
  /** Names of the pod's resourceClaims. */
  readonly claims: ReadonlySet<string>;
}

export function validateContainers(field: string, scope: PodScope): FieldErrors {
  const containers = scope.spec.containers ?? [];
  if (containers.length === 0) return [required(field)];
  const names = new Set<string>();
  const faults = containers.flatMap((container, index) => {
    const path = `${field}[${index}]`;
    const name = container.name ?? "";
    const isRepeated = names.has(name);
    names.add(name);
    return [
      ...validateCommon(path, container, scope),
      ...(isRepeated ? [duplicate(`${path}.name`, name)] : []),
      ...(container.lifecycle ? validateLifecycle(`${path}.lifecycle`, container.lifecycle, scope.spec) : []),
      ...validateProbes(path, container),
      ...validateRestart(path, container),
    ];
  });
  return [...faults, ...validateHostPorts(field, containers)];
}

export function validateInitContainers(field: string, scope: PodScope): FieldErrors {
  const names = new Set((scope.spec.containers ?? []).map(({ name }) => name ?? ""));
  return (scope.spec.initContainers ?? []).flatMap((container, index) => {
    const path = `${field}[${index}]`;
    const name = container.name ?? "";
    const isRepeated = names.has(name);
    if (name !== "") names.add(name);
    return [
      ...validateCommon(path, container, scope),
      ...validateRestart(path, container),
      ...(isRepeated ? [duplicate(`${path}.name`, name)] : []),
      ...validateHostPorts(field, [container]),
      ...(container.restartPolicy === "Always"
        ? [
            ...(container.lifecycle ? validateLifecycle(`${path}.lifecycle`, container.lifecycle, scope.spec) : []),
            ...validateProbes(path, container),
          ]
        : refuseMembers(
            path,
            container,
            onlyOfSidecars,
            "may not be set for init containers without restartPolicy=Always",
          )),
    ];
  });
}

const onlyOfSidecars = ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] as const;
const notOfEphemerals = [
  "ports",
  "resources",
  "lifecycle",
  "livenessProbe",
  "readinessProbe",
  "startupProbe",
  "resizePolicy",
  "restartPolicy",
  "restartPolicyRules",
] as const;

function refuseMembers(
  field: string,
  container: json.Container,
  members: readonly (keyof json.Container)[],
  text: string,
): FieldErrors {
  return members.flatMap((member) => (isSet(container[member]) ? [forbidden(`${field}.${member}`, text)] : []));
}

function isSet(value: unknown): boolean {
  if (value === undefined) return false;
  return typeof value !== "object" || value === null || Object.keys(value).length > 0;
}

export function validateEphemeralContainers(field: string, scope: PodScope): FieldErrors {
  const others = new Set(
    [...(scope.spec.containers ?? []), ...(scope.spec.initContainers ?? [])].map(({ name }) => name ?? ""),
  );
  const names = new Set(others);
  return (scope.spec.ephemeralContainers ?? []).flatMap((ephemeral, index) => {
    const path = `${field}[${index}]`;
    const container = ephemeral as json.Container;
    const { targetContainerName: target = "" } = ephemeral;
    const name = container.name ?? "";
    const isRepeated = names.has(name);
    names.add(name);
    return [
      ...validateCommon(path, container, scope),
      ...validateImageSpace(path, container),
      ...(isRepeated ? [duplicate(`${path}.name`, name)] : []),
      ...(target !== "" && !others.has(target) ? [notFound(`${path}.targetContainerName`, target)] : []),
      ...refuseMembers(path, container, notOfEphemerals, "cannot be set for an Ephemeral Container"),
    ];
  });
}

/** Of pods, not of templates. */
export function validateImageSpace(field: string, { image = "" }: json.Container): FieldErrors {
  if (image.trim() === image) return [];
  return [invalid(`${field}.image`, image, "must not have leading or trailing whitespace")];
}

const messagePolicies = ["File", "FallbackToLogsOnError"];
const pullPolicies = ["Always", "IfNotPresent", "Never"];

/** What holds for containers of all three sorts. */
function validateCommon(field: string, container: json.Container, scope: PodScope): FieldErrors {
  const { name = "", image = "", terminationMessagePolicy: policy = "", imagePullPolicy: pull = "" } = container;
  const hostUsers = scope.spec.hostUsers ?? true;
  return [
    ...(name === "" ? [required(`${field}.name`)] : validateDnsLabel(`${field}.name`, name)),
    ...(image === "" ? [required(`${field}.image`)] : []),
    ...validateOneOf(`${field}.terminationMessagePolicy`, policy, messagePolicies),
    ...validatePorts(`${field}.ports`, container.ports ?? []),
    ...validateEnv(`${field}.env`, container.env),
    ...validateEnvFrom(`${field}.envFrom`, container.envFrom),
    ...validateMounts(`${field}.volumeMounts`, container, scope.volumes),
    ...validateDevices(`${field}.volumeDevices`, container, scope.volumes),
    ...validateOneOf(`${field}.imagePullPolicy`, pull, pullPolicies),
    ...validateContainerResources(`${field}.resources`, container.resources, scope.claims),
    ...validateResizePolicy(`${field}.resizePolicy`, container.resizePolicy ?? [], scope.spec),
    ...validateSecurityContext(`${field}.securityContext`, container.securityContext, hostUsers),
  ];
}

export function validateOneOf(field: string, value: string, allowed: readonly string[]): FieldErrors {
  if (value === "") return [required(field)];
  return allowed.includes(value) ? [] : [notSupported(field, value, allowed)];
}

function validatePorts(field: string, ports: readonly json.ContainerPort[]): FieldErrors {
  const names = new Set<string>();
  return ports.flatMap((port, index) => {
    const path = `${field}[${index}]`;
    const { name = "", containerPort = 0, hostPort = 0, protocol = "" } = port;
    const nameFaults = name === "" ? [] : portNameFaults(name);
    const isRepeated = name !== "" && nameFaults.length === 0 && names.has(name);
    if (nameFaults.length === 0) names.add(name);
    return [
      ...invalidEach(`${path}.name`, name, nameFaults),
      ...(isRepeated ? [duplicate(`${path}.name`, name)] : []),
      ...(containerPort === 0
        ? [required(`${path}.containerPort`)]
        : invalidEach(`${path}.containerPort`, containerPort, portNumberFaults(containerPort))),
      ...(hostPort === 0 ? [] : invalidEach(`${path}.hostPort`, hostPort, portNumberFaults(hostPort))),
      ...validateProtocol(`${path}.protocol`, protocol),
    ];
  });
}

export function validateProtocol(field: string, protocol: string): FieldErrors {
  return validateOneOf(field, protocol, ["SCTP", "TCP", "UDP"]);
}

/** No two containers may take the same port of the host. */
function validateHostPorts(field: string, containers: readonly json.Container[]): FieldErrors {
  const taken = new Set<string>();
  return containers.flatMap((container, index) =>
    (container.ports ?? []).flatMap(({ hostPort = 0, protocol = "", hostIP = "" }, port) => {
      const key = `${protocol}/${hostIP}/${hostPort}`;
      if (hostPort === 0) return [];
      if (taken.has(key)) return [duplicate(`${field}[${index}].ports[${port}].hostPort`, key)];
      taken.add(key);
      return [];
    }),
  );
}

function validateResizePolicy(
  field: string,
  policies: readonly json.ContainerResizePolicy[],
  spec: json.PodSpec,
): FieldErrors {
  const seen = new Set<string>();
  return policies.flatMap(({ resourceName = "", restartPolicy = "" }, index) => {
    const isRepeated = seen.has(resourceName);
    seen.add(resourceName);
    const isRefused = spec.restartPolicy === "Never" && restartPolicy !== "NotRequired";
    const never = "must be 'NotRequired' when pod `restartPolicy` is 'Never'";
    return [
      ...(isRepeated ? [duplicate(`${field}[${index}]`, resourceName)] : []),
      ...validateOneOf(field, resourceName, ["cpu", "memory"]),
      ...validateOneOf(field, restartPolicy, ["NotRequired", "RestartContainer"]),
      ...(isRefused ? [invalid(field, restartPolicy, never)] : []),
    ];
  });
}

const restartPolicies = ["Always", "Never", "OnFailure"];
const restartActions = ["Restart", "RestartAllContainers"];
const exitCodeOperators = ["In", "NotIn"];

/** A container's own restartPolicy (ContainerRestartRules and RestartAllContainersOnContainerExits are on in 1.36). */
function validateRestart(field: string, container: json.Container): FieldErrors {
  const { restartPolicy: policy, restartPolicyRules: rules = [] } = container;
  const path = `${field}.restartPolicyRules`;
  if (policy === undefined) {
    const text = "must specify restartPolicy when restart rules are used";
    return rules.length === 0 ? [] : [required(`${field}.restartPolicy`, text)];
  }
  return [
    ...(restartPolicies.includes(policy) ? [] : [notSupported(`${field}.restartPolicy`, policy, restartPolicies)]),
    ...(rules.length > 20 ? [tooMany(path, rules.length, 20)] : []),
    ...rules.flatMap(({ action = "", exitCodes }, index) => {
      const at = `${path}[${index}]`;
      const operator = exitCodes?.operator ?? "";
      const count = exitCodes?.values?.length ?? 0;
      return [
        ...(restartActions.includes(action) ? [] : [notSupported(`${at}.action`, action, restartActions)]),
        ...(exitCodes === undefined ? [required(`${at}.exitCodes`, "must be specified")] : []),
        ...(exitCodes === undefined || exitCodeOperators.includes(operator)
          ? []
          : [notSupported(`${at}.exitCodes.operator`, operator, exitCodeOperators)]),
        ...(count > 255 ? [tooMany(`${at}.exitCodes.values`, count, 255)] : []),
      ];
    }),
  ];
}
