import type { json } from "@hollowfleet/wire";
import type { KubeObject } from "../object.ts";
import { validateTaintEffect } from "./pod/validate-tolerations.ts";
import { setResourceListDefaults } from "./quantities.ts";
import type { Strategy } from "./strategy.ts";
import { duplicate, type FieldErrors, forbidden, invalid } from "./validation/field-error.ts";
import { isDualStack, validateCidr } from "./validation/ip.ts";
import { validateLabelName } from "./validation/labels.ts";
import { labelValueFaults } from "./validation/names.ts";
import { validateResourceQuantity } from "./validation/resources.ts";
import { as, keep } from "./views.ts";

// pkg/registry/core/node/strategy.go; core/validation/validation.go, ValidateNode and ValidateNodeUpdate

function defaults(object: KubeObject): void {
  const node = as<json.Node>(object);
  node.spec ??= {};
  // The older member for one CIDR is authoritative where the two differ (conversion.go).
  const { spec, status } = node;
  if (spec.podCIDR && spec.podCIDR !== spec.podCIDRs?.[0]) spec.podCIDRs = [spec.podCIDR];
  const first = spec.podCIDRs?.[0];
  if (first !== undefined) spec.podCIDR = first;
  if (status === undefined) return;
  if (status.capacity !== undefined) status.allocatable ??= { ...status.capacity };
  setResourceListDefaults(status.capacity);
  setResourceListDefaults(status.allocatable);
}

function validateTaints(field: string, taints: readonly json.Taint[] = []): FieldErrors {
  const seen = new Set<string>();
  return taints.flatMap(({ key = "", value = "", effect = "", timeAdded }, index) => {
    const path = `${field}[${index}]`;
    const valueFaults = labelValueFaults(value);
    const isRepeated = seen.has(`${effect} ${key}`);
    seen.add(`${effect} ${key}`);
    const shown = { Key: key, Value: value, Effect: effect, TimeAdded: timeAdded ?? null };
    return [
      ...validateLabelName(`${path}.key`, key),
      ...(valueFaults.length > 0 ? [invalid(`${path}.value`, value, valueFaults.join(";"))] : []),
      ...validateTaintEffect(`${path}.effect`, effect),
      ...(isRepeated ? [duplicate(path, shown, "taints must be unique by key and effect pair")] : []),
    ];
  });
}

function validateAmounts({ status }: json.Node): FieldErrors {
  const each = (member: string, list: Readonly<Record<string, unknown>> = {}) =>
    Object.entries(list).flatMap(([name, value]) => validateResourceQuantity(`status.${member}.${name}`, name, value));
  return [...each("capacity", status?.capacity), ...each("allocatable", status?.allocatable)];
}

const featureName = /^[A-Z][a-zA-Z0-9]*(\/[a-zA-Z][a-zA-Z0-9]*)*$/;
const featureRule =
  "must start with an UpperCamelCase segment, with subsequent segments separated by '/' (e.g., MyFeature or MyFeature/mySubFeature), and contain only alphanumeric characters and slashes";

function validateFeatures({ status }: json.Node): FieldErrors {
  const features: readonly string[] = status?.declaredFeatures ?? [];
  return features.flatMap((feature, index) => {
    const path = `status.declaredFeatures[${index}]`;
    const before = features[index - 1];
    return [
      ...(featureName.test(feature)
        ? []
        : [invalid(path, feature, `invalid feature name ${JSON.stringify(feature)}: ${featureRule}`)]),
      ...(before === feature ? [duplicate(path, feature)] : []),
      ...(before !== undefined && before > feature
        ? [invalid(path, feature, "list must be sorted alphabetically")]
        : []),
    ];
  });
}

/** Both on create and on update of the spec. */
function validate(object: KubeObject): FieldErrors {
  const node = as<json.Node>(object);
  const cidrs = node.spec?.podCIDRs ?? [];
  const isTooMuch = cidrs.length > 1 && !isDualStack(cidrs.map((cidr) => cidr.split("/")[0] ?? ""));
  return [
    ...validateTaints("metadata.taints", node.spec?.taints),
    ...validateAmounts(node),
    ...validateFeatures(node),
    ...cidrs.flatMap((cidr, index) => validateCidr(`spec.podCIDRs[${index}]`, cidr)),
    ...(isTooMuch ? [invalid("spec.podCIDRs", cidrs, "may specify no more than one CIDR for each IP family")] : []),
  ];
}

function validateChange(object: KubeObject, old: KubeObject): FieldErrors {
  const [node, before] = [as<json.Node>(object), as<json.Node>(old)];
  const oldProvider = before.spec?.providerID ?? "";
  const isProviderChanged = oldProvider !== "" && oldProvider !== (node.spec?.providerID ?? "");
  return [
    ...validateAmounts(node),
    ...validateFeatures(node),
    ...validateAddresses(node),
    ...validateCidrChange(node.spec?.podCIDRs ?? [], before.spec?.podCIDRs ?? []),
    ...(isProviderChanged
      ? [forbidden("spec.providerID", 'node updates may not change providerID except from "" to valid')]
      : []),
    ...validateTaints("metadata.taints", node.spec?.taints),
    ...(node.spec?.externalID === before.spec?.externalID ? [] : [forbidden("spec.externalID", "may not be updated")]),
  ];
}

function validateAddresses({ status }: json.Node): FieldErrors {
  const seen = new Set<string>();
  return (status?.addresses ?? []).flatMap(({ type = "", address = "" }, index) => {
    const key = `${type} ${address}`;
    if (seen.has(key)) return [duplicate(`status.addresses[${index}]`, { Type: type, Address: address })];
    seen.add(key);
    return [];
  });
}

function validateCidrChange(cidrs: readonly string[], old: readonly string[]): FieldErrors {
  if (old.length === 0) return [];
  const fault = forbidden("spec.podCIDRs", 'node updates may not change podCIDR except from "" to valid');
  if (cidrs.length !== old.length) return [fault];
  return old.flatMap((cidr, index) => (cidr === cidrs[index] ? [] : [fault]));
}

export const nodeStrategy: Strategy = {
  defaults,
  prepareForCreate(object) {
    // The feature behind it is gone; its values are dropped.
    delete as<json.Node>(object).spec?.configSource;
    delete as<json.Node>(object).status?.config;
  },
  validate,
  prepareForUpdate(object, old) {
    keep("status", object, old);
    if (as<json.Node>(old).spec?.configSource === undefined) delete as<json.Node>(object).spec?.configSource;
  },
  validateUpdate: (object, old) => [...validate(object), ...validateChange(object, old)],
  prepareForStatusUpdate(object, old) {
    keep("spec", object, old);
    if (as<json.Node>(old).status?.config === undefined) delete as<json.Node>(object).status?.config;
  },
  validateStatusUpdate: validateChange,
  selectableFields: (object) => ({ "spec.unschedulable": String(as<json.Node>(object).spec?.unschedulable === true) }),
};
