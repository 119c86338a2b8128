import type { json } from "@hollowfleet/wire";
import type { KubeObject } from "../../object.ts";
import { validateRunsForever, validateTemplate, validateTemplateLabels } from "../pod/pod-template.ts";
import { semanticEqual } from "../semantic-equal.ts";
import { type FieldErrors, invalid, required } from "../validation/field-error.ts";
import { isEmptySelector, isUnusableSelector, shownSelector, validateLabelSelector } from "../validation/labels.ts";
import { as, countGeneration, keep, startGeneration } from "../views.ts";

// What the kinds of apps/v1 have in common (apps/validation/validation.go, pkg/registry/apps/*/strategy.go).

/** What a workload's spec has whatever its kind. */
interface WorkloadSpec {
  readonly selector?: json.LabelSelector;
  readonly template?: json.PodTemplateSpec;
}

/** @param kind as the message about an empty selector says */
export function validateSelector(selector: json.LabelSelector | undefined, kind: string): FieldErrors {
  // Go writes null where there is none.
  if (!selector) return [required("spec.selector")];
  const faults = validateLabelSelector("spec.selector", selector);
  if (!isEmptySelector(selector)) return faults;
  return [...faults, invalid("spec.selector", shownSelector(selector), `empty selector is invalid for ${kind}`)];
}

/** Template of a Deployment or of a ReplicaSet. */
export function validateReplicaTemplate({ selector, template }: WorkloadSpec): FieldErrors {
  const field = "spec.template";
  if (isUnusableSelector(selector))
    return [invalid("spec.selector", shownSelector(selector), "invalid label selector")];
  return [
    ...validateTemplateLabels(field, template, selector),
    ...validateTemplate(field, template),
    ...validateRunsForever(field, template, "ReplicaSet"),
  ];
}

/** Clears what a client says of the status, and begins to count. @param zeros what Go writes of an empty status */
export function prepareWorkload(object: KubeObject, zeros: Readonly<Record<string, number>> = {}): void {
  startGeneration(object);
  object["status"] = { ...zeros };
}

export function prepareWorkloadUpdate(object: KubeObject, old: KubeObject): void {
  keep("status", object, old);
  countGeneration(object, old);
}

/** It counts how often a name was taken, and only goes up. */
export function validateCollisionCount(object: KubeObject, old: KubeObject): FieldErrors {
  const count = as<{ status?: { collisionCount?: number } }>(object).status?.collisionCount;
  const before = as<{ status?: { collisionCount?: number } }>(old).status?.collisionCount;
  const isLess = before !== undefined && (count === undefined || count < before);
  return isLess ? [invalid("status.collisionCount", count ?? 0, "cannot be decremented")] : [];
}

export function isTemplateChanged(object: KubeObject, old: KubeObject): boolean {
  const template = (one: KubeObject) => as<{ spec?: WorkloadSpec }>(one).spec?.template;
  return !semanticEqual(template(object), template(old));
}
