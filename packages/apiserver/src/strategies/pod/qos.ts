import type { json } from "@hollowfleet/wire";
import { nanosOf } from "../quantities.ts";

const computeResources = ["cpu", "memory"] as const;

export type QosClass = "Guaranteed" | "Burstable" | "BestEffort";

/** How a pod is treated when its node runs short; ephemeral containers don't count (core/helper/qos/qos.go). */
export function qosClass(spec: json.PodSpec): QosClass {
  const each = spec.resources
    ? [spec.resources]
    : [...(spec.containers ?? []), ...(spec.initContainers ?? [])].map(({ resources = {} }) => resources);
  const requests = sums(each.map((resources) => resources.requests));
  const limits = sums(each.map((resources) => resources.limits));
  if (requests.size === 0 && limits.size === 0) return "BestEffort";
  const areLimited = each.every(({ limits: own }) => computeResources.every((name) => nanosOf(own?.[name]) > 0n));
  const areEqual = [...requests].every(([name, amount]) => limits.get(name) === amount);
  return areLimited && areEqual && requests.size === limits.size ? "Guaranteed" : "Burstable";
}

function sums(lists: readonly (Readonly<Record<string, unknown>> | undefined)[]): Map<string, bigint> {
  const found = new Map<string, bigint>();
  for (const name of computeResources) {
    const sum = lists.reduce((total, list) => total + positive(nanosOf(list?.[name])), 0n);
    if (sum > 0n) found.set(name, sum);
  }
  return found;
}

function positive(nanos: bigint): bigint {
  return nanos > 0n ? nanos : 0n;
}
