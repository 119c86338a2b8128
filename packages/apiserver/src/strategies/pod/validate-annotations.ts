import { type FieldErrors, forbidden, invalid } from "../validation/field-error.ts";

// core/validation/validation.go, ValidatePodSpecificAnnotations and …Updates. The older ways to write tolerations,
// seccomp and AppArmor profiles as annotations are not looked at.

const mirrorKey = "kubernetes.io/config.mirror";
const deletionCostKey = "controller.kubernetes.io/pod-deletion-cost";
/** Go's strconv.ParseInt without a leading plus or zeros (core/helper, GetDeletionCostFromPodAnnotations). */
const integer = /^(0|-?[1-9]\d*)$/;

type Annotations = Readonly<Record<string, string>>;

/** @param field e.g. "metadata.annotations" */
export function validatePodAnnotations(field: string, annotations: Annotations = {}, nodeName = ""): FieldErrors {
  const mirror = annotations[mirrorKey];
  const cost = annotations[deletionCostKey];
  const isCost = cost === undefined || (integer.test(cost) && Math.abs(Number(cost)) < 2 ** 31);
  const needsNode = "must set spec.nodeName if mirror pod annotation is set";
  return [
    ...(mirror !== undefined && nodeName === "" ? [invalid(`${field}[${mirrorKey}]`, mirror, needsNode)] : []),
    ...(isCost ? [] : [invalid(`${field}[${deletionCostKey}]`, cost, "must be a 32bit integer")]),
  ];
}

export function validatePodAnnotationUpdate(annotations: Annotations = {}, old: Annotations = {}): FieldErrors {
  const path = `metadata.annotations[${mirrorKey}]`;
  if (annotations[mirrorKey] === old[mirrorKey]) return [];
  const isNew = old[mirrorKey] === undefined;
  return [
    forbidden(path, isNew ? "may not add mirror pod annotation" : "may not remove or update mirror pod annotation"),
  ];
}
