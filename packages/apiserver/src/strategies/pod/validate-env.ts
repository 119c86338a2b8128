import type { json } from "@hollowfleet/wire";
import { formatQuantity } from "@hollowfleet/wire";
import { readQuantity } from "../quantities.ts";
import { validateDnsLabel } from "../validation/common.ts";
import { type FieldErrors, invalid, invalidEach, notSupported, required } from "../validation/field-error.ts";
import { configMapKeyFaults, dnsSubdomainFaults, envNameFaults, qualifiedNameFaults } from "../validation/names.ts";
import { validateNoBacksteps } from "../validation/paths.ts";

// core/validation/validation.go, ValidateEnv and what it calls

const envFieldPaths = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];

/** What a downward API path may name at all (core/pods/helpers.go, ConvertDownwardAPIFieldLabel). */
const convertible = new Set([
  ...envFieldPaths,
  "metadata.annotations",
  "metadata.labels",
  "spec.restartPolicy",
  "spec.schedulerName",
  "status.phase",
  "spec.host",
]);

const resourceNames = [
  "limits.cpu",
  "limits.ephemeral-storage",
  "limits.memory",
  "requests.cpu",
  "requests.ephemeral-storage",
  "requests.memory",
];

export function validateEnv(field: string, variables: readonly json.EnvVar[] = []): FieldErrors {
  return variables.flatMap((variable, index) => {
    const path = `${field}[${index}]`;
    const name = variable.name ?? "";
    return [
      ...(name === "" ? [required(`${path}.name`)] : invalidEach(`${path}.name`, name, envNameFaults(name))),
      ...validateValueFrom(`${path}.valueFrom`, variable),
    ];
  });
}

function validateValueFrom(field: string, { value = "", valueFrom }: json.EnvVar): FieldErrors {
  if (valueFrom === undefined) return [];
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = valueFrom;
  const count = Object.values(valueFrom).filter((source) => source !== undefined).length;
  const faults = [
    ...(fieldRef ? validateFieldRef(`${field}.fieldRef`, fieldRef, envFieldPaths) : []),
    ...(resourceFieldRef ? validateResourceFieldRef(`${field}.resourceFieldRef`, resourceFieldRef, false) : []),
    ...(configMapKeyRef ? validateKeyRef(`${field}.configMapKeyRef`, configMapKeyRef) : []),
    ...(secretKeyRef ? validateKeyRef(`${field}.secretKeyRef`, secretKeyRef) : []),
    ...(fileKeyRef ? validateFileKeyRef(`${field}.fileKeyRef`, fileKeyRef) : []),
  ];
  if (count === 0) {
    const sources = "`fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`";
    return [...faults, invalid(field, "", `must specify one of: ${sources}`)];
  }
  if (value !== "") return [...faults, invalid(field, "", "may not be specified when `value` is not empty")];
  return count > 1 ? [...faults, invalid(field, "", "may not have more than one field specified at a time")] : faults;
}

/** @param allowed paths without a subscript */
export function validateFieldRef(
  field: string,
  { apiVersion = "", fieldPath = "" }: json.ObjectFieldSelector,
  allowed: readonly string[],
): FieldErrors {
  if (apiVersion === "") return [required(`${field}.apiVersion`)];
  if (fieldPath === "") return [required(`${field}.fieldPath`)];
  const subscripted = /^([^[\]]*)\['([^']*)'\]$/.exec(fieldPath);
  const [, path = fieldPath, subscript] = subscripted ?? [];
  const takesSubscript = path === "metadata.annotations" || path === "metadata.labels";
  if (apiVersion !== "v1") {
    const fault = `error converting fieldPath: unsupported pod version: ${apiVersion}`;
    return [invalid(`${field}.fieldPath`, fieldPath, fault)];
  }
  if (subscript !== undefined && takesSubscript) {
    const key = path === "metadata.annotations" ? subscript.toLowerCase() : subscript;
    return invalidEach(field, key, qualifiedNameFaults(key));
  }
  if (subscript !== undefined || !convertible.has(path)) {
    const fault = `error converting fieldPath: field label not supported: ${path}`;
    const noSubscript = `error converting fieldPath: field label does not support subscript: ${fieldPath}`;
    return [invalid(`${field}.fieldPath`, fieldPath, subscript === undefined ? fault : noSubscript)];
  }
  return allowed.includes(path) ? [] : [notSupported(`${field}.fieldPath`, path, allowed.toSorted())];
}

/** @param isVolume a file in a volume has to name the container */
export function validateResourceFieldRef(
  field: string,
  { containerName = "", resource = "", divisor }: json.ResourceFieldSelector,
  isVolume: boolean,
): FieldErrors {
  const isHugePages = resource.startsWith("requests.hugepages-") || resource.startsWith("limits.hugepages-");
  const faults: FieldErrors =
    isVolume && containerName === ""
      ? [required(`${field}.containerName`)]
      : resource === ""
        ? [required(`${field}.resource`)]
        : resourceNames.includes(resource) || isHugePages
          ? []
          : [notSupported(`${field}.resource`, resource, resourceNames)];
  return [...faults, ...validateDivisor(`${field}.divisor`, resource, divisor, isHugePages)];
}

const byteUnits = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];

function validateDivisor(field: string, resource: string, divisor: unknown, isHugePages: boolean): FieldErrors {
  const quantity = readQuantity(divisor);
  if (quantity === undefined || quantity.nanos === 0n) return [];
  const text = formatQuantity(quantity);
  const refuse = (units: string, what: string): FieldErrors => [
    invalid(field, resource, `only divisor's values ${units} are supported with the ${what} resource`),
  ];
  if (resource.endsWith(".cpu")) return ["1m", "1"].includes(text) ? [] : refuse("1m and 1", "cpu");
  const kind = resource.endsWith(".memory")
    ? "memory"
    : resource.endsWith(".ephemeral-storage")
      ? "local ephemeral storage"
      : isHugePages
        ? "hugepages"
        : undefined;
  return kind === undefined || byteUnits.includes(text) ? [] : refuse(byteUnits.join(", "), kind);
}

function validateKeyRef(field: string, { name = "", key = "" }: json.ConfigMapKeySelector): FieldErrors {
  return [
    ...invalidEach(`${field}.name`, name, dnsSubdomainFaults(name)),
    ...(key === "" ? [required(`${field}.key`)] : invalidEach(`${field}.key`, key, configMapKeyFaults(key))),
  ];
}

function validateFileKeyRef(
  field: string,
  { key = "", volumeName = "", path = "" }: json.FileKeySelector,
): FieldErrors {
  return [
    ...(key === "" ? [required(`${field}.key`)] : invalidEach(`${field}.key`, key, envNameFaults(key))),
    ...(volumeName === "" ? [required(`${field}.volumeName`)] : validateDnsLabel(`${field}.volumeName`, volumeName)),
    ...(path === "" ? [required(`${field}.path`)] : validateNoBacksteps(`${field}.path`, path)),
  ];
}

export function validateEnvFrom(field: string, sources: readonly json.EnvFromSource[] = []): FieldErrors {
  return sources.flatMap(({ prefix = "", configMapRef, secretRef }, index) => {
    const path = `${field}[${index}]`;
    const count = [configMapRef, secretRef].filter((source) => source !== undefined).length;
    return [
      ...(prefix === "" ? [] : invalidEach(`${path}.prefix`, prefix, envNameFaults(prefix))),
      ...(configMapRef ? validateSourceName(`${path}.configMapRef.name`, configMapRef.name) : []),
      ...(secretRef ? validateSourceName(`${path}.secretRef.name`, secretRef.name) : []),
      ...(count === 0 ? [invalid(field, "", "must specify one of: `configMapRef` or `secretRef`")] : []),
      ...(count > 1 ? [invalid(field, "", "may not have more than one field specified at a time")] : []),
    ];
  });
}

function validateSourceName(field: string, name = ""): FieldErrors {
  return name === "" ? [required(field)] : invalidEach(field, name, dnsSubdomainFaults(name));
}
