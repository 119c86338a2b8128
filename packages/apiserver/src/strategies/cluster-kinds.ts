import type { json } from "@hollowfleet/wire";
import type { KubeObject } from "../object.ts";
import { setTemplateDefaults, validateTemplate } from "./pod/pod-template.ts";
import { validateOneOf } from "./pod/validate-containers.ts";
import { validateTolerations } from "./pod/validate-tolerations.ts";
import { setResourceListDefaults } from "./quantities.ts";
import type { Strategy } from "./strategy.ts";
import { validateDnsSubdomain, validateImmutable } from "./validation/common.ts";
import { type FieldErrors, forbidden, invalid, invalidEach, required } from "./validation/field-error.ts";
import { validateLabels } from "./validation/labels.ts";
import { dnsLabelFaults } from "./validation/names.ts";
import { validateContainerResources } from "./validation/resources.ts";
import { as, countGeneration, startGeneration } from "./views.ts";

// Small kinds, most of which the cluster has few of.

const highestUserPriority = 1_000_000_000;
/** By name: value (scheduling/v1/helpers.go). */
const systemClasses: Readonly<Record<string, number>> = {
  "system-node-critical": 2_000_001_000,
  "system-cluster-critical": 2_000_000_000,
};

function validatePriorityClass(object: KubeObject): FieldErrors {
  const { value = 0, globalDefault, preemptionPolicy } = as<json.PriorityClass>(object);
  const name = object.metadata.name ?? "";
  return [
    ...validatePriority(name, value, globalDefault === true),
    ...(preemptionPolicy === undefined
      ? []
      : validateOneOf("preemptionPolicy", preemptionPolicy, ["PreemptLowerPriority", "Never"])),
  ];
}

function validatePriority(name: string, value: number, globalDefault: boolean): FieldErrors {
  if (!name.startsWith("system-")) {
    if (value <= highestUserPriority) return [];
    return [forbidden("value", `maximum allowed value of a user defined priority is ${highestUserPriority}`)];
  }
  const known = systemClasses[name];
  const why =
    known === undefined
      ? `${name} is not a known system priority class`
      : known !== value
        ? `value of ${name} PriorityClass must be ${known}`
        : globalDefault
          ? `globalDefault of ${name} PriorityClass must be false`
          : undefined;
  if (why === undefined) return [];
  const text = "priority class names with 'system-' prefix are reserved for system use only. error:";
  return [forbidden("metadata.name", `${text} ${why}`)];
}

/** pkg/registry/scheduling/priorityclass/strategy.go */
export const priorityClassStrategy: Strategy = {
  defaults(object) {
    as<json.PriorityClass>(object).preemptionPolicy ??= "PreemptLowerPriority";
  },
  prepareForCreate: startGeneration,
  validate: validatePriorityClass,
  validateUpdate: (object, old) => [
    ...(object["value"] === old["value"] ? [] : [forbidden("value", "may not be changed in an update.")]),
    ...validateImmutable("preemptionPolicy", object["preemptionPolicy"], old["preemptionPolicy"]),
  ],
};

/** pkg/registry/node/runtimeclass/strategy.go; node/validation/validation.go */
export const runtimeClassStrategy: Strategy = {
  defaults: (object) => setResourceListDefaults(as<json.RuntimeClass>(object).overhead?.podFixed),
  validate(object) {
    const { handler = "", overhead, scheduling } = as<json.RuntimeClass>(object);
    const limits = overhead?.podFixed;
    return [
      ...(handler === "" ? [required("handler")] : invalidEach("handler", handler, dnsLabelFaults(handler))),
      ...(limits ? validateContainerResources("overhead", { limits }, new Set()) : []),
      ...validateLabels("scheduling.nodeSelector", scheduling?.nodeSelector),
      ...validateTolerations("scheduling.tolerations", scheduling?.tolerations),
    ];
  },
  validateUpdate: (object, old) => validateImmutable("handler", object["handler"], old["handler"]),
};

function validateSlice(object: KubeObject): FieldErrors {
  const {
    driver = "",
    nodeName,
    allNodes,
    nodeSelector,
    perDeviceNodeSelection,
  } = as<json.ResourceSlice>(object).spec ?? ({} as json.ResourceSliceSpec);
  const chosen = [nodeName, nodeSelector, allNodes, perDeviceNodeSelection].filter((one) => one !== undefined);
  const one = "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";
  return [
    ...(driver === "" ? [required("spec.driver")] : validateDnsSubdomain("spec.driver", driver.toLowerCase())),
    ...(nodeName === "" ? [invalid("spec.nodeName", "", "must be either unset or set to a non-empty string")] : []),
    ...(nodeName ? validateDnsSubdomain("spec.nodeName", nodeName) : []),
    ...(chosen.length === 0 ? [required("spec", one)] : []),
  ];
}

/** pkg/registry/resource/resourceslice/strategy.go; pools and devices are not looked at: hollow nodes have none. */
export const resourceSliceStrategy: Strategy = {
  prepareForCreate: startGeneration,
  validate: validateSlice,
  prepareForUpdate: (object, old) => countGeneration(object, old),
  validateUpdate(object, old) {
    const [spec, before] = [as<json.ResourceSlice>(object).spec, as<json.ResourceSlice>(old).spec];
    return [
      ...validateSlice(object),
      ...validateImmutable("spec.pool.name", spec?.pool?.name, before?.pool?.name),
      ...validateImmutable("spec.driver", spec?.driver, before?.driver),
      ...validateImmutable("spec.nodeName", spec?.nodeName, before?.nodeName),
    ];
  },
  selectableFields(object) {
    const { spec } = as<json.ResourceSlice>(object);
    return { "spec.nodeName": spec?.nodeName ?? "", "spec.driver": spec?.driver ?? "" };
  },
};

/** pkg/registry/core/podtemplate/strategy.go */
export const podTemplateStrategy: Strategy = {
  defaults(object) {
    const pod = as<json.PodTemplate>(object);
    pod.template ??= {};
    setTemplateDefaults(pod.template);
  },
  prepareForCreate: startGeneration,
  validate: (object) => validateTemplate("template", as<json.PodTemplate>(object).template),
  prepareForUpdate: (object, old) => countGeneration(object, old),
  validateUpdate: (object) => validateTemplate("template", as<json.PodTemplate>(object).template),
};
