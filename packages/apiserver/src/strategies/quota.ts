import type { json } from "@hollowfleet/wire";
import type { KubeObject } from "../object.ts";
import { setResourceListDefaults } from "./quantities.ts";
import type { Strategy } from "./strategy.ts";
import { duplicate, type FieldErrors, forbidden, invalid } from "./validation/field-error.ts";
import { qualifiedNameFaults } from "./validation/names.ts";
import { validateResourceName, validateResourceQuantity } from "./validation/resources.ts";
import { as, keep } from "./views.ts";

// pkg/registry/core/{limitrange,resourcequota}/strategy.go; core/v1/defaults.go; core/validation/validation.go. Neither is
// enforced by this server: they are kept for clients that read them.

function setLimitDefaults(object: KubeObject): void {
  for (const item of as<json.LimitRange>(object).spec?.limits ?? []) {
    for (const list of [item.max, item.min, item.default, item.defaultRequest, item.maxLimitRequestRatio]) {
      setResourceListDefaults(list);
    }
    if (item.type !== "Container") continue;
    const limits = { ...item.max, ...item.default };
    const requests = { ...item.min, ...limits, ...item.defaultRequest };
    if (Object.keys(limits).length > 0) item.default = limits;
    if (Object.keys(requests).length > 0) item.defaultRequest = requests;
  }
}

const limitTypes = new Set(["Pod", "Container", "PersistentVolumeClaim"]);

function validateLimits(object: KubeObject): FieldErrors {
  const seen = new Set<string>();
  return (as<json.LimitRange>(object).spec?.limits ?? []).flatMap((item, index) => {
    const path = `spec.limits[${index}]`;
    const { type = "" } = item;
    const isRepeated = seen.has(type);
    seen.add(type);
    const isUnknown = !type.includes("/") && !limitTypes.has(type) && qualifiedNameFaults(type).length === 0;
    const names = (member: "max" | "min" | "default" | "defaultRequest" | "maxLimitRequestRatio") =>
      Object.keys(item[member] ?? {}).flatMap((name) => validateResourceName(`${path}.${member}[${name}]`, name));
    const refuse = (member: "default" | "defaultRequest") =>
      item[member] === undefined ? [] : [forbidden(`${path}.${member}`, "may not be specified when `type` is 'Pod'")];
    return [
      ...qualifiedNameFaults(type).map((fault) => invalid(`${path}.type`, type, fault)),
      ...(isUnknown ? [invalid(`${path}.type`, type, "must be a standard limit type or fully qualified")] : []),
      ...(isRepeated ? [duplicate(`${path}.type`, type)] : []),
      ...names("max"),
      ...names("min"),
      ...(type === "Pod"
        ? [...refuse("default"), ...refuse("defaultRequest")]
        : [...names("default"), ...names("defaultRequest")]),
      ...names("maxLimitRequestRatio"),
    ];
  });
}

export const limitRangeStrategy: Strategy = {
  defaults: setLimitDefaults,
  validate: validateLimits,
  validateUpdate: validateLimits,
  allowUnconditionalUpdate: true,
};

function validateAmounts(field: string, amounts: Readonly<Record<string, unknown>> = {}): FieldErrors {
  return Object.entries(amounts).flatMap(([name, value]) => [
    ...validateResourceName(`${field}[${name}]`, name),
    ...validateResourceQuantity(`${field}[${name}]`, name, value),
  ]);
}

export const resourceQuotaStrategy: Strategy = {
  defaults(object) {
    const { spec, status } = as<json.ResourceQuota>(object);
    for (const list of [spec?.hard, status?.hard, status?.used]) setResourceListDefaults(list);
  },
  prepareForCreate(object) {
    object["status"] = {};
  },
  validate: (object) => validateAmounts("spec.hard", as<json.ResourceQuota>(object).spec?.hard),
  prepareForUpdate: (object, old) => keep("status", object, old),
  validateUpdate: (object) => validateAmounts("spec.hard", as<json.ResourceQuota>(object).spec?.hard),
  prepareForStatusUpdate: (object, old) => keep("spec", object, old),
  validateStatusUpdate(object) {
    const { status } = as<json.ResourceQuota>(object);
    return [...validateAmounts("status.hard", status?.hard), ...validateAmounts("status.used", status?.used)];
  },
};
