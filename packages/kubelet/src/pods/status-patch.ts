import { type ConditionJson, kubeletConditions, type StatusJson } from "./status-json.ts";

type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [key: string]: Json };
type Patch = { [key: string]: Json };

/** In the order of Go's encoder. */
const conditionFields = [
  "lastProbeTime",
  "lastTransitionTime",
  "message",
  "observedGeneration",
  "reason",
  "status",
] as const;

/** What of a condition changed, null for what is gone; undefined: nothing. */
function conditionChange(from: ConditionJson, to: ConditionJson): Patch | undefined {
  let change: Patch | undefined;
  for (const name of conditionFields) {
    if (from[name] === to[name]) continue;
    change ??= {};
    change[name] = to[name] ?? null;
  }
  if (change !== undefined) change["type"] = to.type;
  return change;
}

/**
 * Strategic-merge difference of the conditions, which merge by type, as apimachinery's CreateTwoWayMergePatch makes it:
 * a new one whole, of one in both what changed, `$patch: delete` for one that is gone.
 */
function conditionChanges(from: readonly ConditionJson[], to: readonly ConditionJson[]): Json[] {
  const changes: Json[] = [];
  for (const condition of to) {
    const before = from.find(({ type }) => type === condition.type);
    const change = before === undefined ? { ...condition } : conditionChange(before, condition);
    if (change !== undefined) changes.push(change);
  }
  for (const { type } of from) {
    if (!to.some((condition) => condition.type === type)) changes.push({ $patch: "delete", type });
  }
  return changes;
}

/** Conditions of others are kept, and come first (status_manager.go mergePodStatus). */
function mergedConditions(api: readonly ConditionJson[], desired: StatusJson): readonly ConditionJson[] {
  const foreign = api.filter(({ type }) => !kubeletConditions.has(type));
  return [...foreign, ...(desired.conditions ?? [])];
}

function patchConditions(patch: Patch, api: StatusJson, desired: StatusJson): void {
  const from = api.conditions ?? [];
  const to = mergedConditions(from, desired);
  if (to.length === 0) {
    if (from.length > 0) patch["conditions"] = null;
    return;
  }
  const changes = conditionChanges(from, to);
  if (changes.length === 0) return;
  // The order goes along with a difference only, not with a list that is new as a whole.
  if (from.length > 0) patch["$setElementOrder/conditions"] = to.map(({ type }) => ({ type }));
  patch["conditions"] = changes;
}

type Ips = readonly { readonly ip: string }[];

/** podIPs and hostIPs merge by address; a kubelet of one address family has one of each. */
function patchIps(patch: Patch, name: "hostIPs" | "podIPs", from: Ips | undefined, to: Ips | undefined): void {
  if (to === undefined) return;
  if (from === undefined || from.length === 0) {
    patch[name] = to;
    return;
  }
  const gone = from.filter(({ ip }) => !to.some((kept) => kept.ip === ip));
  const added = to.filter(({ ip }) => !from.some((known) => known.ip === ip));
  if (gone.length + added.length === 0) return;
  patch[`$setElementOrder/${name}`] = to;
  patch[name] = [...added, ...gone.map(({ ip }) => ({ $patch: "delete", ip }))];
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

function same(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === "object" && typeof b === "object" && JSON.stringify(a) === JSON.stringify(b));
}

/**
 * The strategic-merge patch that turns the status `api` has into `desired`, as JSON with the pod's UID as precondition;
 * undefined when there is nothing to change. Shape and order of keys: kubelet-audit §3.
 */
export function statusPatch(uid: string, api: StatusJson, desired: StatusJson): string | undefined {
  const patch: Patch = {};
  patchConditions(patch, api, desired);
  for (const name of wholeFields) {
    const to = desired[name];
    if (to !== undefined && !same(api[name], to)) patch[name] = to as Json;
  }
  patchIps(patch, "hostIPs", api.hostIPs, desired.hostIPs);
  patchIps(patch, "podIPs", api.podIPs, desired.podIPs);
  const names = Object.keys(patch).sort();
  if (names.length === 0) return undefined;
  const status: Patch = {};
  for (const name of names) status[name] = patch[name];
  return JSON.stringify({ metadata: { uid }, status });
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
