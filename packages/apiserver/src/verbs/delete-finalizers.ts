import type { KubeObject } from "../object.ts";
import type { DeleteOptions } from "./api.ts";

/** What a kind does with dependents when nobody says; "Unsupported": it can't have any. */
export type DefaultPropagation = "Background" | "Orphan" | "Unsupported";

type Choice = Pick<DeleteOptions, "orphanDependents" | "propagationPolicy">;

/** Whether the garbage collector shall orphan the dependents (registry/generic/registry/store.go, shouldOrphanDependents). */
function orphans(options: Choice, finalizers: readonly string[], byDefault: DefaultPropagation): boolean {
  if (options.orphanDependents !== undefined) return options.orphanDependents;
  if (options.propagationPolicy !== undefined) return options.propagationPolicy === "Orphan";
  const marked = finalizers.find((name) => name === "orphan" || name === "foregroundDeletion");
  return marked === undefined ? byDefault === "Orphan" : marked === "orphan";
}

/** Whether it shall delete them first (shouldDeleteDependents). */
function deletesFirst(options: Choice, finalizers: readonly string[]): boolean {
  if (options.orphanDependents !== undefined) return false;
  if (options.propagationPolicy !== undefined) return options.propagationPolicy === "Foreground";
  const marked = finalizers.find((name) => name === "orphan" || name === "foregroundDeletion");
  return marked === "foregroundDeletion";
}

/** The finalizers of an object whose deletion begins: its own, and at the end what tells the garbage collector what to do. */
export function finalizersForDeletion(
  { metadata: { finalizers = [] } }: KubeObject,
  options: Choice,
  byDefault: DefaultPropagation,
): readonly string[] {
  const own = finalizers.filter((name) => name !== "orphan" && name !== "foregroundDeletion");
  if (byDefault === "Unsupported") return own;
  if (orphans(options, finalizers, byDefault)) own.push("orphan");
  if (deletesFirst(options, finalizers)) own.push("foregroundDeletion");
  return own;
}
