import type { json } from "@hollowfleet/wire";
import type { KubeObject } from "../object.ts";
import { semanticEqual } from "./semantic-equal.ts";
import type { Strategy } from "./strategy.ts";
import { type FieldErrors, invalid, invalidEach, notSupported, required } from "./validation/field-error.ts";
import { validateLabelSelector } from "./validation/labels.ts";
import { dnsSubdomainFaults, pathSegmentFaults } from "./validation/names.ts";
import { as } from "./views.ts";

// pkg/registry/rbac/*/strategy.go; rbac/v1/defaults.go; rbac/validation/validation.go

const group = "rbac.authorization.k8s.io";

function validateRules(object: KubeObject, isNamespaced: boolean): FieldErrors {
  return (as<json.Role>(object).rules ?? []).flatMap((rule, index) =>
    validateRule(`rules[${index}]`, rule, isNamespaced),
  );
}

function validateRule(field: string, rule: json.PolicyRule, isNamespaced: boolean): FieldErrors {
  const { verbs, nonResourceURLs: urls = [], apiGroups = [], resources = [], resourceNames = [] } = rule;
  const path = `${field}.nonResourceURLs`;
  const both = apiGroups.length + resources.length + resourceNames.length > 0;
  const faults =
    (verbs ?? []).length === 0 ? [required(`${field}.verbs`, "verbs must contain at least one value")] : [];
  if (urls.length > 0) {
    return [
      ...faults,
      ...(isNamespaced ? [invalid(path, urls, "namespaced rules cannot apply to non-resource URLs")] : []),
      ...(both ? [invalid(path, urls, "rules cannot apply to both regular resources and non-resource URLs")] : []),
    ];
  }
  const needed = (what: string) => `resource rules must supply at least one ${what}`;
  return [
    ...faults,
    ...(apiGroups.length === 0 ? [required(`${field}.apiGroups`, needed("api group"))] : []),
    ...(resources.length === 0 ? [required(`${field}.resources`, needed("resource"))] : []),
  ];
}

function validateClusterRole(object: KubeObject): FieldErrors {
  const { aggregationRule } = as<json.ClusterRole>(object);
  const field = "aggregationRule.clusterRoleSelectors";
  const selectors = aggregationRule?.clusterRoleSelectors ?? [];
  const isEmpty = aggregationRule !== undefined && selectors.length === 0;
  return [
    ...validateRules(object, false),
    ...(isEmpty ? [required(field, "at least one clusterRoleSelector required if aggregationRule is non-nil")] : []),
    ...selectors.flatMap((selector, index) => validateLabelSelector(`${field}[${index}]`, selector)),
  ];
}

function setBindingDefaults(object: KubeObject): void {
  const binding = as<json.RoleBinding>(object);
  binding.roleRef ??= {} as json.RoleRef;
  binding.roleRef.apiGroup ||= group;
  for (const subject of binding.subjects ?? []) {
    if (subject.kind === "User" || subject.kind === "Group") subject.apiGroup ||= group;
  }
}

function validateBinding(object: KubeObject, isNamespaced: boolean): FieldErrors {
  const { roleRef = {} as json.RoleRef, subjects = [] } = as<json.RoleBinding>(object);
  const { apiGroup = "", kind = "", name = "" } = roleRef;
  const kinds = isNamespaced ? ["Role", "ClusterRole"] : ["ClusterRole"];
  return [
    ...(apiGroup === group ? [] : [notSupported("roleRef.apiGroup", apiGroup, [group])]),
    ...(kinds.includes(kind) ? [] : [notSupported("roleRef.kind", kind, kinds)]),
    ...(name === "" ? [required("roleRef.name")] : invalidEach("roleRef.name", name, pathSegmentFaults(name))),
    ...subjects.flatMap((subject, index) => validateSubject(`subjects[${index}]`, subject, isNamespaced)),
  ];
}

function validateSubject(field: string, subject: json.Subject, isNamespaced: boolean): FieldErrors {
  const { kind = "", name = "", apiGroup = "", namespace = "" } = subject;
  const faults = name === "" ? [required(`${field}.name`)] : [];
  switch (kind) {
    case "ServiceAccount":
      return [
        ...faults,
        ...(name === "" ? [] : invalidEach(`${field}.name`, name, dnsSubdomainFaults(name))),
        ...(apiGroup === "" ? [] : [notSupported(`${field}.apiGroup`, apiGroup, [""])]),
        ...(!isNamespaced && namespace === "" ? [required(`${field}.namespace`)] : []),
      ];
    case "User":
    case "Group":
      return apiGroup === group ? faults : [...faults, notSupported(`${field}.apiGroup`, apiGroup, [group])];
    default:
      return [...faults, notSupported(`${field}.kind`, kind, ["ServiceAccount", "User", "Group"])];
  }
}

function validateRoleRefChange(object: KubeObject, old: KubeObject): FieldErrors {
  const { apiGroup = "", kind = "", name = "" } = as<json.RoleBinding>(object).roleRef ?? ({} as json.RoleRef);
  if (semanticEqual(object["roleRef"], old["roleRef"])) return [];
  const shown = { APIGroup: apiGroup, Kind: kind, Name: name };
  return [invalid("roleRef", shown, "cannot change roleRef")];
}

/** Those that PUT may create, with names of almost any form. */
const common = { nameRule: "path-segment", allowCreateOnUpdate: true } as const satisfies Strategy;

export const roleStrategy: Strategy = {
  ...common,
  validate: (object) => validateRules(object, true),
  validateUpdate: (object) => validateRules(object, true),
};

export const clusterRoleStrategy: Strategy = {
  ...common,
  validate: validateClusterRole,
  validateUpdate: validateClusterRole,
};

function bindingStrategy(isNamespaced: boolean): Strategy {
  return {
    ...common,
    defaults: setBindingDefaults,
    validate: (object) => validateBinding(object, isNamespaced),
    validateUpdate: (object, old) => [...validateBinding(object, isNamespaced), ...validateRoleRefChange(object, old)],
  };
}

export const roleBindingStrategy: Strategy = bindingStrategy(true);
export const clusterRoleBindingStrategy: Strategy = bindingStrategy(false);
