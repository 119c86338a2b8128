import { addQuantities, compareQuantities, formatQuantity, parseQuantity, type QuantityValue } from "@hollowfleet/wire";
import type { KubeObject } from "../object.ts";
import { type MutableContainer, podSpec, type ResourceList, type Resources } from "./mutable-pod.ts";

// Constraints and words of plugin/pkg/admission/limitranger/admission.go.

/** v1.LimitRangeItem. */
export interface Limit {
  readonly type: string;
  readonly max?: ResourceList;
  readonly min?: ResourceList;
  readonly default?: ResourceList;
  readonly defaultRequest?: ResourceList;
  readonly maxLimitRequestRatio?: ResourceList;
}

interface Constraint {
  readonly type: string;
  readonly resource: string;
  /** What the limit says. */
  readonly enforced: string;
  readonly request: string | undefined;
  readonly limit: string | undefined;
}

const compare = (a: string, b: string): number => compareQuantities(parseQuantity(a), parseQuantity(b));

function minFault({ type, resource, enforced, request, limit }: Constraint): string {
  const text = `minimum ${resource} usage per ${type} is ${enforced}`;
  if (request === undefined) return `${text}.  No request is specified`;
  if (compare(request, enforced) < 0) return `${text}, but request is ${request}`;
  return limit !== undefined && compare(limit, enforced) < 0 ? `${text}, but limit is ${limit}` : "";
}

function maxFault({ type, resource, enforced, request, limit }: Constraint): string {
  const text = `maximum ${resource} usage per ${type} is ${enforced}`;
  if (limit === undefined) return `${text}.  No limit is specified`;
  if (compare(limit, enforced) > 0) return `${text}, but limit is ${limit}`;
  return request !== undefined && compare(request, enforced) > 0 ? `${text}, but request is ${request}` : "";
}

/** Of claims, which have no limits. */
function maxRequestFault({ type, resource, enforced, request }: Constraint): string {
  const text = `maximum ${resource} usage per ${type} is ${enforced}`;
  if (request === undefined) return `${text}.  No request is specified`;
  return compare(request, enforced) > 0 ? `${text}, but request is ${request}` : "";
}

function ratioFault({ type, resource, enforced, request, limit }: Constraint): string {
  const text = `${resource} max limit to request ratio per ${type} is ${enforced}`;
  const [divisor, dividend] = [request, limit].map((value) => parseQuantity(value ?? "0").nanos);
  if (divisor === undefined || divisor === 0n) return `${text}, but no request is specified or request is 0`;
  if (dividend === undefined || dividend === 0n) return `${text}, but no limit is specified or limit is 0`;
  const ratio = Number(dividend) / Number(divisor);
  const most = Number(parseQuantity(enforced).nanos) / 1e9;
  return ratio > most ? `${text}, but provided ratio is ${ratio.toFixed(6)}` : "";
}

type Check = readonly ["min" | "max" | "maxLimitRequestRatio", (constraint: Constraint) => string];

const podChecks: readonly Check[] = [
  ["min", minFault],
  ["max", maxFault],
  ["maxLimitRequestRatio", ratioFault],
];
const claimChecks: readonly Check[] = [
  ["min", minFault],
  ["max", maxRequestFault],
];

function faultsOf(
  limit: Limit,
  { requests = {}, limits = {} }: Resources,
  checks: readonly Check[],
): readonly string[] {
  return checks.flatMap(([member, check]) =>
    Object.entries(limit[member] ?? {})
      .map(([resource, enforced]) =>
        check({ type: limit.type, resource, enforced, request: requests[resource], limit: limits[resource] }),
      )
      .filter((fault) => fault !== ""),
  );
}

type Amounts = ReadonlyMap<string, QuantityValue>;
type Combine = (a: QuantityValue, b: QuantityValue) => QuantityValue;

const larger: Combine = (a, b) => (compareQuantities(a, b) < 0 ? b : a);

function combined(a: Amounts, b: Amounts, how: Combine): Amounts {
  const all = new Map(a);
  for (const [name, value] of b) {
    const own = all.get(name);
    all.set(name, own === undefined ? value : how(own, value));
  }
  return all;
}

function amounts(list: ResourceList = {}): Amounts {
  return new Map(Object.entries(list).map(([name, text]) => [name, parseQuantity(text)]));
}

/** What a pod needs at once: its containers together, or its hungriest moment of starting, if that is more. */
function total(pod: KubeObject, kind: "requests" | "limits"): ResourceList {
  const { containers, initContainers, resources } = podSpec(pod);
  const of = (container: MutableContainer): Amounts => amounts(container.resources?.[kind]);
  const none: Amounts = new Map();
  let sidecars = none;
  let starting = none;
  for (const container of initContainers ?? []) {
    const needs = combined(sidecars, of(container), addQuantities);
    if (container.restartPolicy === "Always") sidecars = needs;
    starting = combined(starting, needs, larger);
  }
  const running = [...(containers ?? []).map(of), sidecars].reduce(
    (sum, each) => combined(sum, each, addQuantities),
    none,
  );
  const texts = [...combined(running, starting, larger)].map(([name, value]) => [name, formatQuantity(value)] as const);
  return { ...Object.fromEntries(texts), ...resources?.[kind] };
}

/** What one limit has against a pod or a claim. */
export function limitFaults(limit: Limit, object: KubeObject, isPod: boolean): readonly string[] {
  if (!isPod) {
    const { resources = {} } = (object["spec"] ?? {}) as { resources?: Resources };
    const requests = resources.requests ?? {};
    return limit.type === "PersistentVolumeClaim" ? faultsOf(limit, { requests }, claimChecks) : [];
  }
  const { containers, initContainers } = podSpec(object);
  if (limit.type === "Container") {
    return [...(containers ?? []), ...(initContainers ?? [])].flatMap(({ resources = {} }) =>
      faultsOf(limit, resources, podChecks),
    );
  }
  if (limit.type !== "Pod") return [];
  return faultsOf(limit, { requests: total(object, "requests"), limits: total(object, "limits") }, podChecks);
}
