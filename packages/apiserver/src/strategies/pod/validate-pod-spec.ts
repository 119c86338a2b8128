import type { json } from "@hollowfleet/wire";
import { nanosOf } from "../quantities.ts";
import { validateDnsLabel, validateDnsSubdomain, validateQualifiedName } from "../validation/common.ts";
import {
  duplicate,
  type FieldErrors,
  forbidden,
  invalid,
  invalidEach,
  notSupported,
  required,
  tooLong,
} from "../validation/field-error.ts";
import { validateIp } from "../validation/ip.ts";
import { validateLabels } from "../validation/labels.ts";
import { dnsSubdomainFaults, dnsSubdomainWithUnderscoreFaults, inclusiveRange } from "../validation/names.ts";
import { validateContainerResources, validatePodLevelResources } from "../validation/resources.ts";
import { sumOfRequests } from "./sum-requests.ts";
import { validateAffinity, validateSpread } from "./validate-affinity.ts";
import {
  validateContainers,
  validateEphemeralContainers,
  validateInitContainers,
  validateOneOf,
} from "./validate-containers.ts";
import { validateHostUsers, validatePodSecurityContext } from "./validate-security.ts";
import { validateTolerations } from "./validate-tolerations.ts";
import { validateVolumes } from "./validate-volumes.ts";

// core/validation/validation.go, ValidatePodSpec

/** Where the spec stands. */
export interface SpecPlace {
  /** e.g. "spec", "spec.template.spec" */
  readonly field: string;
  /** A pod's own spec, not that of a template. */
  readonly isPod: boolean;
  /** Of the pod; "" for templates. */
  readonly podName: string;
}

const restartPolicies = ["Always", "OnFailure", "Never"];
const dnsPolicies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];

export function validatePodSpec(spec: json.PodSpec, { field, isPod, podName }: SpecPlace): FieldErrors {
  const { faults, usable } = validateVolumes(`${field}.volumes`, spec.volumes ?? [], podName);
  const claims = new Set((spec.resourceClaims ?? []).map(({ name }) => name ?? "").filter((name) => name !== ""));
  const scope = { spec, volumes: usable, claims };
  return [
    ...(spec.terminationGracePeriodSeconds === undefined ? [required(`${field}.terminationGracePeriodSeconds`)] : []),
    ...faults,
    ...validateClaims(`${field}.resourceClaims`, spec.resourceClaims ?? []),
    ...validateContainers(`${field}.containers`, scope),
    ...validateInitContainers(`${field}.initContainers`, scope),
    ...validateEphemeralContainers(`${field}.ephemeralContainers`, scope),
    ...(spec.resources ? validateWhole(`${field}.resources`, spec, spec.resources, claims) : []),
    ...validateHostPorts(`${field}.containers`, spec, isPod),
    ...validateOneOf(`${field}.restartPolicy`, spec.restartPolicy ?? "", restartPolicies),
    ...validateOneOf(`${field}.dnsPolicy`, spec.dnsPolicy ?? "", dnsPolicies),
    ...validateLabels(`${field}.nodeSelector`, spec.nodeSelector),
    ...validatePodSecurityContext(`${field}.securityContext`, spec),
    ...validateAffinity(`${field}.affinity`, spec.affinity),
    ...validateDns(`${field}.dnsConfig`, spec),
    ...(spec.readinessGates ?? []).flatMap(({ conditionType = "" }, index) =>
      validateQualifiedName(`${field}.readinessGates[${index}].conditionType`, conditionType),
    ),
    ...validateSchedulingGates(`${field}.schedulingGates`, spec.schedulingGates ?? []),
    ...validateSpread(`${field}.topologySpreadConstraints`, spec.topologySpreadConstraints),
    ...validateHostUsers(field, spec),
    ...validateNames(field, spec),
    ...validateTolerations(`${field}.tolerations`, spec.tolerations),
    ...validateRest(field, spec),
  ];
}

function validateClaims(field: string, claims: readonly json.PodResourceClaim[]): FieldErrors {
  const seen = new Set<string>();
  return claims.flatMap((claim, index) => {
    const path = `${field}[${index}]`;
    const { name = "", resourceClaimName, resourceClaimTemplateName } = claim;
    const isRepeated = seen.has(name);
    seen.add(name);
    const shown = {
      Name: name,
      ResourceClaimName: resourceClaimName ?? null,
      ResourceClaimTemplateName: resourceClaimTemplateName ?? null,
    };
    const count = [resourceClaimName, resourceClaimTemplateName].filter((one) => one !== undefined).length;
    const most = "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified";
    const least = "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`";
    return [
      ...(name === ""
        ? [required(`${path}.name`)]
        : isRepeated
          ? [duplicate(`${path}.name`, name)]
          : validateDnsLabel(`${path}.name`, name)),
      ...(count > 1 ? [invalid(path, shown, most)] : []),
      ...(count === 0 ? [invalid(path, shown, least)] : []),
      ...(resourceClaimName === undefined ? [] : validateDnsSubdomain(`${path}.resourceClaimName`, resourceClaimName)),
      ...(resourceClaimTemplateName === undefined
        ? []
        : validateDnsSubdomain(`${path}.resourceClaimTemplateName`, resourceClaimTemplateName)),
    ];
  });
}

/** Resources of the pod as a whole, within which those of its containers have to be. */
function validateWhole(
  field: string,
  spec: json.PodSpec,
  resources: json.ResourceRequirements,
  claims: ReadonlySet<string>,
): FieldErrors {
  const limits = resources.limits ?? {};
  return [
    ...(resources.claims ? [forbidden(`${field}.claims`, "claims may not be set for Resources at pod-level")] : []),
    ...validatePodLevelResources(field, resources, claims),
    ...Object.entries(resources.requests ?? {}).flatMap(([name, amount]) => {
      const sum = sumOfRequests(spec, name);
      if (sum === undefined || nanosOf(sum) <= nanosOf(amount)) return [];
      const text = `must be greater than or equal to aggregate container requests of ${sum}`;
      return [invalid(`${field}.requests[${name}]`, amount, text)];
    }),
    ...(spec.containers ?? []).flatMap((container, index) =>
      Object.entries(container.resources?.limits ?? {}).flatMap(([name, amount]) => {
        const limit = limits[name];
        if (limit === undefined || nanosOf(amount) <= nanosOf(limit)) return [];
        const path = `${field}.containers[${index}][${name}].limits`;
        return [invalid(path, amount, `must be less than or equal to pod limits of ${limit}`)];
      }),
    ),
  ];
}

/** On the host's network a container has the host's ports. */
function validateHostPorts(field: string, spec: json.PodSpec, isPod: boolean): FieldErrors {
  if (spec.hostNetwork !== true) return [];
  return (spec.containers ?? []).flatMap(({ ports = [] }, index) =>
    ports.flatMap(({ hostPort = 0, containerPort = 0 }, port) => {
      if (hostPort === containerPort || (hostPort === 0 && !isPod)) return [];
      const path = `${field}[${index}].ports[${port}].hostPort`;
      return [invalid(path, hostPort, "must match `containerPort` when `hostNetwork` is true")];
    }),
  );
}

function validateDns(field: string, { dnsPolicy, dnsConfig }: json.PodSpec): FieldErrors {
  if (dnsPolicy === "None" && dnsConfig === undefined) {
    return [required(field, "must provide `dnsConfig` when `dnsPolicy` is None")];
  }
  const { nameservers = [], searches = [], options = [] } = dnsConfig ?? {};
  if (dnsPolicy === "None" && nameservers.length === 0) {
    const text = "must provide at least one DNS nameserver when `dnsPolicy` is None";
    return [required(`${field}.nameservers`, text)];
  }
  const path = `${field}.searches`;
  const listText = "must not have more than 2048 characters (including spaces) in the search list";
  return [
    ...(nameservers.length > 3
      ? [invalid(`${field}.nameservers`, nameservers, "must not have more than 3 nameservers")]
      : []),
    ...nameservers.flatMap((address, index) => validateIp(`${field}.nameservers[${index}]`, address)),
    ...(searches.length > 32 ? [invalid(path, searches, "must not have more than 32 search paths")] : []),
    ...(searches.join(" ").length > 2048 ? [invalid(path, searches, listText)] : []),
    ...searches.flatMap((search, index) => {
      const name = search === "." ? "a" : search.replace(/\.$/, "");
      return invalidEach(`${path}[${index}]`, name, dnsSubdomainWithUnderscoreFaults(name));
    }),
    ...options.flatMap(({ name = "" }, index) =>
      name === "" ? [required(`${field}.options[${index}]`, "must not be empty")] : [],
    ),
  ];
}

function validateSchedulingGates(field: string, gates: readonly json.PodSchedulingGate[]): FieldErrors {
  const seen = new Set<string>();
  return gates.flatMap(({ name = "" }, index) => {
    const path = `${field}[${index}]`;
    const isRepeated = seen.has(name);
    seen.add(name);
    return [...validateQualifiedName(path, name), ...(isRepeated ? [duplicate(path, name)] : [])];
  });
}

/** What the pod calls itself and others. */
function validateNames(field: string, spec: json.PodSpec): FieldErrors {
  const { serviceAccountName: account = "", nodeName: node = "", hostname = "", subdomain = "" } = spec;
  const { hostnameOverride: override, activeDeadlineSeconds: seconds } = spec;
  const isWrong = seconds !== undefined && (seconds < 1 || seconds > 2147483647);
  return [
    ...(override === undefined ? [] : validateOverride(`${field}.hostnameOverride`, override, spec)),
    ...(account === "" ? [] : validateDnsSubdomain(`${field}.serviceAccountName`, account)),
    ...(node === "" ? [] : validateDnsSubdomain(`${field}.nodeName`, node)),
    ...(isWrong ? [invalid(`${field}.activeDeadlineSeconds`, seconds, inclusiveRange(1, 2147483647))] : []),
    ...(hostname === "" ? [] : validateDnsLabel(`${field}.hostname`, hostname)),
    ...(subdomain === "" ? [] : validateDnsLabel(`${field}.subdomain`, subdomain)),
  ];
}

function validateOverride(field: string, name: string, spec: json.PodSpec): FieldErrors {
  return [
    ...(spec.setHostnameAsFQDN ? [forbidden(field, "may not be specified when setHostnameAsFQDN is true")] : []),
    ...(spec.hostNetwork ? [forbidden(field, "may not be specified when hostNetwork is true")] : []),
    ...(name.length > 64 ? [tooLong(field, 64)] : []),
    ...validateDnsSubdomain(field, name),
  ];
}

function validateRest(field: string, spec: json.PodSpec): FieldErrors {
  const { priorityClassName = "", runtimeClassName, preemptionPolicy, os } = spec;
  const osName = os?.name ?? "";
  return [
    ...(spec.hostAliases ?? []).flatMap(({ ip = "", hostnames = [] }, index) => [
      ...validateIp(`${field}.hostAliases[${index}].ip`, ip),
      ...hostnames.flatMap((name, at) => validateDnsSubdomain(`${field}.hostAliases[${index}].hostnames[${at}]`, name)),
    ]),
    ...(priorityClassName === "" ? [] : validateDnsSubdomain(`${field}.priorityClassName`, priorityClassName)),
    ...(runtimeClassName === undefined
      ? []
      : invalidEach(`${field}.runtimeClassName`, runtimeClassName, dnsSubdomainFaults(runtimeClassName))),
    ...(preemptionPolicy === undefined
      ? []
      : validateOneOf(`${field}.preemptionPolicy`, preemptionPolicy, ["PreemptLowerPriority", "Never"])),
    ...(spec.overhead ? validateContainerResources(`${field}.overhead`, { limits: spec.overhead }, new Set()) : []),
    ...(os !== undefined && osName === "" ? [required(`${field}.os.name`)] : []),
    ...(osName === "" || osName === "linux" || osName === "windows"
      ? []
      : [notSupported(`${field}.os`, osName, ["linux", "windows"])]),
  ];
}
