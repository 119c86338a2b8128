import type { json } from "@hollowfleet/wire";
import type { KubeObject } from "../../object.ts";
import type { Strategy } from "../strategy.ts";
import { validateImmutable, validateQualifiedName } from "../validation/common.ts";
import { type FieldErrors, invalid, notSupported, required, tooLong } from "../validation/field-error.ts";
import { as } from "../views.ts";

// pkg/registry/storage/storageclass/strategy.go; storage/v1/defaults.go; storage/validation/validation.go

const maxParameters = 512;
const maxParameterBytes = 256 * 1024;
const reclaimPolicies = ["Delete", "Retain"];
const bindingModes = ["Immediate", "WaitForFirstConsumer"];

function validate(object: KubeObject): FieldErrors {
  const storageClass = as<json.StorageClass>(object);
  const { provisioner = "", reclaimPolicy: policy = "", volumeBindingMode: mode } = storageClass;
  return [
    ...(provisioner === ""
      ? [required("provisioner")]
      : validateQualifiedName("provisioner", provisioner.toLowerCase())),
    ...validateParameters(storageClass.parameters ?? {}),
    ...(policy === "" || reclaimPolicies.includes(policy)
      ? []
      : [notSupported("reclaimPolicy", policy, reclaimPolicies)]),
    ...(mode === undefined
      ? [required("volumeBindingMode")]
      : bindingModes.includes(mode)
        ? []
        : [notSupported("volumeBindingMode", mode, bindingModes)]),
  ];
}

function validateParameters(parameters: Readonly<Record<string, string>>): FieldErrors {
  const entries = Object.entries(parameters);
  if (entries.length > maxParameters) return [tooLong("parameters", maxParameters)];
  const bytes = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  return [
    ...("" in parameters ? [invalid("parameters", "", "field can not be empty.")] : []),
    ...(bytes > maxParameterBytes ? [tooLong("parameters", maxParameterBytes)] : []),
  ];
}

const immutables = ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"];

export const storageClassStrategy: Strategy = {
  defaults(object) {
    const storageClass = as<json.StorageClass>(object);
    storageClass.reclaimPolicy ??= "Delete";
    storageClass.volumeBindingMode ??= "Immediate";
  },
  validate,
  validateUpdate: (object, old) =>
    immutables.flatMap((member) => validateImmutable(member, object[member], old[member])),
};
