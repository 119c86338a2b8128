import { parseQuantity } from "@hollowfleet/wire";
import type { Container, Pod, PodSpec } from "../objects/types.ts";

/** Amounts of resources: CPU in milli-cores, the others in units (bytes, devices). */
export type Amounts = ReadonlyMap<string, number>;

/** What a pod takes of a node. */
export interface PodNeeds {
  readonly requests: Amounts;
  /** For scoring: what a container that requests nothing is taken to use. */
  readonly scoredCpuMilli: number;
  readonly scoredMemory: number;
  /** "TCP/8080", with the address in front if there is one. */
  readonly hostPorts: readonly string[];
}

/** Assumed for scoring where nothing is requested (pkg/scheduler/util/pod_resources.go). */
const assumedCpuMilli = 100;
const assumedMemory = 200 * 1024 * 1024;

const parsed = new Map<string, bigint>();
const mostParsed = 10_000;

/** The amount of a resource, rounded up as Quantity.MilliValue and Value do. */
export function amountOf(resource: string, quantity: unknown): number {
  const text = String(quantity);
  let nanos = parsed.get(text);
  if (nanos === undefined) {
    nanos = parseQuantity(text).nanos;
    if (parsed.size >= mostParsed) parsed.clear();
    parsed.set(text, nanos);
  }
  const perUnit = resource === "cpu" ? 1_000_000n : 1_000_000_000n;
  return Number((nanos + perUnit - 1n) / perUnit);
}

/** Amounts of a ResourceList, e.g. status.allocatable. */
export function amountsOf(list: Readonly<Record<string, unknown>> | undefined): Map<string, number> {
  const amounts = new Map<string, number>();
  for (const [resource, quantity] of Object.entries(list ?? {})) amounts.set(resource, amountOf(resource, quantity));
  return amounts;
}

/**
 * Requests of a pod: the sum of its containers and sidecars, or its largest moment during initialisation if that is
 * more, plus its overhead; requests of the pod itself win (component-helpers, resource/helpers.go PodRequests).
 */
export function podRequests(spec: PodSpec | undefined, assumed?: Amounts): Map<string, number> {
  const total = new Map<string, number>();
  for (const container of spec?.containers ?? []) add(total, requestsOf(container, assumed));
  const sidecars = new Map<string, number>();
  const peak = new Map<string, number>();
  for (const container of spec?.initContainers ?? []) {
    const requests = requestsOf(container, assumed);
    if (container.restartPolicy === "Always") {
      add(total, requests);
      add(sidecars, requests);
      raise(peak, sidecars);
    } else {
      const during = new Map(sidecars);
      add(during, requests);
      raise(peak, during);
    }
  }
  raise(total, peak);
  for (const [resource, amount] of amountsOf(spec?.resources?.requests)) total.set(resource, amount);
  add(total, amountsOf(spec?.overhead));
  return total;
}

function requestsOf(container: Container, assumed: Amounts | undefined): Map<string, number> {
  const requests = amountsOf(container.resources?.requests);
  for (const [resource, amount] of assumed ?? []) if (!requests.has(resource)) requests.set(resource, amount);
  return requests;
}

function add(to: Map<string, number>, amounts: Amounts): void {
  for (const [resource, amount] of amounts) to.set(resource, (to.get(resource) ?? 0) + amount);
}

function raise(to: Map<string, number>, amounts: Amounts): void {
  for (const [resource, amount] of amounts) if (amount > (to.get(resource) ?? 0)) to.set(resource, amount);
}

const assumedAmounts: Amounts = new Map([
  ["cpu", assumedCpuMilli],
  ["memory", assumedMemory],
]);

const noPorts: readonly string[] = [];

export function podNeeds(pod: Pod): PodNeeds {
  const scored = podRequests(pod.spec, assumedAmounts);
  return {
    requests: podRequests(pod.spec),
    scoredCpuMilli: scored.get("cpu") ?? 0,
    scoredMemory: scored.get("memory") ?? 0,
    hostPorts: hostPorts(pod.spec),
  };
}

function hostPorts(spec: PodSpec | undefined): readonly string[] {
  let ports: string[] | undefined;
  for (const container of spec?.containers ?? []) {
    for (const { hostPort, protocol } of container.ports ?? []) {
      if (hostPort === undefined || hostPort === 0) continue;
      ports ??= [];
      ports.push(`${protocol ?? "TCP"}/${hostPort}`);
    }
  }
  return ports ?? noPorts;
}
