import type { json } from "@hollowfleet/wire";
import { validatePositive } from "../validation/common.ts";
import {
  duplicate,
  type FieldErrors,
  forbidden,
  invalid,
  invalidEach,
  notSupported,
  required,
} from "../validation/field-error.ts";
import { validateLabelName, validateLabelSelector } from "../validation/labels.ts";
import { dnsLabelFaults, dnsSubdomainFaults, labelValueFaults } from "../validation/names.ts";

// core/validation/validation.go, validateAffinity, ValidateNodeSelector and validateTopologySpreadConstraints

export function validateAffinity(field: string, affinity: json.Affinity | undefined): FieldErrors {
  const { nodeAffinity, podAffinity, podAntiAffinity } = affinity ?? {};
  return [
    ...(nodeAffinity ? validateNodeAffinity(`${field}.nodeAffinity`, nodeAffinity) : []),
    ...(podAffinity ? validatePodAffinity(`${field}.podAffinity`, podAffinity) : []),
    ...(podAntiAffinity ? validatePodAffinity(`${field}.podAntiAffinity`, podAntiAffinity) : []),
  ];
}

function validateNodeAffinity(field: string, affinity: json.NodeAffinity): FieldErrors {
  const hard = affinity.requiredDuringSchedulingIgnoredDuringExecution;
  const soft = affinity.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return [
    ...(hard ? validateNodeSelector(`${field}.requiredDuringSchedulingIgnoredDuringExecution`, hard) : []),
    ...soft.flatMap(({ weight = 0, preference = {} }, index) => {
      const path = `${field}.preferredDuringSchedulingIgnoredDuringExecution[${index}]`;
      return [...validateWeight(path, weight), ...validateTerm(`${path}.preference`, preference, false)];
    }),
  ];
}

function validateWeight(field: string, weight: number): FieldErrors {
  return weight > 0 && weight <= 100 ? [] : [invalid(`${field}.weight`, weight, "must be in the range 1-100")];
}

export function validateNodeSelector(field: string, selector: json.NodeSelector): FieldErrors {
  const terms = selector.nodeSelectorTerms ?? [];
  const path = `${field}.nodeSelectorTerms`;
  if (terms.length === 0) return [required(path, "must have at least one node selector term")];
  return terms.flatMap((term, index) => validateTerm(`${path}[${index}]`, term, true));
}

/** @param isStrict whether values must be such that labels can have */
function validateTerm(field: string, term: json.NodeSelectorTerm, isStrict: boolean): FieldErrors {
  return [
    ...(term.matchExpressions ?? []).flatMap((requirement, index) =>
      validateRequirement(`${field}.matchExpressions[${index}]`, requirement, isStrict),
    ),
    ...(term.matchFields ?? []).flatMap((requirement, index) =>
      validateFieldRequirement(`${field}.matchFields[${index}]`, requirement),
    ),
  ];
}

function validateRequirement(field: string, requirement: json.NodeSelectorRequirement, isStrict: boolean): FieldErrors {
  const { key = "", operator = "", values = [] } = requirement;
  return [
    ...validateOperator(field, operator, values),
    ...validateLabelName(`${field}.key`, key),
    ...(isStrict
      ? values.flatMap((value, index) => invalidEach(`${field}.values[${index}]`, value, labelValueFaults(value)))
      : []),
  ];
}

function validateOperator(field: string, operator: string, values: readonly string[]): FieldErrors {
  const path = `${field}.values`;
  switch (operator) {
    case "In":
    case "NotIn":
      return values.length > 0 ? [] : [required(path, "must be specified when `operator` is 'In' or 'NotIn'")];
    case "Exists":
    case "DoesNotExist":
      if (values.length === 0) return [];
      return [forbidden(path, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")];
    case "Gt":
    case "Lt":
      if (values.length === 1) return [];
      return [required(path, "must be specified single value when `operator` is 'Lt' or 'Gt'")];
    default:
      return [invalid(`${field}.operator`, operator, "not a valid selector operator")];
  }
}

function validateFieldRequirement(field: string, requirement: json.NodeSelectorRequirement): FieldErrors {
  const { key = "", operator = "", values = [] } = requirement;
  const isKnown = operator === "In" || operator === "NotIn";
  const single = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
  return [
    ...(isKnown && values.length !== 1 ? [required(`${field}.values`, single)] : []),
    ...(isKnown ? [] : [invalid(`${field}.operator`, operator, "not a valid selector operator")]),
    ...(key === "metadata.name"
      ? values.flatMap((value, index) => invalidEach(`${field}.values[${index}]`, value, dnsSubdomainFaults(value)))
      : [invalid(`${field}.key`, key, "not a valid field selector key")]),
  ];
}

/** Affinity or anti-affinity: they have the same form. */
function validatePodAffinity(field: string, affinity: json.PodAffinity | json.PodAntiAffinity): FieldErrors {
  const hard = affinity.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const soft = affinity.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return [
    ...hard.flatMap((term, index) =>
      validatePodTerm(`${field}.requiredDuringSchedulingIgnoredDuringExecution[${index}]`, term),
    ),
    ...soft.flatMap(({ weight = 0, podAffinityTerm }, index) => {
      const path = `${field}.preferredDuringSchedulingIgnoredDuringExecution[${index}]`;
      return [
        ...validateWeight(path, weight),
        ...validatePodTerm(`${path}.podAffinityTerm`, podAffinityTerm ?? ({} as json.PodAffinityTerm)),
      ];
    }),
  ];
}

function validatePodTerm(field: string, term: json.PodAffinityTerm): FieldErrors {
  const { topologyKey = "", matchLabelKeys = [], mismatchLabelKeys = [] } = term;
  return [
    ...validateLabelSelector(`${field}.labelSelector`, term.labelSelector),
    ...validateLabelSelector(`${field}.namespaceSelector`, term.namespaceSelector),
    ...(term.namespaces ?? []).flatMap((name) => invalidEach(`${field}.namespace`, name, dnsLabelFaults(name))),
    ...validateLabelKeys(`${field}.matchLabelKeys`, matchLabelKeys, term.labelSelector),
    ...validateLabelKeys(`${field}.mismatchLabelKeys`, mismatchLabelKeys, term.labelSelector),
    ...matchLabelKeys.flatMap((key, index) =>
      mismatchLabelKeys.includes(key)
        ? [invalid(`${field}.matchLabelKeys[${index}]`, key, "exists in both matchLabelKeys and mismatchLabelKeys")]
        : [],
    ),
    ...(topologyKey === "" ? [required(`${field}.topologyKey`, "can not be empty")] : []),
    ...validateLabelName(`${field}.topologyKey`, topologyKey),
  ];
}

function validateLabelKeys(
  field: string,
  keys: readonly string[],
  selector: json.LabelSelector | undefined,
): FieldErrors {
  if (keys.length === 0) return [];
  if (selector === undefined) return [forbidden(field, "must not be specified when labelSelector is not set")];
  return keys.flatMap((key, index) => validateLabelName(`${field}[${index}]`, key));
}

const actions = ["DoNotSchedule", "ScheduleAnyway"];
const inclusions = ["Honor", "Ignore"];

export function validateSpread(field: string, constraints: readonly json.TopologySpreadConstraint[] = []): FieldErrors {
  return constraints.flatMap((constraint, index) => {
    const path = `${field}[${index}]`;
    const { maxSkew = 0, topologyKey = "", whenUnsatisfiable = "", minDomains } = constraint;
    const repeats = constraints
      .slice(index + 1)
      .some((other) => other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable);
    return [
      ...validatePositive(`${path}.maxSkew`, maxSkew),
      ...(topologyKey === "" ? [required(`${path}.topologyKey`, "can not be empty")] : []),
      ...(actions.includes(whenUnsatisfiable)
        ? []
        : [notSupported(`${path}.whenUnsatisfiable`, whenUnsatisfiable, actions)]),
      ...(repeats
        ? [duplicate(`${path}.{topologyKey, whenUnsatisfiable}`, `{${topologyKey}, ${whenUnsatisfiable}}`)]
        : []),
      ...validateMinDomains(`${path}.minDomains`, minDomains, whenUnsatisfiable),
      ...validateInclusion(`${path}.nodeAffinityPolicy`, constraint.nodeAffinityPolicy),
      ...validateInclusion(`${path}.nodeTaintsPolicy`, constraint.nodeTaintsPolicy),
      ...validateLabelKeys(`${path}.matchLabelKeys`, constraint.matchLabelKeys ?? [], constraint.labelSelector),
      ...validateLabelSelector(`${path}.labelSelector`, constraint.labelSelector),
    ];
  });
}

function validateMinDomains(field: string, minDomains: number | undefined, action: string): FieldErrors {
  if (minDomains === undefined) return [];
  const text = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`;
  return [
    ...validatePositive(field, minDomains),
    ...(action === "DoNotSchedule" ? [] : [invalid(field, minDomains, text)]),
  ];
}

function validateInclusion(field: string, policy: string | undefined): FieldErrors {
  return policy === undefined || inclusions.includes(policy) ? [] : [notSupported(field, policy, inclusions)];
}
