import type { json } from "@hollowfleet/wire";
import {
  duplicate,
  type FieldErrors,
  forbidden,
  invalid,
  invalidEach,
  notSupported,
  required,
} from "../validation/field-error.ts";
import { unixIdFaults } from "../validation/names.ts";
import { validateDescendingPath } from "../validation/paths.ts";

// core/validation/validation.go, ValidateSecurityContext and validatePodSpecSecurityContext; Windows is not looked at

function validateUnixId(field: string, id: number | undefined): FieldErrors {
  return id === undefined ? [] : invalidEach(field, id, unixIdFaults(id));
}

/** Of one container. @param hostUsers whether the pod shares the host's users */
export function validateSecurityContext(
  field: string,
  context: json.SecurityContext | undefined,
  hostUsers: boolean,
): FieldErrors {
  if (context === undefined) return [];
  const { procMount } = context;
  const isUnmaskedOnHost = hostUsers && procMount === "Unmasked";
  const unknownProcMount = procMount !== undefined && procMount !== "Default" && procMount !== "Unmasked";
  return [
    ...validateUnixId(`${field}.runAsUser`, context.runAsUser),
    ...validateUnixId(`${field}.runAsGroup`, context.runAsGroup),
    ...(unknownProcMount ? [notSupported(`${field}.procMount`, procMount, ["Default", "Unmasked"])] : []),
    ...(isUnmaskedOnHost
      ? [invalid(`${field}.procMount`, procMount, "`hostUsers` must be false to use `Unmasked`")]
      : []),
    ...validateSeccomp(`${field}.seccompProfile`, context.seccompProfile),
    ...validateEscalation(field, context),
    ...validateAppArmor(`${field}.appArmorProfile`, context.appArmorProfile),
  ];
}

function validateEscalation(field: string, context: json.SecurityContext): FieldErrors {
  if (context.allowPrivilegeEscalation !== false) return [];
  const start = "cannot set `allowPrivilegeEscalation` to false and";
  const isAdmin = context.capabilities?.add?.includes("CAP_SYS_ADMIN") === true;
  return [
    ...(context.privileged === true ? [invalid(field, inGoForm(context), `${start} \`privileged\` to true`)] : []),
    ...(isAdmin ? [invalid(field, inGoForm(context), `${start} \`capabilities.Add\` CAP_SYS_ADMIN`)] : []),
  ];
}

/** The internal type has no JSON names, so that faults show the names of Go (pkg/apis/core/types.go, SecurityContext). */
function inGoForm(context: json.SecurityContext): unknown {
  const { capabilities } = context;
  return {
    Capabilities: capabilities ? { Add: capabilities.add ?? null, Drop: capabilities.drop ?? null } : null,
    Privileged: context.privileged ?? null,
    SELinuxOptions: context.seLinuxOptions ?? null,
    WindowsOptions: context.windowsOptions ?? null,
    RunAsUser: context.runAsUser ?? null,
    RunAsGroup: context.runAsGroup ?? null,
    RunAsNonRoot: context.runAsNonRoot ?? null,
    ReadOnlyRootFilesystem: context.readOnlyRootFilesystem ?? null,
    AllowPrivilegeEscalation: context.allowPrivilegeEscalation ?? null,
    ProcMount: context.procMount ?? null,
    SeccompProfile: context.seccompProfile ?? null,
    AppArmorProfile: context.appArmorProfile ?? null,
  };
}

const profileTypes = ["Localhost", "RuntimeDefault", "Unconfined"];

function validateSeccomp(field: string, profile: json.SeccompProfile | undefined): FieldErrors {
  if (profile === undefined) return [];
  const { type = "", localhostProfile } = profile;
  const faults: FieldErrors =
    type === ""
      ? [required(`${field}.type`, "type is required when seccompProfile is set")]
      : profileTypes.includes(type)
        ? []
        : [notSupported(`${field}.type`, type, profileTypes)];
  const path = `${field}.localhostProfile`;
  if (type !== "Localhost") {
    if (localhostProfile === undefined) return faults;
    const shown = { Type: type, LocalhostProfile: localhostProfile };
    return [...faults, invalid(path, shown, "can only be set when seccomp type is Localhost")];
  }
  if (localhostProfile === undefined) {
    return [...faults, required(path, "must be set when seccomp type is Localhost")];
  }
  return [...faults, ...validateDescendingPath(path, localhostProfile)];
}

function validateAppArmor(field: string, profile: json.AppArmorProfile | undefined): FieldErrors {
  if (profile === undefined) return [];
  const { type = "", localhostProfile } = profile;
  const path = `${field}.localhostProfile`;
  if (type === "") return [required(`${field}.type`, "type is required when appArmorProfile is set")];
  if (!profileTypes.includes(type)) return [notSupported(`${field}.type`, type, profileTypes)];
  if (type !== "Localhost") {
    if (localhostProfile === undefined) return [];
    return [invalid(path, localhostProfile, "can only be set when AppArmor type is Localhost")];
  }
  if (localhostProfile === undefined) return [required(path, "must be set when AppArmor type is Localhost")];
  const trimmed = localhostProfile.trim();
  if (trimmed !== localhostProfile) {
    return [invalid(path, localhostProfile, "must not be padded with whitespace")];
  }
  return trimmed === "" ? [required(path, "must be set when AppArmor type is Localhost")] : [];
}

/** Of a pod or a template. */
export function validatePodSecurityContext(field: string, spec: json.PodSpec): FieldErrors {
  const context: json.PodSecurityContext = spec.securityContext ?? {};
  const sharesTwice = spec.shareProcessNamespace === true && spec.hostPID === true;
  return [
    ...validateUnixId(`${field}.fsGroup`, context.fsGroup),
    ...validateUnixId(`${field}.runAsUser`, context.runAsUser),
    ...validateUnixId(`${field}.runAsGroup`, context.runAsGroup),
    ...(context.supplementalGroups ?? []).flatMap((id, index) =>
      validateUnixId(`${field}.supplementalGroups[${index}]`, id),
    ),
    ...(sharesTwice
      ? [invalid(`${field}.shareProcessNamespace`, true, "ShareProcessNamespace and HostPID cannot both be enabled")]
      : []),
    ...validateSysctls(`${field}.sysctls`, context.sysctls ?? [], spec),
    ...validateOneOf(`${field}.fsGroupChangePolicy`, context.fsGroupChangePolicy, ["Always", "OnRootMismatch"]),
    ...validateSeccomp(`${field}.seccompProfile`, context.seccompProfile),
    ...validateAppArmor(`${field}.appArmorProfile`, context.appArmorProfile),
    ...validateOneOf(`${field}.supplementalGroupsPolicy`, context.supplementalGroupsPolicy, ["Merge", "Strict"]),
    ...validateOneOf(`${field}.seLinuxChangePolicy`, context.seLinuxChangePolicy, ["MountOption", "Recursive"]),
  ];
}

function validateOneOf(field: string, value: string | undefined, allowed: readonly string[]): FieldErrors {
  return value === undefined || allowed.includes(value) ? [] : [notSupported(field, value, allowed)];
}

const sysctlSegment = "[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
const sysctlName = `^(${sysctlSegment}[\\./])*${sysctlSegment}$`;
const sysctlPattern = new RegExp(sysctlName);

function validateSysctls(field: string, sysctls: readonly json.Sysctl[], spec: json.PodSpec): FieldErrors {
  const seen = new Set<string>();
  return sysctls.flatMap(({ name = "" }, index) => {
    const path = `${field}[${index}].name`;
    const isRepeated = seen.has(name);
    seen.add(name);
    const rule = `must have at most 253 characters and match regex ${sysctlName}`;
    const dotted = name.replaceAll("/", ".");
    const isNetwork = spec.hostNetwork === true && dotted.startsWith("net.");
    const isIpc = spec.hostIPC === true && /^(kernel\.(shm|msg|sem)|fs\.mqueue\.)/.test(dotted);
    return [
      ...(name === ""
        ? [required(path)]
        : name.length > 253 || !sysctlPattern.test(name)
          ? [invalid(path, name, rule)]
          : isRepeated
            ? [duplicate(path, name)]
            : []),
      ...(isNetwork ? [invalid(path, name, "may not be specified when 'hostNetwork' is true")] : []),
      ...(isIpc ? [invalid(path, name, "may not be specified when 'hostIPC' is true")] : []),
    ];
  });
}

/** A pod with users of its own shares nothing else with the host, save the network (UserNamespacesHostNetworkSupport off). */
export function validateHostUsers(field: string, spec: json.PodSpec): FieldErrors {
  if (spec.hostUsers !== false) return [];
  const refuse = (member: string) => forbidden(`${field}.${member}`, "when `hostUsers` is false");
  const withDevices = (member: string, containers: readonly json.Container[] = []) =>
    containers.flatMap(({ volumeDevices }, index) =>
      (volumeDevices ?? []).length > 0 ? [refuse(`${member}[${index}].volumeDevices`)] : [],
    );
  return [
    ...(spec.hostNetwork === true ? [refuse("hostNetwork")] : []),
    ...(spec.hostPID === true ? [refuse("HostPID")] : []),
    ...(spec.hostIPC === true ? [refuse("HostIPC")] : []),
    ...withDevices("initContainers", spec.initContainers),
    ...withDevices("containers", spec.containers ?? []),
  ];
}
