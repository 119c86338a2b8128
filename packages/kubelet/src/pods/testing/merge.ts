import type { ConditionJson, StatusJson } from "../status-json.ts";

type Element = Record<string, unknown>;

function mergeList(
  key: string,
  into: readonly Element[],
  patch: readonly Element[],
  order: readonly Element[],
): Element[] {
  const merged = new Map(into.map((element) => [element[key], { ...element }]));
  for (const change of patch) {
    if (change["$patch"] === "delete") merged.delete(change[key]);
    else merged.set(change[key], withoutNulls({ ...merged.get(change[key]), ...change }));
  }
  const rank = new Map(order.map((element, index) => [element[key], index]));
  return [...merged.values()].sort((a, b) => (rank.get(a[key]) ?? 0) - (rank.get(b[key]) ?? 0));
}

/** A null removes a field, except the times that JSON itself has as null. */
function withoutNulls(element: Element): Element {
  return Object.fromEntries(
    Object.entries(element).filter(([name, value]) => value !== null || name === "lastProbeTime"),
  );
}

const mergeKeys: Readonly<Record<string, string>> = { conditions: "type", hostIPs: "ip", podIPs: "ip" };

/** Applies a strategic-merge patch of a pod's status as an API server does. */
export function applyStatusPatch(status: StatusJson, patchText: string): StatusJson {
  const patch = (JSON.parse(patchText) as { status: Element }).status;
  const result: Element = { ...status };
  for (const [name, value] of Object.entries(patch)) {
    if (name.startsWith("$")) continue;
    const key = mergeKeys[name];
    if (value === null) delete result[name];
    else if (key === undefined) result[name] = value;
    else {
      const order = (patch[`$setElementOrder/${name}`] ?? value) as Element[];
      result[name] = mergeList(key, (result[name] ?? []) as Element[], value as Element[], order);
    }
  }
  return result as StatusJson;
}

/** What the scheduler leaves in the status of a pod that it has bound. */
export function scheduledStatus(atText: string): StatusJson {
  const condition: ConditionJson = {
    lastProbeTime: null,
    lastTransitionTime: atText,
    status: "True",
    type: "PodScheduled",
  };
  return { conditions: [condition], phase: "Pending" };
}
