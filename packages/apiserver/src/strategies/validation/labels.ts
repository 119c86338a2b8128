import type { json } from "@hollowfleet/wire";
import { type FieldErrors, forbidden, invalid, invalidEach, required } from "./field-error.ts";
import { labelValueFaults, qualifiedNameFaults } from "./names.ts";

// apimachinery/pkg/apis/meta/v1/validation/validation.go

export function validateLabelName(field: string, name: string): FieldErrors {
  return invalidEach(field, name, qualifiedNameFaults(name));
}

/** Labels, a selector of equalities or a nodeSelector. */
export function validateLabels(field: string, labels: Readonly<Record<string, string>> | undefined): FieldErrors {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...validateLabelName(field, key),
    ...invalidEach(field, value, labelValueFaults(value)),
  ]);
}

/** @param selector none, and the null that Go writes for none, is right */
export function validateLabelSelector(field: string, selector: json.LabelSelector | undefined): FieldErrors {
  if (!selector) return [];
  return [
    ...validateLabels(`${field}.matchLabels`, selector.matchLabels),
    ...(selector.matchExpressions ?? []).flatMap((requirement, index) =>
      validateRequirement(`${field}.matchExpressions[${index}]`, requirement),
    ),
  ];
}

function validateRequirement(field: string, requirement: json.LabelSelectorRequirement): FieldErrors {
  const { key = "", operator = "", values = [] } = requirement;
  return [
    ...validateOperator(field, operator, values),
    ...validateLabelName(`${field}.key`, key),
    ...values.flatMap((value, index) => invalidEach(`${field}.values[${index}]`, value, labelValueFaults(value))),
  ];
}

function validateOperator(field: string, operator: string, values: readonly string[]): FieldErrors {
  switch (operator) {
    case "In":
    case "NotIn":
      return values.length > 0
        ? []
        : [required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'")];
    case "Exists":
    case "DoesNotExist":
      if (values.length === 0) return [];
      return [forbidden(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")];
    default:
      return [invalid(`${field}.operator`, operator, "not a valid selector operator")];
  }
}

/** A map as faults show it: Go sorts its keys. */
export function sortedMap<Value>(map: Readonly<Record<string, Value>> | undefined): Record<string, Value> | undefined {
  if (map === undefined) return undefined;
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A selector as faults show it. */
export function shownSelector(selector: json.LabelSelector | undefined): json.LabelSelector | undefined {
  const matchLabels = sortedMap(selector?.matchLabels);
  return matchLabels === undefined ? selector : { matchLabels, ...omitLabels(selector ?? {}) };
}

function omitLabels({ matchLabels: _, ...rest }: json.LabelSelector): json.LabelSelector {
  return rest;
}

/** A selector without any requirement, which selects everything. */
export function isEmptySelector(selector: json.LabelSelector): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

/** Whether `metav1.LabelSelectorAsSelector` would refuse it. */
export function isUnusableSelector(selector: json.LabelSelector | undefined): boolean {
  return validateLabelSelector("", selector).length > 0;
}

/** No selector selects nothing, an empty one everything. */
export function selectorMatches(
  selector: json.LabelSelector | undefined,
  labels: Readonly<Record<string, string>> = {},
): boolean {
  if (!selector) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every((requirement) => requirementMatches(requirement, labels))
  );
}

function requirementMatches(
  requirement: json.LabelSelectorRequirement,
  labels: Readonly<Record<string, string>>,
): boolean {
  const { key = "", operator = "", values = [] } = requirement;
  const value = labels[key];
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    default:
      return value === undefined;
  }
}
