import { type ConditionJson, kubeletConditions, type StatusJson } from "./status-json.ts";

type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [key: string]: Json };
type Patch = { [key: string]: Json };

/** A condition with its keys open to comparison. */
function fields(condition: ConditionJson): Readonly<Record<string, Json>> {
  return { ...condition };
}

/**
 * Strategic-merge difference of two lists that merge by `key`, as apimachinery's CreateTwoWayMergePatch makes it:
 * of an element in both only what changed, null for what is gone; `$patch: delete` for an element that is gone.
 */
function mergeListPatch(
  key: string,
  from: readonly Readonly<Record<string, Json>>[],
  to: readonly Readonly<Record<string, Json>>[],
): Json[] {
  const changes: Json[] = [];
  for (const element of to) {
    const before = from.find((candidate) => candidate[key] === element[key]);
    if (before === undefined) {
      changes.push(element);
      continue;
    }
    const change: Patch = {};
    for (const name of [...new Set([...Object.keys(before), ...Object.keys(element)])].sort()) {
      if (!same(before[name], element[name])) change[name] = element[name] ?? null;
    }
    if (Object.keys(change).length > 0) changes.push(sorted({ ...change, [key]: element[key] }));
  }
  for (const element of from) {
    if (!to.some((candidate) => candidate[key] === element[key])) {
      changes.push({ $patch: "delete", [key]: element[key] });
    }
  }
  return changes;
}

function sorted(patch: Patch): Patch {
  return Object.fromEntries(Object.entries(patch).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function same(a: Json, b: Json): boolean {
  return a === b || (typeof a === "object" && typeof b === "object" && JSON.stringify(a) === JSON.stringify(b));
}

/** Conditions of others are kept, and come first (status_manager.go mergePodStatus). */
function mergedConditions(api: StatusJson, desired: StatusJson): readonly ConditionJson[] {
  const foreign = (api.conditions ?? []).filter(({ type }) => !kubeletConditions.has(type));
  return [...foreign, ...(desired.conditions ?? [])];
}

function patchMergeList(
  patch: Patch,
  name: string,
  key: string,
  from: readonly Readonly<Record<string, Json>>[] | undefined,
  to: readonly Readonly<Record<string, Json>>[] | undefined,
): void {
  if (to === undefined || to.length === 0) {
    if (from !== undefined && from.length > 0) patch[name] = null;
    return;
  }
  if (from === undefined || from.length === 0) {
    patch[name] = to;
    return;
  }
  const changes = mergeListPatch(key, from, to);
  if (changes.length === 0) return;
  patch[`$setElementOrder/${name}`] = to.map((element) => ({ [key]: element[key] }));
  patch[name] = changes;
}

/** Fields that are replaced whole. Those that `desired` leaves out are kept, as a kubelet keeps what it has once set. */
const wholeFields = [
  "containerStatuses",
  "hostIP",
  "initContainerStatuses",
  "message",
  "observedGeneration",
  "phase",
  "podIP",
  "reason",
  "startTime",
] as const;

/**
 * The strategic-merge patch that turns the status `api` has into `desired`, as JSON with the pod's UID as precondition;
 * undefined when there is nothing to change. Shape and order of keys: kubelet-audit §3.
 */
export function statusPatch(uid: string, api: StatusJson, desired: StatusJson): string | undefined {
  const patch: Patch = {};
  patchMergeList(patch, "conditions", "type", api.conditions?.map(fields), mergedConditions(api, desired).map(fields));
  for (const name of wholeFields) {
    const to = desired[name] as Json;
    if (to !== undefined && !same(api[name] as Json, to)) patch[name] = to;
  }
  if (desired.hostIPs !== undefined) patchMergeList(patch, "hostIPs", "ip", api.hostIPs, desired.hostIPs);
  if (desired.podIPs !== undefined) patchMergeList(patch, "podIPs", "ip", api.podIPs, desired.podIPs);
  if (Object.keys(patch).length === 0) return undefined;
  return JSON.stringify({ metadata: { uid }, status: sorted(patch) });
}

/**
 * The whole status as a patch, for a kubelet that does not look first: what a condition no longer has is removed by an
 * explicit null, and PodScheduled is left to the scheduler.
 */
export function fullStatusPatch(uid: string, desired: StatusJson): string {
  const conditions = (desired.conditions ?? [])
    .filter(({ type }) => type !== "PodScheduled")
    .map((condition) => ({ message: null, reason: null, ...condition }));
  return JSON.stringify({ metadata: { uid }, status: { ...desired, conditions } });
}
