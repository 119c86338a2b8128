import { findCondition, putCondition } from "../objects/conditions.ts";
import { type KubeObject, timestamp } from "../objects/meta.ts";
import type { Namespace } from "../objects/types.ts";

type NamespaceCondition = NonNullable<NonNullable<Namespace["status"]>["conditions"]>[number];

/** What is left in a namespace, by resource. */
export type Remaining = ReadonlyMap<string, readonly KubeObject[]>;

interface Said {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
}

/** What the conditions say when all is well (namespace/deletion/status_condition_utils.go). */
const fine: readonly Said[] = [
  {
    type: "NamespaceDeletionDiscoveryFailure",
    reason: "ResourcesDiscovered",
    message: "All resources successfully discovered",
  },
  {
    type: "NamespaceDeletionGroupVersionParsingFailure",
    reason: "ParsedGroupVersions",
    message: "All legacy kube types successfully parsed",
  },
  {
    type: "NamespaceDeletionContentFailure",
    reason: "ContentDeleted",
    message: "All content successfully deleted, may be waiting on finalization",
  },
  { type: "NamespaceContentRemaining", reason: "ContentRemoved", message: "All content successfully removed" },
  {
    type: "NamespaceFinalizersRemaining",
    reason: "ContentHasNoFinalizers",
    message: "All content-preserving finalizers finished",
  },
];

/** The conditions of a namespace that is being deleted. */
export function namespaceConditions(
  before: readonly NamespaceCondition[] | undefined,
  remaining: Remaining,
  nowMs: number,
): NamespaceCondition[] {
  const troubles = [contentRemaining(remaining), finalizersRemaining(remaining)];
  let conditions = [...(before ?? [])];
  for (const well of fine) {
    const trouble = troubles.find((said) => said?.type === well.type);
    const status = trouble === undefined ? "False" : "True";
    const earlier = findCondition(conditions, well.type);
    const isSame = earlier?.status === status && earlier.lastTransitionTime;
    const lastTransitionTime = isSame ? earlier.lastTransitionTime : timestamp(nowMs);
    conditions = putCondition(conditions, { ...(trouble ?? well), status, lastTransitionTime } as NamespaceCondition);
  }
  return conditions;
}

function contentRemaining(remaining: Remaining): Said | undefined {
  if (remaining.size === 0) return undefined;
  // A resource of the core group is named with a bare dot at its end.
  const name = (resource: string) => (resource.includes(".") ? resource : `${resource}.`);
  const parts = [...remaining].map(([resource, left]) => `${name(resource)} has ${left.length} resource instances`);
  return {
    type: "NamespaceContentRemaining",
    reason: "SomeResourcesRemain",
    message: `Some resources are remaining: ${parts.sort().join(", ")}`,
  };
}

function finalizersRemaining(remaining: Remaining): Said | undefined {
  const counts = new Map<string, number>();
  for (const object of [...remaining.values()].flat()) {
    for (const finalizer of object.metadata?.finalizers ?? []) counts.set(finalizer, (counts.get(finalizer) ?? 0) + 1);
  }
  if (counts.size === 0) return undefined;
  const parts = [...counts].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`);
  return {
    type: "NamespaceFinalizersRemaining",
    reason: "SomeFinalizersRemain",
    message: `Some content in the namespace has finalizers remaining: ${parts.sort().join(", ")}`,
  };
}
