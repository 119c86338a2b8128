import type { json } from "@hollowfleet/wire";
import { isEmpty, semanticEqual } from "../semantic-equal.ts";
import { differenceText } from "../validation/difference-text.ts";
import { type FieldErrors, forbidden, invalid, required } from "../validation/field-error.ts";
import { inclusiveRange } from "../validation/names.ts";
import { validateImageSpace } from "./validate-containers.ts";
import { validateTolerations } from "./validate-tolerations.ts";

// core/validation/validation.go, ValidatePodUpdate

const updatable = [
  "`spec.containers[*].image`",
  "`spec.initContainers[*].image`",
  "`spec.activeDeadlineSeconds`",
  "`spec.tolerations` (only additions to existing tolerations)",
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
];

/** What of a pod's spec may change, beyond that it is valid. */
export function validatePodSpecUpdate(spec: json.PodSpec, old: json.PodSpec): FieldErrors {
  const containers = validateImages("spec.containers", spec.containers ?? [], old.containers ?? []);
  if (containers.stop) return containers.faults;
  const inits = validateImages("spec.initContainers", spec.initContainers ?? [], old.initContainers ?? []);
  const images = [...containers.faults, ...inits.faults];
  if (inits.stop) return images;
  const deadline = validateDeadline(
    "spec.activeDeadlineSeconds",
    spec.activeDeadlineSeconds,
    old.activeDeadlineSeconds,
  );
  if (deadline.length > 0 && spec.activeDeadlineSeconds !== undefined) return [...images, ...deadline];
  return [
    ...images,
    ...deadline,
    ...validateAddedTolerations("spec.tolerations", spec.tolerations ?? [], old.tolerations ?? []),
    ...validateRemovedGates("spec.schedulingGates", spec.schedulingGates ?? [], old.schedulingGates ?? []),
    ...(semanticEqual(spec, old) ? [] : validateOthers(spec, old)),
  ];
}

function validateImages(
  field: string,
  containers: readonly json.Container[],
  old: readonly json.Container[],
): { readonly faults: FieldErrors; readonly stop: boolean } {
  if (containers.length !== old.length) {
    return { faults: [forbidden(field, "pod updates may not add or remove containers")], stop: true };
  }
  const faults = containers.flatMap((container, index) => [
    ...(container.image ? [] : [required(`${field}[${index}].image`)]),
    ...validateImageSpace(`${field}[${index}]`, container),
  ]);
  return { faults, stop: false };
}

function validateDeadline(field: string, seconds: number | undefined, old: number | undefined): FieldErrors {
  if (seconds === undefined) {
    if (old === undefined) return [];
    return [invalid(field, undefined, "must not update from a positive integer to nil value")];
  }
  if (seconds < 0 || seconds > 2147483647) return [invalid(field, seconds, inclusiveRange(0, 2147483647))];
  return old !== undefined && old < seconds
    ? [invalid(field, seconds, "must be less than or equal to previous value")]
    : [];
}

function validateAddedTolerations(
  field: string,
  tolerations: readonly json.Toleration[],
  old: readonly json.Toleration[],
): FieldErrors {
  const untimed = ({ tolerationSeconds: _, ...rest }: json.Toleration) => rest;
  const isKept = (one: json.Toleration) => tolerations.some((other) => semanticEqual(untimed(one), untimed(other)));
  if (!old.every(isKept)) {
    return [forbidden(field, "existing toleration can not be modified except its tolerationSeconds")];
  }
  return validateTolerations(field, tolerations);
}

function validateRemovedGates(
  field: string,
  gates: readonly json.PodSchedulingGate[],
  old: readonly json.PodSchedulingGate[],
): FieldErrors {
  const known = new Set(old.map(({ name }) => name));
  return gates.flatMap(({ name = "" }, index) => {
    if (known.has(name)) return [];
    const text = `only deletion is allowed, but found new scheduling gate '${name}'`;
    return [forbidden(`${field}[${index}].name`, text)];
  });
}

/** Everything that may not change at all, and what may only while the pod is gated. */
function validateOthers(spec: json.PodSpec, old: json.PodSpec): FieldErrors {
  const { schedulingGates: gates, tolerations, activeDeadlineSeconds, terminationGracePeriodSeconds: oldGrace } = old;
  const munged = { ...spec, schedulingGates: gates, tolerations, activeDeadlineSeconds } as json.PodSpec;
  munged.containers = withImages(spec.containers, old.containers) ?? [];
  const inits = withImages(spec.initContainers, old.initContainers);
  if (inits !== undefined) munged.initContainers = inits;
  if (oldGrace !== undefined && oldGrace < 0 && spec.terminationGracePeriodSeconds === 1) {
    munged.terminationGracePeriodSeconds = oldGrace;
  }
  const faults = isEmpty(gates) ? [] : validateGated(munged, spec, old);
  if (semanticEqual(munged, old)) return faults;
  const text = `pod updates may not change fields other than ${updatable.join(",")}\n${differenceText(munged, old)}`;
  return [...faults, forbidden("spec", text)];
}

function withImages<Kind extends json.Container>(
  containers: Kind[] | undefined,
  old: Kind[] | undefined,
): Kind[] | undefined {
  return containers?.map((container, index) => {
    const image = old?.[index]?.image;
    return image === undefined ? container : { ...container, image };
  });
}

/** A pod that may not be scheduled yet may still be given more constraints. */
function validateGated(munged: json.PodSpec, spec: json.PodSpec, old: json.PodSpec): FieldErrors {
  const selector = spec.nodeSelector ?? {};
  const isKept = Object.entries(old.nodeSelector ?? {}).every(([key, value]) => selector[key] === value);
  const text = "only additions to spec.nodeSelector are allowed (no mutations or deletions)";
  if (old.nodeSelector === undefined) delete munged.nodeSelector;
  else munged.nodeSelector = old.nodeSelector;
  const faults = isKept ? [] : [invalid("spec.nodeSelector", selector, text)];
  const affinity = validateGatedAffinity(spec.affinity?.nodeAffinity, old.affinity?.nodeAffinity);
  const kept = { ...spec.affinity, nodeAffinity: old.affinity?.nodeAffinity } as json.Affinity;
  if (isEmpty(kept)) delete munged.affinity;
  else munged.affinity = kept;
  return [...faults, ...affinity];
}

function validateGatedAffinity(
  affinity: json.NodeAffinity | undefined,
  old: json.NodeAffinity | undefined,
): FieldErrors {
  const field = "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";
  const before = old?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const after = affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  if (before.length === 0) return [];
  if (before.length !== after.length) {
    return [invalid(field, after, "no additions/deletions to non-empty NodeSelectorTerms list are allowed")];
  }
  return before.flatMap((term, index) => {
    const other = after[index] ?? {};
    const isStart = (short: readonly unknown[] = [], long: readonly unknown[] = []) =>
      short.every((item, at) => semanticEqual(item, long[at]));
    const isWidened = isEmpty(term) && !isEmpty(other);
    const keeps =
      isStart(term.matchExpressions, other.matchExpressions) && isStart(term.matchFields, other.matchFields);
    if (keeps && !isWidened) return [];
    return [invalid(`${field}[${index}]`, other, "only additions are allowed (no mutations or deletions)")];
  });
}
