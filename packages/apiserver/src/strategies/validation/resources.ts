import type { json } from "@hollowfleet/wire";
import { formatQuantity } from "@hollowfleet/wire";
import { nanosOf, readQuantity } from "../quantities.ts";
import { negativeText } from "./common.ts";
import {
  duplicate,
  type FieldErrors,
  forbidden,
  invalid,
  invalidEach,
  notFound,
  notSupported,
  required,
} from "./field-error.ts";
import { qualifiedNameFaults } from "./names.ts";

// core/validation/validation.go, validateResourceRequirements, and core/helper/helpers.go for the names

const containerResources = new Set(["cpu", "memory", "ephemeral-storage"]);
const countedResources = new Set([
  "pods",
  "resourcequotas",
  "services",
  "replicationcontrollers",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
  "services.nodeports",
  "services.loadbalancers",
]);
const standardResources = new Set([
  ...containerResources,
  ...countedResources,
  "requests.cpu",
  "requests.memory",
  "requests.ephemeral-storage",
  "limits.cpu",
  "limits.memory",
  "limits.ephemeral-storage",
  "storage",
  "requests.storage",
]);

function isHugePages(name: string): boolean {
  return name.startsWith("hugepages-");
}

/** Without a domain, or in that of Kubernetes itself. */
function isNative(name: string): boolean {
  return !name.includes("/") || name.includes("kubernetes.io/");
}

function isExtended(name: string): boolean {
  return !isNative(name) && !name.startsWith("requests.") && qualifiedNameFaults(`requests.${name}`).length === 0;
}

/** Whether less may be requested than the limit. */
function isOvercommitAllowed(name: string): boolean {
  return isNative(name) && !isHugePages(name);
}

export function validateResourceName(field: string, name: string): FieldErrors {
  const faults = qualifiedNameFaults(name);
  if (faults.length > 0) return invalidEach(field, name, faults);
  const isStandard = standardResources.has(name) || isHugePages(name) || name.startsWith("requests.hugepages-");
  if (name.includes("/") || isStandard) return [];
  return [invalid(field, name, "must be a standard resource type or fully qualified")];
}

function validateContainerResourceName(field: string, name: string): FieldErrors {
  const faults = validateResourceName(field, name);
  if (!name.includes("/")) {
    if (containerResources.has(name) || isHugePages(name)) return faults;
    return [...faults, invalid(field, name, "must be a standard resource for containers")];
  }
  if (isNative(name) || isExtended(name)) return faults;
  return [...faults, invalid(field, name, "doesn't follow extended resource name standard")];
}

function validatePodResourceName(field: string, name: string): FieldErrors {
  const faults = validateResourceName(field, name);
  if (faults.length > 0) return faults;
  const isSupported = name === "cpu" || name === "memory" || isHugePages(name);
  return isSupported ? [] : [notSupported(field, name, ["cpu", "hugepages-", "memory"])];
}

function validateNonNegativeQuantity(field: string, value: unknown): FieldErrors {
  return nanosOf(value) < 0n ? [invalid(field, shown(value), negativeText)] : [];
}

export function validateResourceQuantity(field: string, name: string, value: unknown): FieldErrors {
  const isWhole = nanosOf(value) % 1_000_000_000n === 0n;
  const mustBeWhole = countedResources.has(name) || isExtended(name);
  const notWhole = mustBeWhole && !isWhole ? [invalid(field, shown(value), "must be an integer")] : [];
  return [...validateNonNegativeQuantity(field, value), ...notWhole];
}

/** The canonical form. */
function shown(value: unknown): string {
  const quantity = readQuantity(value);
  return quantity === undefined ? String(value) : formatQuantity(quantity);
}

function validateHugePages(field: string, name: string, value: unknown): FieldErrors {
  if (!isHugePages(name)) return [];
  const pageNanos = nanosOf(name.slice("hugepages-".length));
  if (pageNanos > 0n && nanosOf(value) % pageNanos === 0n) return [];
  return [invalid(field, shown(value), `${shown(value)} is not positive integer multiple of ${name}`)];
}

type ResourceList = Readonly<Record<string, unknown>>;

/** Resources of a container. @param claims names of the pod's resourceClaims */
export function validateContainerResources(
  field: string,
  resources: json.ResourceRequirements | undefined,
  claims: ReadonlySet<string>,
): FieldErrors {
  return validateRequirements(field, resources, claims, validateContainerResourceName);
}

/** Resources of a pod as a whole. */
export function validatePodLevelResources(
  field: string,
  resources: json.ResourceRequirements,
  claims: ReadonlySet<string>,
): FieldErrors {
  return validateRequirements(field, resources, claims, validatePodResourceName);
}

function validateRequirements(
  field: string,
  resources: json.ResourceRequirements = {},
  claims: ReadonlySet<string>,
  validateName: (field: string, name: string) => FieldErrors,
): FieldErrors {
  const limits: ResourceList = resources.limits ?? {};
  const requests: ResourceList = resources.requests ?? {};
  const amount = (path: string, name: string, value: unknown) => [
    ...validateName(path, name),
    ...validateResourceQuantity(path, name, value),
  ];
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  const isAlone = names.some(isHugePages) && !names.includes("cpu") && !names.includes("memory");
  return [
    ...Object.entries(limits).flatMap(([name, value]) => {
      const path = `${field}.limits[${name}]`;
      return [...amount(path, name, value), ...validateHugePages(path, name, value)];
    }),
    ...Object.entries(requests).flatMap(([name, value]) => {
      const path = `${field}.requests[${name}]`;
      return [
        ...amount(path, name, value),
        ...validateAgainstLimit(field, name, value, limits[name]),
        ...validateHugePages(path, name, value),
      ];
    }),
    ...(isAlone ? [forbidden(field, "HugePages require cpu or memory")] : []),
    ...validateClaims(`${field}.claims`, resources.claims ?? [], claims),
  ];
}

function validateAgainstLimit(field: string, name: string, request: unknown, limit: unknown): FieldErrors {
  if (limit === undefined) {
    if (isOvercommitAllowed(name)) return [];
    return [required(`${field}.limits`, "Limit must be set for non overcommitable resources")];
  }
  const more = nanosOf(request) - nanosOf(limit);
  const path = `${field}.requests`;
  if (more !== 0n && !isOvercommitAllowed(name)) {
    return [invalid(path, shown(request), `must be equal to ${name} limit of ${shown(limit)}`)];
  }
  return more > 0n
    ? [invalid(path, shown(request), `must be less than or equal to ${name} limit of ${shown(limit)}`)]
    : [];
}

function validateClaims(field: string, claims: readonly json.ResourceClaim[], known: ReadonlySet<string>): FieldErrors {
  const seen = new Set<string>();
  return claims.flatMap(({ name = "", request = "" }, index) => {
    const path = `${field}[${index}]`;
    if (name === "") return [required(path)];
    const key = request === "" ? name : `${name}/${request}`;
    const isRepeated = seen.has(name) || seen.has(key);
    seen.add(key);
    const unknown = known.size === 0 ? " which is empty" : `: ${[...known].sort().join(", ")}`;
    return [
      ...(isRepeated ? [duplicate(path, seen.has(name) ? name : key)] : []),
      ...(known.has(name)
        ? []
        : [notFound(path, name, `must be one of the names in pod.spec.resourceClaims${unknown}`)]),
    ];
  });
}
